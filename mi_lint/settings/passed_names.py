"""Names under which one file takes a setting from another place, when the setting gets a new name."""

from __future__ import annotations


def key_like(old: str, name: str, new_name: str) -> str:
    """The new key for what was taken from the key `old` for the setting `name`, in the style of the old key.

    A key that contains the setting's name keeps what it adds to it: `PROD_CONN` for `CONN` becomes `PROD_URL`.
    """
    if name in old:
        return old.replace(name, new_name)
    if "_" in old or old.isupper():
        return new_name if old.isupper() else new_name.lower()
    if old != old.lower():
        return new_name
    return new_name.lower().replace("_", "." if "." in old else "-")
