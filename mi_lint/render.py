"""From plans to text: all edits of a set of connections together, file by file, imports and dead code included.

Every step yields span edits on the text of the step before; composed, they are span edits on the original file.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from mi_lint.candidates import Candidate, candidates_in
from mi_lint.change import Plan
from mi_lint.edits import TextEdit, apply, compose
from mi_lint.following import lines_after
from mi_lint.identity import Options
from mi_lint.option_edits import write_options
from mi_lint.placeholder import PATTERN, import_token, read_token
from mi_lint.placement import Placer, token_quote
from mi_lint.python.call import Argument as CallArgument
from mi_lint.python.call import rewrite_call
from mi_lint.python.form import CallForm
from mi_lint.python.imports import plan_import
from mi_lint.python.names import Names, Scope
from mi_lint.python.project import Module, Project, parse_module
from mi_lint.replacing import changed_source, replaced, width
from mi_lint.sweep import Sweeper
from mi_lint.textfile import Span, TextFile
from mi_lint.workspace import Workspace

_MAX_SWEEPS = 4000
_CONNECTION_STRING = re.compile(r"(?i)\bconnection[ -]string\b")


@dataclass(slots=True)
class FileState:
    """One file on its way: the original, the edits so far, and the text that they give."""

    original: TextFile
    text: str
    edits: list[TextEdit] = field(default_factory=list)

    def change(self, edits: list[TextEdit]) -> None:
        """Apply edits that refer to the current text."""
        self.edits = compose(self.original.text, self.edits, edits)
        self.text = apply(self.original.text, self.edits)

    def module(self) -> Module:
        """The current text, parsed.

        Raises:
            SourceError: the current text is not valid Python.
        """
        file = self.original
        return parse_module(TextFile(file.path, file.encode(self.text), self.text, file.encoding, file.bom))


class Renderer:
    """Renders plans of one workspace."""

    def __init__(self, workspace: Workspace, options: Options) -> None:
        self.workspace = workspace
        self.options = options
        self.states: dict[str, FileState] = {}

    def render(self, plans: Iterable[Plan]) -> dict[str, FileState]:
        """The state of every Python file that the plans touch."""
        chosen = list(plans)
        forms: dict[str, list[CallForm]] = {}
        for plan in chosen:
            for form in plan.calls:
                forms.setdefault(form.module.path, []).append(form)
        paths = {*forms, *(path for plan in chosen for path in plan.edits)}
        paths |= {module.path for plan in chosen for module, _ in plan.identities}
        for path in sorted(paths):
            self._primary(path, chosen, forms.get(path, []))
        for path in sorted(paths):
            self._imports(self.states[path])
        self._strings(chosen)
        self._sweep(chosen)
        return {path: state for path, state in self.states.items() if state.edits}

    def state(self, path: str) -> FileState:
        if path not in self.states:
            file = self.workspace.project.modules[path].file
            self.states[path] = FileState(file, file.text)
        return self.states[path]

    # -- calls -----------------------------------------------------------------------------------------------------

    def _primary(self, path: str, plans: list[Plan], forms: list[CallForm]) -> None:
        module = self.workspace.project.modules[path]
        placer = Placer(self.workspace, module, self.options)
        placement = placer.place([form for form in forms if form.wants_identity])
        edits = [edit for plan in plans for edit in plan.edits.get(path, [])]
        edits = list(dict.fromkeys(edits)) + placement.edits
        for plan in plans:
            for owner, node in plan.identities:
                if owner is module:
                    edits = replaced(edits, module.span(node), placer.expression(node, is_async=False))
        for form in (f for f in forms if f.sink.entry is not None and not f.shared):
            edits = _header(module, form, placement.texts[form], edits)
        for form in forms:
            for argument in form.arguments:
                if argument.role == "client-id":
                    argument.text = placer.client_id(form.site)
        for form in (f for f in forms if f.sink.written is not None):
            edits = write_options(module, form, placement.texts.get(form, ""), edits)
        calls = [form for form in forms if form.sink.entry is None and form.sink.written is None]
        for form in sorted(calls, key=lambda f: _length(module.span(f.sink.call))):
            edits = self._call(module, form, placement.texts.get(form, ""), edits)
        given: set[str] = set()
        for form in (form for form in calls if form.sink.rule.following is not None):
            edits.append(lines_after(module, form, placement.texts[form], given))
        self.state(path).change(edits)

    def _call(self, module: Module, form: CallForm, credential: str, edits: list[TextEdit]) -> list[TextEdit]:
        """Replace the edits inside a call by one edit that also gives the call its new form."""
        span = module.span(form.sink.call)
        if form.whole:
            return replaced(edits, span, credential)
        source, others = changed_source(module, span, edits)
        arguments = [
            CallArgument(
                argument.index,
                None if argument.name == "**" else argument.name,
                credential if argument.role == "identity" else argument.text,
            )
            for argument in form.arguments
            if argument.role != "client-id" or argument.text is not None
        ]
        text = rewrite_call(source, _callee(module, form), arguments, width)
        if text == module.file.text[span.start : span.end]:
            return edits
        return [*others, TextEdit(span, text)]

    # -- imports ---------------------------------------------------------------------------------------------------

    def _imports(self, state: FileState) -> None:
        """Replace every stand-in by the local name of its import, adding the import where it is missing."""
        while True:
            match = PATTERN.search(state.text)
            if match is None:
                return
            wanted, name, root = read_token(match)
            module = state.module()
            token_scope = _scope_of_token(module.names, match[0])
            near, scope = _near_import(module.names, token_scope, root)
            local, edit = plan_import(
                state.text, module.tree, wanted, name, near, _taken(module.names, scope, match[0], wanted, name)
            )
            edits = [
                TextEdit(module.span(node), local)
                for node in ast.walk(module.tree)
                if isinstance(node, ast.Name)
                and node.id == match[0]
                and _near_import(module.names, module.names.scope_of[node], root)[0] is near
            ]
            if edit is not None:
                edits.append(edit)
            state.change(edits)

    # -- names in strings ------------------------------------------------------------------------------------------

    def _strings(self, plans: list[Plan]) -> None:
        """Renamed settings are renamed in the comments, docstrings and messages of the changed files too."""
        renamed = {old: new for plan in plans for old, new in plan.renamed_strings.items()}
        if not renamed:
            return
        names = "|".join(re.escape(old) for old in sorted(renamed, key=len, reverse=True))
        pattern = re.compile(rf"(?<![A-Za-z0-9_])(?:{names})(?![A-Za-z0-9_])")
        phrases = {new: phrase for plan in plans for new, phrase in plan.phrases.items()}
        for state in list(self.states.values()):
            prose = prose_spans(state.text)
            edits: list[TextEdit] = []
            for match in pattern.finditer(state.text):
                span = Span(*match.span())
                if any(span in other for other in prose):
                    new = renamed[match[0]]
                    edits.append(TextEdit(span, new))
                    edits.extend(_phrases(state.text, span, phrases.get(new, ""), prose))
            if edits:
                state.change(list(dict.fromkeys(edits)))

    # -- dead code -------------------------------------------------------------------------------------------------

    def _sweep(self, plans: list[Plan]) -> None:
        original = self.workspace.project
        queue: list[Candidate] = []
        for plan in plans:
            for dropped in plan.dropped:
                queue.extend(candidates_in(original, dropped.module, dropped.node))
            for form in plan.calls:
                if form.function is not None or form.imported or form.whole:
                    queue.extend(candidates_in(original, form.sink.module, form.sink.call.func))
        # Later in the queue means outer: a variable goes before the import that its value needs.
        project = original.replaced([state.module() for state in self.states.values()])
        done = 0
        waiting = list(dict.fromkeys(queue))
        while waiting and done < _MAX_SWEEPS:
            progress: list[Candidate] = []
            remaining: list[Candidate] = []
            for candidate in waiting:
                if candidate.path not in project.modules:
                    continue
                done += 1
                sweeper = Sweeper(project, self.workspace.known, self._used_elsewhere(project))
                edits, removed = sweeper.step(candidate)
                if not edits:
                    remaining.append(candidate)
                    continue
                for path, node in removed:
                    progress.extend(candidates_in(project, project.modules[path], node))
                for path, changes in edits.items():
                    self.state(path).change(changes)
                project = project.replaced([self.state(path).module() for path in edits])
                progress.append(candidate)
            if not progress:
                return
            waiting = list(dict.fromkeys([*remaining, *progress]))

    def _used_elsewhere(self, project: Project) -> Callable[[str, str], bool]:
        def used(path: str, word: str) -> bool:
            pattern = re.compile(rf"\b{re.escape(word)}\b")
            return any(
                pattern.search(project.modules[other].file.text) is not None
                for other in project.importers(path)
                if other != path
            )

        return used


def _header(module: Module, form: CallForm, token: str, edits: list[TextEdit]) -> list[TextEdit]:
    """Replace the name and the value of a header; `token` is an expression, with the quotes of the header's name."""
    entry = form.sink.entry
    assert entry is not None
    quote = token_quote(form)[0]
    edits = replaced(edits, module.span(entry.key), f"{quote}Authorization{quote}")
    return replaced(edits, module.span(entry.value), f"f{quote}Bearer {{{token}}}{quote}")


def _callee(module: Module, form: CallForm) -> str | None:
    """The new callee, with a stand-in where it has to be imported; None where it stays."""
    path, _, name = form.imported.rpartition(".")
    return import_token(path, name, module, form.sink.call) if form.imported else form.function


def _length(span: Span) -> int:
    return span.end - span.start


def _scope_of_token(names: Names, token: str) -> Scope:
    for node, scope in names.scope_of.items():
        if isinstance(node, ast.Name) and node.id == token:
            return scope
    return names.module


def _near_import(names: Names, scope: Scope, root: str) -> tuple[ast.stmt | None, Scope]:
    """The import statement that binds `root` as seen from a scope, and the scope that it stands in."""
    for binding in names.bindings(scope, root) if root else ():
        if binding.kind in ("import", "from"):
            return binding.statement, binding.scope
    return None, names.module


def _taken(names: Names, scope: Scope, token: str, module: str, name: str) -> Callable[[str], bool]:
    """Whether a local name already means something other than the wanted import, anywhere in the file."""
    target = f"{module}.{name}" if name else module

    def taken(local: str) -> bool:
        for other in names.scopes:
            for binding in other.bindings.get(local, ()):
                if binding.target != target:
                    return True
        return False

    return taken


def _phrases(text: str, name: Span, phrase: str, prose: list[Span]) -> list[TextEdit]:
    """On the line of a comment or docstring that explains a renamed setting, say what the setting holds now."""
    start = max(text.rfind("\n", 0, name.start), text.rfind("\r", 0, name.start)) + 1
    end = next((i for i in range(name.end, len(text)) if text[i] in "\r\n"), len(text))
    spans = (Span(start + m.start(), start + m.end()) for m in _CONNECTION_STRING.finditer(text[start:end]))
    return [
        TextEdit(span, phrase[0].upper() + phrase[1:] if text[span.start].isupper() else phrase)
        for span in spans
        if phrase and any(span in other for other in prose)
    ]


def prose_spans(text: str) -> list[Span]:
    """Characters of every comment and string; empty if the text cannot be tokenized."""
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    wanted = {tokenize.COMMENT, tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", -1)}
    spans = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text, newline="").readline):
            if token.type in wanted:
                spans.append(Span(starts[token.start[0] - 1] + token.start[1], starts[token.end[0] - 1] + token.end[1]))
    except (tokenize.TokenError, SyntaxError):
        return []
    return spans
