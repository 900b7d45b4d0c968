"""Writes the small part of TOML 1.0 that a trust policy needs; `tomllib` reads it back.

Knows text, whole numbers, flags, lists of these, tables and lists of tables. Nothing else.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any


def written(document: Mapping[str, Any]) -> str:
    """Return the text of a document; raise `TypeError` for a value that is not of those above."""
    return "\n".join(_lines(document, "")) + "\n"


def _lines(table: Mapping[str, Any], path: str) -> Iterator[str]:
    tables = {key: value for key, value in table.items() if _is_table(value)}
    yield from (f"{key} = {_value(value)}" for key, value in table.items() if key not in tables)
    for key, value in tables.items():
        name = f"{path}{key}"
        is_list = isinstance(value, list)
        for row in value if is_list else [value]:
            yield from ("", f"[[{name}]]" if is_list else f"[{name}]")
            yield from _lines(row, f"{name}.")


def _is_table(value: Any) -> bool:
    is_list_of_tables = isinstance(value, list) and value and isinstance(value[0], Mapping)
    return isinstance(value, Mapping) or bool(is_list_of_tables)


def _value(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, bool | int | str):
        # JSON writes these as TOML does; it escapes all that TOML wants escaped but DEL.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    raise TypeError(f"A trust policy has no {type(value).__name__}.")
