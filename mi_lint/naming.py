"""New names for what no longer holds a connection string.

Pure: a name is split into words, the words that say "connection string" give way to the name of the value that took its
place, and everything else of the name (prefix, separators, case style, digits) stays as its author wrote it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

_WORD = re.compile(r"[A-Z]+(?![^\W\d_A-Z])|[A-Z]?[^\W\d_A-Z]+|\d+")
_GLUED = re.compile(r"(?i)(?:connection|conn)(?:string|str)s?")  # also inside a word: storageconnstr
_SINGLE = re.compile(r"(?<!_)_(?!_)")
_BLADE = re.compile(r"CUSTOMCONNSTR_(?=\w)")  # App Service puts it before the names of its connection strings

# What says "connection string", the most telling spelling first.
_CONNECTION: tuple[tuple[str, ...], ...] = (
    *(
        (first, second)
        for first in ("connection", "conn", "connect")
        for second in ("string", "str", "strings", "strs")
    ),
    *((first + second,) for first in ("connection", "conn") for second in ("string", "str", "strings", "strs")),
    ("connection",),
    ("conn",),
    ("connections",),
    ("conns",),
)
# What may say so at the end of a name only.
_ENDINGS: tuple[tuple[str, ...], ...] = (
    ("shared", "access", "key"),
    ("access", "key"),
    ("account", "key"),
    ("api", "key"),
    ("primary", "key"),
    ("sas", "token"),
    ("cs",),
    ("dsn",),
    ("key",),
    ("secret",),
    ("credential",),
    ("credentials",),
    ("sas",),
)
_SWALLOWED_BEFORE = frozenset({"sas", "secret"})
_SWALLOWED_AFTER = frozenset({"secret", "key", "url", "uri"})


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    end: int

    @property
    def lower(self) -> str:
        return self.text.lower()


def rename(name: str, value: str) -> str:
    """The name of a variable that held a connection string and now holds the derived value called `value`.

    A name that says nothing of a connection string becomes the value's name, in the style of the old one.
    """
    return _replaced(name, value) or _whole(name, value)


def rename_setting(name: str, value: str) -> str:
    """As `rename`, for settings: a name that says nothing of a connection string stays recognisable and is added to."""
    blade = _BLADE.match(name)
    bare = name[blade.end() :] if blade else name
    return _replaced(bare, value) or _appended(bare, value)


def secret_to_setting(name: str) -> str:
    """The environment variable for what a vault keeps as secret `name`: `storage-conn-str` is `STORAGE_CONN_STR`.

    Two dashes, by convention the step into a section, become two underscores.
    """
    out, end = "", 0
    for word in _words(name):
        gap = name[end : word.start]
        attached = not gap and (word.text.isdigit() or out[-1:].isdigit())
        out += ("" if not out or attached else "__" if "--" in gap else "_") + word.text.upper()
        end = word.end
    return f"_{out}" if not out or out[0].isdigit() else out


def free_name(wanted: str, taken: Collection[str]) -> str:
    """The first of `wanted`, `wanted_2`, `wanted_3`, ... that is not taken."""
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted}_{number}"
    return name


def _replaced(name: str, value: str) -> str | None:
    """The name with its connection string part replaced; None when it has no such part."""
    words = _words(name)
    found = _part(words)
    if found is None:
        return None
    first, last = found
    part, after = words[first:last], words[last:]
    before, new = _without_stutter(words[:first], _plural(value.split("_"), part), after)
    separator, cased = _style(name, words, first, last)
    body = cased(new)
    head = name[: before[-1].end] if before else name[: words[0].start]
    between = name[words[first - 1].end : part[0].start] if first else ""
    tail = name[part[-1].end :]
    if not body:
        return head + (tail if before else tail.lstrip("_-"))
    joint = between or (separator if before else "")
    glue = separator if after and after[0].start == part[-1].end and not after[0].text.isdigit() else ""
    return (head + joint if before else head) + body + glue + tail


def _words(name: str) -> list[_Word]:
    words: list[_Word] = []
    for match in _WORD.finditer(name):
        position = match.start()
        for glued in _GLUED.finditer(match[0]):
            start, end = match.start() + glued.start(), match.start() + glued.end()
            if start > position:
                words.append(_Word(name[position:start], position, start))
            words.append(_Word(name[start:end], start, end))
            position = end
        if position < match.end():
            words.append(_Word(name[position : match.end()], position, match.end()))
    return words


def _part(words: Sequence[_Word]) -> tuple[int, int] | None:
    """Which words say connection string: the most telling ones, of several the last."""
    lower = [word.lower for word in words]
    for pattern in _CONNECTION:
        for first in range(len(lower) - len(pattern), -1, -1):
            if tuple(lower[first : first + len(pattern)]) == pattern:
                last = first + len(pattern)
                first -= first > 0 and lower[first - 1] in _SWALLOWED_BEFORE
                last += last < len(lower) and lower[last] in _SWALLOWED_AFTER
                return first, last
    end = len(lower)
    while end and lower[end - 1].isdigit():
        end -= 1
    for pattern in _ENDINGS:
        first = end - len(pattern)
        if first >= 0 and tuple(lower[first:end]) == pattern:
            return first, end
    return None


def _plural(value: list[str], part: Sequence[_Word]) -> list[str]:
    """The value's words, in the plural where the name's part was in the plural."""
    if any(word.lower.endswith(("strings", "strs", "connections", "conns")) for word in part):
        return [*value[:-1], value[-1] + "s"]
    return value


def _without_stutter(
    before: Sequence[_Word], value: list[str], after: Sequence[_Word]
) -> tuple[Sequence[_Word], list[str]]:
    """What stands before and the value's words, less what both say: `account` + `account_url` is `account_url`."""
    said = [word.lower for word in before]
    shared = next((n for n in range(len(value), 0, -1) if _ends_with(said, "".join(value[:n]))), 0)
    if shared:
        value = value[shared:]
    elif len(value) > 1 and said and said[-1] == value[-1]:
        before = before[:-1]
    elif len(value) > 2 and value[0] in said:
        value = value[1:]
    follows = [word.lower for word in after]
    for n in range(len(value), 0, -1):
        if follows[:n] == value[-n:]:
            return before, value[:-n]
    return before, value


def _ends_with(words: Sequence[str], text: str) -> bool:
    """Whether some last words, written together, are `text`: `data`, `base` end with `database`."""
    return any("".join(words[start:]) == text for start in range(len(words)))


@dataclass(frozen=True, slots=True)
class _Case:
    """Writes words in one case, joined by one separator; `first_lower` is the camel case of a leading word."""

    kind: str  # upper, lower or title
    separator: str
    first_lower: bool = False

    def __call__(self, words: Sequence[str]) -> str:
        if self.kind == "title":
            titled = [word[:1].upper() + word[1:] for word in words]
            if self.first_lower:
                titled[:1] = words[:1]
            return self.separator.join(titled)
        return self.separator.join(word.upper() if self.kind == "upper" else word for word in words)


def _style(name: str, words: Sequence[_Word], first: int, last: int) -> tuple[str, _Case]:
    """The separator to put before a word that stands at words[first:last], and how to write words there."""
    part = name[words[first].start : words[last - 1].end]
    separator = _separator(part) or _separator(name.strip("_-"))
    joined = any(a.end == b.start and not b.text.isdigit() for a, b in itertools.pairwise(words))
    lead = words[first].text
    if part.isupper() and (len(part) > 1 or name.isupper()):
        hump = first > 0 and words[first - 1].end == words[first].start and not words[first - 1].text.isupper()
        return ("", _Case("title", "")) if hump else (separator or "_", _Case("upper", separator or "_"))
    if part.islower() and (separator or not joined or (_GLUED.search(name) and name.islower())):
        return separator or "_", _Case("lower", separator or "_")
    if lead[:1].isupper() and _separator(part):
        return separator, _Case("title", separator)
    if lead[:1].isupper() and separator and last - first == 1 and not joined:
        return separator, _Case("title", separator)
    return "", _Case("title", "", first_lower=lead.islower())


def _separator(text: str) -> str:
    """What joins the words of a text; two underscores do not, they are the step into a section."""
    return "-" if "-" in text else "_" if _SINGLE.search(text) else ""


def _whole(name: str, value: str) -> str:
    """The value's name in the style of another name, between that one's own leading and trailing underscores."""
    words = _words(name)
    if not words:
        return value
    _, cased = _style(name, words, 0, len(words))
    return name[: words[0].start] + cased(value.split("_")) + name[words[-1].end :]


def _appended(name: str, value: str) -> str:
    words = _words(name)
    if not words:
        return value
    last = len(words) - 1
    while last and words[last].text.isdigit():
        last -= 1
    before, new = _without_stutter(words, value.split("_"), ())
    separator, cased = _style(name, words, last, last + 1)
    if cased.kind == "title":
        cased = _Case("title", cased.separator)
    head = name[: before[-1].end] if before else name[: words[0].start]
    return head + (separator if before and new else "") + cased(new)
