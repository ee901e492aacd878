"""Values in Terraform and Bicep, where a word without quotes is a keyword or a name, and never a secret."""

from __future__ import annotations

import re
from collections.abc import Iterator

_QUOTING = (".tf", ".tfvars", ".hcl", ".bicep", ".bicepparam")
_LABELS = re.compile(r"(?m)^[^\S\n]*(?:resource|data|variable|output|module|provider)(?:\s+\"[\w-]*\")+\s*\{")
# Members that hold no secret, whatever they say.
_PLAIN = re.compile(r"(?i)\b\w*(?:name|type|kind|description|location|mode)\s*[=:]\s*\Z")
_QUOTED = re.compile(r"(?P<quote>[\"'])(?P<value>(?:\\.|(?!(?P=quote))[^\\\r\n])*)(?P=quote)")
_COMMENT = re.compile(r"(?m)(?:^|\s)(?:#|//)(?P<text>[^\r\n]*)")


def quotes_its_values(path: str, text: str, start: int) -> bool:
    """Whether a place of such a file, outside of any string, is meant; texts over several lines are not told apart."""
    if not path.endswith(_QUOTING) or "<<" in text or "'''" in text or "/*" in text:
        return False
    line = text[text.rfind("\n", 0, start) + 1 : start]
    return not any(line.count(sign) % 2 for sign in "\"'") and not _COMMENT.search(line)


def quoted_in(text: str) -> Iterator[str]:
    """What stands between quotes, but for labels of blocks, and values of members that only name or describe."""
    text = _LABELS.sub("", text)
    for match in _QUOTED.finditer(text):
        line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
        if not _PLAIN.search(line):
            yield match["value"]


def comments_of(text: str) -> Iterator[str]:
    """What is said beside the code, where a value may stand without quotes."""
    yield from (match["text"] for match in _COMMENT.finditer(text))
