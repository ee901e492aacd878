"""Rows as they are kept: no blanks, no duplicates."""


def cleaned(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    seen = {tuple(sorted((key, value.strip()) for key, value in row.items())): None for row in rows}
    return [dict(row) for row in seen]
