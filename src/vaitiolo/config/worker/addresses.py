"""Reads where the ledger's witnesses are; who they are, the signed policy says."""


def addresses(text: str) -> dict[str, str]:
    """Read `name=address` for each witness, with spaces between; raises ValueError."""
    found = dict(_pair(word) for word in text.split())
    if len(found) != len(text.split()):
        raise ValueError("a witness twice")
    return found


def _pair(word: str) -> tuple[str, str]:
    name, _, url = word.partition("=")
    if not name or not url.startswith(("https://", "http://")):
        raise ValueError("no address")
    return name, url.rstrip("/")
