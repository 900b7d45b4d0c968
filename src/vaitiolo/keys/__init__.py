"""Formats and keys: seals, grants, cards, slots. Knows no charts, people or HTTP; logs nothing."""
