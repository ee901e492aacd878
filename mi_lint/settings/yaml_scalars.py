"""Scalars of a YAML text with exact positions, and how to spell others like them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from mi_lint.textfile import Span

if TYPE_CHECKING:
    import yaml


def documents(text: str) -> list[yaml.Node]:
    """The documents of a YAML text as trees; none where it cannot be read."""
    import yaml

    try:
        return [node for node in yaml.compose_all(text, Loader=yaml.SafeLoader) if node is not None]
    except (yaml.YAMLError, RecursionError, ValueError):
        return []


def pairs(node: Any, around: tuple[int, ...] = ()) -> list[tuple[yaml.ScalarNode, yaml.Node]]:
    """The members of a mapping whose keys are plain text, and those that are merged into it.

    A mapping that is merged into itself, `around`, adds nothing.
    """
    import yaml

    found: list[tuple[yaml.ScalarNode, yaml.Node]] = []
    if not isinstance(node, yaml.MappingNode) or id(node) in around:
        return found
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            continue
        if key.tag == "tag:yaml.org,2002:merge":
            merged = value.value if isinstance(value, yaml.SequenceNode) else [value]
            found += [pair for inner in merged for pair in pairs(inner, (*around, id(node)))]
        else:
            found.append((key, value))
    return found


def child(node: Any, name: str) -> yaml.Node | None:
    """The member of that name; the last one counts, as for a reader."""
    return next((value for key, value in reversed(pairs(node)) if key.value == name), None)


def items(node: Any) -> list[yaml.Node]:
    """The items of a list; none of anything else."""
    import yaml

    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def word(node: Any) -> str:
    """The text of a scalar; empty for anything else."""
    import yaml

    return str(node.value) if isinstance(node, yaml.ScalarNode) else ""


def inner(text: str, node: yaml.ScalarNode) -> tuple[Span, str] | None:
    """The text of a scalar between its quotes, and the quote; None for anchors, tags and block scalars."""
    start, end = node.start_mark.index, node.end_mark.index
    quote = node.style or ""
    if quote in ("'", '"'):
        if text[start : start + 1] != quote or end - start < 2:
            return None
        return Span(start + 1, end - 1), quote
    if quote or text[start : start + 1] in ("&", "!", "*"):
        return None
    return Span(start, end), ""


def spell(text: str, quote: str) -> str:
    """A text as a scalar: in these quotes, or in double ones where it could not stand plain."""
    if quote == "'" and not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]", text):
        return "'" + text.replace("'", "''") + "'"
    if not quote and _stands_plain(text):
        return text
    return json.dumps(text, ensure_ascii=False)


def _stands_plain(text: str) -> bool:
    import yaml

    if not text or re.search(r"[\r\n]", text):
        return False
    for around in ("{}", "k: {}", "- {}", "{} # c"):
        read = documents(around.replace("{}", text))
        node: Any = read[0] if len(read) == 1 else None
        if around == "k: {}" and isinstance(node, yaml.MappingNode):
            node = node.value[0][1] if len(node.value) == 1 else None
        elif around == "- {}" and isinstance(node, yaml.SequenceNode):
            node = node.value[0] if len(node.value) == 1 else None
        plain = isinstance(node, yaml.ScalarNode) and node.value == text and not node.style
        if not plain or node.tag != "tag:yaml.org,2002:str":
            return False
    return True
