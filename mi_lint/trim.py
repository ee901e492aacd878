"""A string that only loses its secret part is changed where it stands: in Python source, and in values of settings.

Its variables and settings keep their names. A text of which the rule does not speak, such as that of a local server,
stays.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace

from mi_lint.change import Dropped, Plan, SettingChange
from mi_lint.derived import f_string, trimmed_value
from mi_lint.documents.python_literals import Source, StringLiteral
from mi_lint.edits import TextEdit
from mi_lint.identity import Options
from mi_lint.parted import Cut, apply_cuts, cuts
from mi_lint.python.project import Module
from mi_lint.python.sinks import Sink
from mi_lint.python.texts import texts
from mi_lint.python.values import Composed, Literal, Setting, Value, VaultSecret
from mi_lint.rulebook.model import ConnectionFormat, Derivation
from mi_lint.settings.model import SettingEntry
from mi_lint.templates import holes
from mi_lint.textfile import Span
from mi_lint.workspace import Workspace

_COMMENT = re.compile(r"[ \t]*#[^\r\n]*")
_CLIENT_ID = "{client_id}"
_UNCLEAR = "is written in a way that mi-lint cannot take the secret out of"


def for_identity(wanted: Derivation, options: Options) -> Derivation:
    """The derivation for the configured identity; equal for all calls that ask for the same parts."""
    adds = wanted.user if options.identity == "user" and wanted.user else wanted.adds
    filled = tuple((key, value.replace(_CLIENT_ID, options.client_id)) for key, value in adds)
    return replace(wanted, name="value without its secret", adds=filled, user=())


def needs_client_id(wanted: Derivation, options: Options) -> bool:
    """Whether the client id has to be written into the text, and only the name of its setting is known."""
    return bool(options.client_id_setting) and any(_CLIENT_ID in value for _, value in wanted.user)


class Trimmer:
    """Takes the secret out of all sources of one sink's value."""

    def __init__(self, workspace: Workspace, plan: Plan, format_: ConnectionFormat) -> None:
        self.workspace = workspace
        self.plan = plan
        self.format = format_

    def source(self, value: Value, sink: Sink, wanted: Derivation) -> list[TextEdit]:
        """Edits to the source of a value in Python; changes of settings, notes and problems go into the plan."""
        if isinstance(value, Setting):
            self._setting(value, sink, wanted)
        elif isinstance(value, VaultSecret):
            name = f" '{value.name}'" if value.name else ""
            self.plan.note(f"the vault's secret{name} has to become {said(wanted)}, by hand")
        elif isinstance(value, Literal | Composed) and isinstance(value.node, ast.expr):
            return self._written(value, value.node, sink, wanted)
        return []

    def _written(self, value: Literal | Composed, node: ast.expr, sink: Sink, wanted: Derivation) -> list[TextEdit]:
        only = only_of(sink)
        if only and not any(re.search(only, text) for text in texts(self.workspace.flow, value.module, node)):
            return []
        found = cuts(value.text, self.format.syntax, wanted.drops, wanted.adds)
        if found is None:
            self.plan.problem(sink, f"its text {_UNCLEAR}")
            return []
        kept = set(holes(apply_cuts(value.text, found)))
        if isinstance(value, Composed):
            gone = (part for index, part in enumerate(value.parts) if index not in kept)
            self.plan.dropped.extend(Dropped(value.module, part) for part in gone)
        if isinstance(node, ast.Constant | ast.JoinedStr):
            edits = literal_edits(value.module, node, value.text, found)
            if edits is not None:
                return edits
        sources = [value.module.source(part) for part in value.parts] if isinstance(value, Composed) else []
        text = f_string(apply_cuts(value.text, found), sources)
        if text is None:
            self.plan.problem(sink, f"its text {_UNCLEAR}")
            return []
        return [TextEdit(value.module.span(node), text)]

    def _setting(self, value: Setting, sink: Sink, wanted: Derivation) -> None:
        only = only_of(sink)
        change = SettingChange(value.name, value.name, wanted, self.format, only=only)
        for entry in self.workspace.entries.get(value.name, []):
            place = f"{entry.path}:{self.workspace.text(entry.path).line_column(entry.name_span.start)[0]}"
            if entry.computed or self.workspace.is_outside(entry):
                self.plan.note(f"{value.name} at {place} comes from elsewhere: it has to become {said(wanted)}")
            elif not entry.origin and self._unclear(change, entry.value):
                self.plan.problem(sink, f"the value of {value.name} at {place} {_UNCLEAR}")
        if change not in self.plan.settings:
            self.plan.settings.append(change)

    def _unclear(self, change: SettingChange, text: str) -> bool:
        """Whether a text that the rule speaks of cannot be taken apart."""
        return re.search(change.only, text) is not None and trimmed_value(change, text) is None


def only_of(sink: Sink) -> str:
    """The pattern of the texts that a rule is about."""
    return dict(sink.rule.when).get(sink.rule.secret, "")


def said(wanted: Derivation) -> str:
    """In words: what becomes of the value."""
    added = " and ".join(f"{key}={value}" for key, value in wanted.adds)
    return "the same without the secret" + (f", and with {added}" if added else "")


def changed_entry(changes: list[SettingChange], entry: SettingEntry) -> str | None:
    """The new value of an entry that keeps its name; None where it stays as it is."""
    if entry.origin or entry.computed:
        return None
    found = (trimmed_value(change, entry.value) for change in changes)
    return next((value for value in found if value is not None), None)


# -- in Python source --------------------------------------------------------------------------------------------------


def literal_edits(module: Module, node: ast.expr, text: str, found: list[Cut]) -> list[TextEdit] | None:
    """The cuts of a text as edits of the literals that write it; None where these cannot be told apart."""
    if any(holes(cut.text) for cut in found):
        return None  # an expression moves
    span = module.span(node)
    literals = Source(module.file.text).literals(span.start, span.end)
    places = [place for literal in literals for place in _places(literal)]
    if len(places) != len(text) or any(s is not None and s != c for (_, s), c in zip(places, text, strict=True)):
        return None
    edits: list[TextEdit] = []
    for cut in found:
        if cut.start == cut.end:
            at = places[cut.start][0].start if cut.start < len(places) else literals[-1].body[1]
            edits.append(TextEdit(Span(at, at), cut.text))
            continue
        new = cut.text
        for literal in literals:
            inside = [p for p, _ in places[cut.start : cut.end] if literal.body[0] <= p.start < literal.body[1]]
            if inside:
                edits.append(TextEdit(Span(inside[0].start, inside[-1].end), new))
                new = ""
    return [edit for literal in literals for edit in _tidied(module, literal, literals, edits)]


def _places(literal: StringLiteral) -> Iterator[tuple[Span, str | None]]:
    """Where each character of a literal stands, a replacement field being one of unknown text."""
    for piece in literal.pieces:
        if piece.text is None:
            yield Span(piece.start, piece.end), None
            continue
        for start, end, character in zip(piece.text.starts, piece.text.ends, piece.text.text, strict=True):
            doubled = "f" in literal.prefix and character in "{}"
            yield Span(start, end + 1 if doubled else end), character


def _tidied(
    module: Module, literal: StringLiteral, literals: list[StringLiteral], edits: list[TextEdit]
) -> list[TextEdit]:
    """The edits of one literal: it goes when nothing is left of it, and is no f-string any more without a field."""
    own = [edit for edit in edits if literal.body[0] <= edit.span.start <= literal.body[1]]
    if not own:
        return []
    left = literal.body[1] - literal.body[0] - sum(e.span.end - e.span.start for e in own)
    if not left and not any(edit.text for edit in own) and len(literals) > 1:
        if literal is literals[0]:
            return [TextEdit(Span(literal.start, literals[1].start), "")]
        text = module.file.text
        behind = _COMMENT.match(text, literal.end)  # it speaks of what goes
        return [TextEdit(Span(len(text[: literal.start].rstrip()), behind.end() if behind else literal.end), "")]
    fields = [Span(piece.start, piece.end) for piece in literal.pieces if piece.text is None]
    braces = any("{" in p.text.text or "}" in p.text.text for p in literal.pieces if p.text is not None)
    if "f" in literal.prefix and fields and not braces and all(any(f in e.span for e in own) for f in fields):
        at = literal.start + literal.prefix.index("f")
        own = [TextEdit(Span(at, at + 1), ""), *own]
    return own
