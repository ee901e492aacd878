"""The code of a notebook as far as its lines show it: its JSON without the marks of JSON, of the same length."""

from __future__ import annotations

import re

_ITEM = re.compile(r"^(?P<open>[ \t]*\")(?P<body>.*?)(?P<close>(?:\\n)?\"[ \t]*,?[ \t]*)$")


def is_notebook(path: str) -> bool:
    return path.endswith(".ipynb")


def is_item(line: str) -> bool:
    """Whether a line of the file is one string of a list, as a line of code is."""
    return _ITEM.match(line) is not None


def code_of(text: str) -> str:
    """Every line of code where the file has it; all that is not a string of a list is blank."""
    return "".join(_code(line) for line in re.split(r"(\r\n|\r|\n)", text))


def _code(line: str) -> str:
    match = _ITEM.match(line)
    if match is None:
        return line if line.strip() == "" else " " * len(line)
    body = match["body"].replace("\\\\", "  ").replace('\\"', ' "')
    return " " * len(match["open"]) + body + " " * len(match["close"])
