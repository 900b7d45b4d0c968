"""The only way to a key: a protocol, its two halves, and nothing that carries a key back."""
