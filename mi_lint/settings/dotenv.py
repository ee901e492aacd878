"""Settings in `.env` files and their kin, changed in place: line by line, in each line's own manner."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mi_lint.settings.dotenv_syntax import bindings, spell
from mi_lint.settings.line_comments import comment_above, mentions, speaks_only_of
from mi_lint.settings.model import Edits, SettingEntry
from mi_lint.textfile import Span, TextFile

EXAMPLE_WORD = r"(?:examples?|samples?|templates?|tmpl|tpl|dist)"
_FILE = re.compile(
    rf"(?i).*\.env(?:\.[\w.-]+)?|\.env[_-][\w.-]+|\.envrc(?:[._-][\w.-]+)?|\.flaskenv(?:[._-][\w.-]+)?|env[._-]{EXAMPLE_WORD}"
)
_OTHER = re.compile(
    r"(?i).*\.(?:pyi?|[cm]?[jt]sx?|json|ya?ml|toml|xml|html|sh|bash|ps1|md|rst|enc|gpg|asc|age|vault|lock|zip|gz)"
)
EXAMPLE = re.compile(rf"(?i)(?:^|[._-]){EXAMPLE_WORD}(?:[._-]|$)")
_REFERENCE = r"\$\{{({name})(?=[:}}])|\$({name})\b"


class Dotenv:
    """`KEY=value` files as python-dotenv reads them; `.envrc` as far as it assigns plain values."""

    in_sections = False
    whole = True

    def matches(self, path: str) -> bool:
        name = path.rpartition("/")[2]
        return bool(_FILE.fullmatch(name)) and not _OTHER.fullmatch(name)

    def entries(self, file: TextFile) -> list[SettingEntry]:
        example = bool(EXAMPLE.search(file.path.rpartition("/")[2]))
        return [
            SettingEntry(
                path=file.path,
                name=binding.name,
                value=binding.value or "",
                name_span=Span(*binding.name_range),
                value_span=Span(*binding.value_range),
                line_span=Span(binding.start, binding.end),
                quote=binding.quote,
                example=example,
            )
            for binding in bindings(file.text)
        ]

    def references(self, file: TextFile, name: str) -> list[Span]:
        pattern = re.compile(_REFERENCE.format(name=re.escape(name)))
        return [
            Span(*match.span(match.lastindex or 0))
            for entry in self.entries(file)
            for match in pattern.finditer(file.text, entry.value_span.start, entry.value_span.end)
        ]

    def rename(self, file: TextFile, entry: SettingEntry, new_name: str, new_value: str | None) -> Edits:
        """The name in the comment right above and behind the value changes with it."""
        edits = [(entry.name_span, new_name)] if new_name != entry.name else []
        if new_value is not None and new_value != entry.value:
            edits.append(self._new_value(file, entry, new_value))
        if new_name != entry.name:
            above = comment_above(file, entry, self.entries(file))
            comments = (above, Span(entry.value_span.end + len(entry.quote), entry.line_span.end))
            edits += [(span, new_name) for part in comments for span in mentions(file, part, entry.name)]
        return tuple(sorted(edits, key=lambda edit: edit[0].start))

    def remove(self, file: TextFile, entries: Sequence[SettingEntry]) -> Edits:
        known = self.entries(file)
        return tuple((_with_its_comment(file, entry, known), "") for entry in entries)

    def add(self, file: TextFile, after: SettingEntry | None, name: str, value: str) -> Edits:
        end = after.line_span.end if after else len(file.text)
        lead, equals, quote = "", "=", ""
        if after:
            lead = re.sub(r"'$", "", file.text[after.line_span.start : after.name_span.start])
            between = _assignment(file, after)
            equals, quote = (between.lstrip("'") or "=", after.quote)
        line = f"{lead}{name}{equals}{spell(value, quote, _for_shell(file, lead))}"
        if end and file.text[end - 1] not in "\r\n":
            return ((Span(end, end), file.newline + line),)
        return ((Span(end, end), line + file.newline),)

    def still_parses(self, file: TextFile, text: str) -> bool:
        """Every text does: lines that are no definition are passed over."""
        return True

    def _new_value(self, file: TextFile, entry: SettingEntry, value: str) -> tuple[Span, str]:
        lead = file.text[entry.line_span.start : entry.name_span.start]
        text = spell(value, entry.quote, _for_shell(file, lead))
        width = len(entry.quote)
        span = Span(entry.value_span.start - width, entry.value_span.end + width)
        between = _assignment(file, entry)
        if "=" not in between:
            return span, "=" + text
        commented = file.text[span.end : span.end + 1] == "#"  # `KEY= # comment`: the value pushes the comment away
        return span, text + " " if commented and value else text


def _with_its_comment(file: TextFile, entry: SettingEntry, entries: Sequence[SettingEntry]) -> Span:
    """The lines of an entry, and the comment above if it speaks of nothing else."""
    comment = comment_above(file, entry, entries)
    others = {other.name for other in entries} - {entry.name}
    alone = speaks_only_of(file.text[comment.start : comment.end], entry.name, others)
    return Span(comment.start if alone else entry.line_span.start, entry.line_span.end)


def _assignment(file: TextFile, entry: SettingEntry) -> str:
    """What stands between name and value: `=`, blanks, and a quote that closes the name."""
    return file.text[entry.name_span.end : entry.value_span.start - len(entry.quote)]


def _for_shell(file: TextFile, lead: str) -> bool:
    return "export" in lead or ".envrc" in file.path.rpartition("/")[2]
