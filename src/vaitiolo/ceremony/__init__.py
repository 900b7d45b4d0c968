"""The room of the machine without network: paper shares, and what officers do with them."""
