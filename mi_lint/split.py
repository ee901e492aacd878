"""One connection string that feeds several services: every assignment on its way becomes one per derived value.

`CONN = os.environ["CONN"]` becomes `ACCOUNT_URL = ...` and `QUEUE_URL = ...`, and each use takes the one that it needs.
"""

from __future__ import annotations

import ast
from typing import Protocol

from mi_lint.change import Plan
from mi_lint.derived import words
from mi_lint.edits import TextEdit, apply
from mi_lint.python.blocks import indentation, starts_line
from mi_lint.python.project import Module
from mi_lint.python.references import Reference
from mi_lint.python.sinks import Sink
from mi_lint.python.values import Carrier, Value
from mi_lint.renames import explained, name_span
from mi_lint.rulebook.model import Derivation
from mi_lint.textfile import Span
from mi_lint.workspace import Workspace

_Statement = ast.Assign | ast.AnnAssign


class Chain(Protocol):
    """What is known of the way from the sources to the calls."""

    plan: Plan
    via: dict[ast.AST, set[Derivation]]
    carriers: dict[Carrier, set[Derivation]]
    sources: dict[ast.AST, tuple[Value, Sink, set[Derivation]]]

    def source_edits(self, value: Value, sink: Sink, wanted: Derivation) -> list[TextEdit]: ...

    def new_name(self, carrier: Carrier, wanted: Derivation, references: list[Reference]) -> str | None: ...


class Splitter:
    """Plans the edits of one connection, all or none."""

    def __init__(self, workspace: Workspace, chain: Chain) -> None:
        self.workspace = workspace
        self.chain = chain
        self.references = {carrier: workspace.references.of(carrier) for carrier in chain.carriers}
        self.copied: dict[Carrier, tuple[Module, _Statement]] = {}  # assignments that become several
        self.names: dict[tuple[Carrier, Derivation], str] = {}

    def run(self) -> bool:
        """Whether all could be planned; nothing has been planned otherwise."""
        for carrier, wanted in self.chain.carriers.items():
            if len(wanted) > 1:
                found = self._assignment(carrier)
                if found is None:
                    return False
                self.copied[carrier] = found
        if not self._plain():
            return False
        for carrier, wanted in self.chain.carriers.items():
            for one in sorted(wanted, key=lambda derivation: derivation.name + derivation.setting):
                new = self.chain.new_name(carrier, one, self.references[carrier])
                if new is None:
                    return False
                self.names[carrier, one] = new
        self._edit()
        return True

    # -- is it plain enough? ---------------------------------------------------------------------------------------

    def _assignment(self, carrier: Carrier) -> tuple[Module, _Statement] | None:
        """The only assignment to a carrier, if it stands on lines of its own."""
        stores = [r for r in self.references[carrier] if r.kind == "store"]
        if carrier.kind not in ("variable", "attribute") or len(stores) != 1:
            return None
        module = stores[0].module
        statement = module.names.statement(stores[0].node)
        if not isinstance(statement, _Statement) or not starts_line(module, statement):
            return None
        target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
        single = isinstance(statement, ast.AnnAssign) or len(statement.targets) == 1
        text = module.file.text
        rest = text[module.span(statement).end :].splitlines()[:1]
        alone = not rest or not rest[0].strip() or rest[0].lstrip().startswith("#")
        return (module, statement) if single and isinstance(target, ast.Name | ast.Attribute) and alone else None

    def _plain(self) -> bool:
        """Whether every expression outside of those assignments has exactly one derived value pass through it."""
        for carrier in self.copied:
            for reference in self.references[carrier]:
                if reference.kind == "import":
                    if not self._plain_import(reference, carrier):
                        return False
                elif reference.kind != "store" and not self._single(reference.module, reference.node):
                    return False
        return all(self._single(value.module, node) for node, (value, _, _) in self.chain.sources.items())

    def _plain_import(self, reference: Reference, carrier: Carrier) -> bool:
        """`from here import name`, and not by way of a module that hands it on."""
        statement = reference.module.names.statement(reference.node)
        if not isinstance(statement, ast.ImportFrom) or not isinstance(reference.node, ast.alias):
            return False
        symbol = self.workspace.project.find_module("." * statement.level + (statement.module or ""), reference.module)
        return symbol is carrier.module and reference.node.asname is None

    def _single(self, module: Module, node: ast.AST) -> bool:
        return len(self.chain.via.get(node, ())) == 1 or self._within(module, node) is not None

    def _within(self, module: Module, node: ast.AST) -> Carrier | None:
        """The carrier in whose copied assignment an expression stands."""
        around = {node, *module.names.ancestors(node)}
        return next((carrier for carrier, (home, one) in self.copied.items() if home is module and one in around), None)

    # -- edits -----------------------------------------------------------------------------------------------------

    def _edit(self) -> None:
        for node, (value, sink, wanted) in self.chain.sources.items():
            if self._within(value.module, node) is None:
                for edit in self.chain.source_edits(value, sink, next(iter(wanted))):
                    self.chain.plan.edit(value.module, edit)
        for carrier, references in self.references.items():
            for reference in references:
                self._reference(carrier, reference)
        for carrier, (module, statement) in self.copied.items():
            span = module.span(statement)
            lead = module.file.newline + indentation(module, statement)
            copies = [self._copy(carrier, one) for one in self._wanted(carrier)]
            self.chain.plan.edit(module, TextEdit(span, lead.join(copies)))
            for edit in explained(module, statement, "endpoints"):
                if not span.start <= edit.span.start < span.end:
                    self.chain.plan.edit(module, edit)

    def _reference(self, carrier: Carrier, reference: Reference) -> None:
        module, node = reference.module, reference.node
        if self._within(module, node) is not None:
            return
        if reference.kind == "import" and carrier in self.copied:
            needed = {one for r in self.references[carrier] if r.module is module for one in self._passing(r.node)}
            names = [self.names[carrier, one] for one in self._wanted(carrier) if one in needed or not needed]
            self.chain.plan.edit(module, TextEdit(module.span(node), ", ".join(dict.fromkeys(names))))
            return
        wanted = self._passing(node) if carrier in self.copied else self.chain.carriers[carrier]
        span = name_span(reference, carrier.spelled)
        if span is not None:
            self.chain.plan.edit(module, TextEdit(span, self.names[carrier, next(iter(wanted))]))
        if reference.kind == "store":
            for edit in explained(module, node, words(next(iter(wanted)))):
                self.chain.plan.edit(module, edit)

    def _passing(self, node: ast.AST) -> set[Derivation]:
        return self.chain.via.get(node, set())

    def _wanted(self, carrier: Carrier) -> list[Derivation]:
        return sorted(self.chain.carriers[carrier], key=lambda derivation: self.names[carrier, derivation])

    def _copy(self, carrier: Carrier, wanted: Derivation) -> str:
        """The assignment as it is for one derived value."""
        module, statement = self.copied[carrier]
        span = module.span(statement)
        edits: list[TextEdit] = []
        for node, (value, sink, through) in self.chain.sources.items():
            if value.module is module and wanted in through and self._within(module, node) is carrier:
                edits += self.chain.source_edits(value, sink, wanted)
        for other, references in self.references.items():
            for reference in references:
                inside = reference.module is module and self._within(module, reference.node) is carrier
                place = name_span(reference, other.spelled) if inside else None
                if place is not None and (other, wanted) in self.names:
                    edits.append(TextEdit(place, self.names[other, wanted]))
        edits += [e for e in explained(module, statement, words(wanted)) if span.start <= e.span.start < span.end]
        moved = [
            TextEdit(Span(edit.span.start - span.start, edit.span.end - span.start), edit.text)
            for edit in dict.fromkeys(edits)
        ]
        return apply(module.file.text[span.start : span.end], moved)
