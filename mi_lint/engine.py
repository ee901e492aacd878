"""The pipeline without its ends: files in, findings and change sets out. Nothing here reads or writes a disk."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from mi_lint.access import Granter
from mi_lint.bindings.plan import BindingPlan, find_bindings, with_bindings
from mi_lint.change import Plan
from mi_lint.config_rules import config_plans, uses_in_files
from mi_lint.dependencies import DependencyEdits, concerns_dependencies, dependency_edits
from mi_lint.edits import TextEdit, apply, to_edits
from mi_lint.errors import SourceError
from mi_lint.findings import Applicability, Edit, Finding, Fix, Precondition
from mi_lint.identity import Options
from mi_lint.link import link
from mi_lint.mentions import mention_plans
from mi_lint.notebook import NotebookFile, stored_edits
from mi_lint.other_files import other_edits
from mi_lint.parted import parts_of
from mi_lint.plan import plan_connection
from mi_lint.policies import policy_plans
from mi_lint.prefilter import Prefilter, Words
from mi_lint.progress import tracked
from mi_lint.python.knowledge import Knowledge, compile_knowledge
from mi_lint.python.options import find_options
from mi_lint.python.project import Module
from mi_lint.python.senders import find_requests
from mi_lint.python.sinks import Sink, find_sinks
from mi_lint.python.values import Literal, leaves
from mi_lint.renames import NameRegistry
from mi_lint.render import Renderer
from mi_lint.rulebook.model import Rulebook
from mi_lint.scripts.plans import script_plans
from mi_lint.secrets.placeholders import is_placeholder
from mi_lint.settings.formats import formats_of
from mi_lint.settle import left_to_delete, named_at
from mi_lint.signing import with_signings
from mi_lint.tell import describe, describe_binding, describe_config
from mi_lint.template_rules import template_plans
from mi_lint.textfile import Span, TextFile
from mi_lint.verify import check_python
from mi_lint.workflows.plans import workflow_plans
from mi_lint.workspace import Workspace, build_workspace, updated_workspace

# What reads files that are no code, and the rules about them.
STRATEGIES = (template_plans, workflow_plans, script_plans, policy_plans, mention_plans)

__all__ = ["Analysis", "ChangeSet", "FileChange", "Options", "analyse", "change_set"]


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file before and after, and the edits between."""

    path: str
    before: bytes
    after: bytes
    edits: tuple[Edit, ...]


@dataclass(slots=True)
class ChangeSet:
    """Fixes applied together. `files` by path; `fixes` are those in it."""

    files: dict[str, FileChange] = field(default_factory=dict)
    fixes: list[Fix] = field(default_factory=list)
    preconditions: list[Precondition] = field(default_factory=list)


class _Sources(Mapping[str, TextFile]):
    """The files of a workspace as text."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def __getitem__(self, path: str) -> TextFile:
        if path not in self._workspace.files:
            raise KeyError(path)
        try:
            return self._workspace.text(path).in_file(Span(0, 0))[0]
        except SourceError:
            raise KeyError(path) from None  # not text, so nothing can be shown of it

    def __iter__(self) -> Iterator[str]:
        return iter(self._workspace.files)

    def __len__(self) -> int:
        return len(self._workspace.files)


@dataclass(slots=True)
class Analysis:
    """All that is known about one state of a repository."""

    workspace: Workspace
    rulebook: Rulebook
    options: Options
    plans: list[Plan]
    findings: list[Finding] = field(default_factory=list)

    @property
    def errors(self) -> list[SourceError]:
        return self.workspace.errors

    @property
    def connections(self) -> list[str]:
        return [plan.id for plan in self.plans]

    @property
    def sources(self) -> Mapping[str, TextFile]:
        """Every file of the repository, decoded when it is asked for."""
        return _Sources(self.workspace)


def analyse(files: Mapping[str, bytes], rulebook: Rulebook, options: Options) -> Analysis:
    """Find every call that authenticates with a secret, and plan how each connection moves.

    `files` are all files of the repository that matter, by path relative to its root.
    """
    with _no_collections():
        return _analyse(files, rulebook, options)


@contextmanager
def _no_collections() -> Iterator[None]:
    """Trees of code are not garbage: to look for some among them takes as long as everything else."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _analyse(files: Mapping[str, bytes], rulebook: Rulebook, options: Options) -> Analysis:
    known = compile_knowledge(rulebook)
    analysis = Analysis(build_workspace(files, known), rulebook, options, [])
    analysis.plans = _plans(analysis.workspace, options)
    for plan in tracked(analysis.plans, "Checking changes", len(analysis.plans), "connection"):
        fix = _verified_fix(analysis, plan)
        analysis.findings.extend(describe(analysis.workspace, plan, sink, fix) for sink in plan.connection.sinks)
        if isinstance(plan, BindingPlan):
            analysis.findings.extend(describe_binding(analysis.workspace, plan, use, fix) for use in plan.uses)
        analysis.findings.extend(describe_config(analysis.workspace, plan, use, fix) for use in uses_in_files(plan))
    analysis.findings.sort(key=lambda f: (f.place.path, f.place.start, f.rule))
    return analysis


@dataclass(frozen=True, slots=True)
class _Rendered:
    """Changed files, and the changed modules as they parse."""

    changes: dict[str, FileChange]
    modules: list[Module]

    def record(self, file: TextFile, edits: list[TextEdit]) -> None:
        """Raises ValueError: a notebook cannot store the edits."""
        if isinstance(file, NotebookFile):
            edits = stored_edits(file, edits)
            file = file.stored
        if edits:
            after = file.encode(apply(file.text, edits))
            self.changes[file.path] = FileChange(file.path, file.data, after, to_edits(file, edits))


def _plans(workspace: Workspace, options: Options) -> list[Plan]:
    flow, known = workspace.flow, workspace.known
    calls = [s for s in find_sinks(flow, known) if not ((s.rule.item or s.form.stays) and _is_sample(s, known))]
    asked = {word for rule in known.requests if rule.request is not None for word in rule.request.words}
    optional = {word for given in known.options.values() for word in given.words}
    requests = find_requests(flow, known) if _names_any(workspace, asked) else ()
    given = find_options(flow, known) if _names_any(workspace, optional) else ()
    others = [s for s in (*requests, *given) if not _is_sample(s, known)]
    sinks = [s for s in (*calls, *others) if options.selects(s.rule)]
    bindings = find_bindings(workspace, options)
    chosen = {(old, proposed): wanted for old, proposed, wanted in options.setting_names}
    names = NameRegistry(bound=bindings.new_names(), declared=bindings.declared(), chosen=chosen)
    plans = [
        plan_connection(workspace, connection, options, names)
        for connection in link(with_signings(sinks, flow, known), flow, known)
    ]
    found = [*with_bindings(bindings, options, plans), *config_plans(workspace, options, STRATEGIES)]
    granter = Granter(workspace, options)
    for plan in found:
        if not plan.problems:
            granter.note(plan)
            granter.settle(plan)
    return found


def _is_sample(sink: Sink, known: Knowledge) -> bool:
    """Whether all that a call or an option has as its secret only stands for one, such as `<your key>`."""
    return all(isinstance(value, Literal) and _stands_for(value.text, sink, known) for value in leaves(sink.value))


def _stands_for(text: str, sink: Sink, known: Knowledge) -> bool:
    """Whether a text, or the secret part of it, is a placeholder."""
    format_ = known.format(sink.rule) if sink.is_connection_string else None
    secrets = {key.lower() for key in format_.secrets} if format_ is not None else set()
    found = [part for part in parts_of(text, format_.syntax) or () if part.key in secrets] if format_ else []
    return is_placeholder(text) or (bool(found) and all(is_placeholder(p.value.rpartition(":")[2]) for p in found))


def _names_any(workspace: Workspace, words: set[str]) -> bool:
    """Whether any file holds one of the words, as it has to where there is such a sink."""
    prefilter = Prefilter(Words((), tuple(sorted(word.lower().encode() for word in words))))
    return any(prefilter.may_concern(path, data) for path, data in workspace.files.items())


def _verified_fix(analysis: Analysis, plan: Plan) -> Fix | None:
    """The fix of one connection alone; None if it has none, or if it does not stand the checks."""
    if plan.applicability == Applicability.MANUAL:
        return None
    rendered = _rendered(analysis, [plan])
    if isinstance(rendered, str):
        plan.problem(None, rendered)
        return None
    _note_leftovers(analysis.workspace, plan, {module.path: module for module in rendered.modules})
    edits = tuple(edit for change in rendered.changes.values() for edit in change.edits)
    return _fix(plan, edits)


def _note_leftovers(workspace: Workspace, plan: Plan, changed: Mapping[str, Module]) -> None:
    """A secret that the code still reads after the change has another use, or was kept for a reason unknown to us."""
    renamed = {change.old for change in plan.settings if not change.keep}
    for name in sorted(plan.secret_settings - renamed):
        for read in workspace.reads.get(name, []):
            module = changed.get(read.module.path, read.module)
            line = named_at(module, name)
            if line:
                plan.note(f"{name} is still named at {module.path}:{line}: remove it there when nothing needs it")
                break


def _fix(plan: Plan, edits: tuple[Edit, ...]) -> Fix:
    services = {sink.rule.service for sink in plan.connection.sinks}
    services |= {use.rule.service for use in plan.uses} if isinstance(plan, BindingPlan) else set()
    services |= {use.rule.service for use in uses_in_files(plan)}
    title = f"Use a managed identity for {', '.join(sorted(services))}"
    return Fix(plan.id, title, plan.applicability, edits, tuple(plan.preconditions))


def change_set(analysis: Analysis, minimum: Applicability, only: Collection[str] | None = None) -> ChangeSet:
    """All fixes of at least that applicability, applied together. `only` limits them to these connections.

    A fix that fails the checks together with the others is left out.
    """
    lowest = max(minimum, Applicability.REVIEW)
    chosen = [plan for plan in analysis.plans if plan.applicability >= lowest and (only is None or plan.id in only)]
    while chosen:
        rendered = _rendered(analysis, chosen)
        problem = rendered if isinstance(rendered, str) else _repeats(analysis, rendered, chosen)
        if problem is None and not isinstance(rendered, str):
            return _change_set(analysis.workspace, rendered, chosen)
        chosen = _without_culprit(analysis, chosen, problem or "")
    return ChangeSet()


def _without_culprit(analysis: Analysis, chosen: list[Plan], problem: str) -> list[Plan]:
    """Drop the first plan that fails by itself, else the last one."""
    for plan in chosen:
        rendered = _rendered(analysis, [plan])
        if isinstance(rendered, str) or _repeats(analysis, rendered, [plan]) is not None:
            plan.problem(None, problem)
            return [other for other in chosen if other is not plan]
    chosen[-1].problem(None, problem)
    return chosen[:-1]


def _change_set(workspace: Workspace, rendered: _Rendered, chosen: list[Plan]) -> ChangeSet:
    fixes = [_fix(plan, ()) for plan in chosen]
    preconditions = list(dict.fromkeys(item for plan in chosen for item in plan.preconditions))
    by_hand = dict.fromkeys(reason for additions in _additions(workspace, chosen) for reason in additions.reasons)
    preconditions += [Precondition("dependency", reason) for reason in by_hand]
    changed = {module.path: module for module in rendered.modules}
    preconditions += dict.fromkeys(left_to_delete(workspace, chosen, changed))
    return ChangeSet(rendered.changes, fixes, preconditions)


def _rendered(analysis: Analysis, plans: list[Plan]) -> _Rendered | str:
    """All files as they are after the plans; a string says why that would be wrong."""
    workspace = analysis.workspace
    try:
        states = Renderer(workspace, analysis.options).render(plans)
    except SourceError as error:
        return f"the rewritten code would not parse ({error.path})"
    except ValueError:
        return "its edits overlap with each other"
    texts = {path: state.text for path, state in states.items()}
    modules = check_python(workspace, texts)
    if isinstance(modules, str):
        return modules
    rendered = _Rendered({}, modules)
    try:
        for path, state in states.items():
            rendered.record(workspace.text(path), state.edits)
    except ValueError as error:
        return f"the notebook cannot be changed: {error}"
    try:
        others = other_edits(workspace, analysis.options, plans, {module.path: module for module in modules})
        for path, edits in others.items():
            rendered.record(workspace.text(path), edits)
    except ValueError:
        return "its edits overlap with each other"
    for path, edits in others.items():
        file = workspace.text(path)
        if not all(format_.still_parses(file, apply(file.text, edits)) for format_ in formats_of(path)):
            return f"the rewritten {path} would not parse"
    for path, edits in dependency_edits_for(workspace, plans).items():
        rendered.record(workspace.text(path), edits)
    return rendered


def dependency_edits_for(workspace: Workspace, plans: list[Plan]) -> dict[str, list[TextEdit]]:
    """Edits to the files near each call that list the packages which the plans' code already uses."""
    found: dict[str, list[TextEdit]] = {}
    for additions in _additions(workspace, plans):
        for path, edits in additions.edits.items():
            known = found.setdefault(path, [])
            known.extend(e for e in (TextEdit(span, text) for span, text in edits) if e not in known)
    return found


def _additions(workspace: Workspace, plans: list[Plan]) -> Iterator[DependencyEdits]:
    listed = _dependency_files(workspace)
    for near, (wanted, companions) in _requirements(workspace, plans).items():
        yield dependency_edits(listed, sorted(wanted), near, sorted(companions))


def _requirements(workspace: Workspace, plans: list[Plan]) -> dict[str, tuple[set[str], set[str]]]:
    """Per Python file: the requirements that its calls bring, and the packages that they already use."""
    found: dict[str, tuple[set[str], set[str]]] = {}
    for plan in plans:
        own = {name for form in plan.calls for name in _own_packages(workspace, form.sink)}
        packages = [dict(item.data) for item in plan.preconditions if item.kind == "package"]
        wanted = {f"{data['name']}{data['version']}" for data in packages if data["name"] not in own}
        for form in plan.calls:
            entry = found.setdefault(form.module.path, (set(), set()))
            entry[0].update(wanted)
            entry[1].update(own)
    return found


def _own_packages(workspace: Workspace, sink: Sink) -> set[str]:
    """The packages that the code of a call uses already; those of credentials come with the change."""
    credentials = {name for style in workspace.known.identities.values() for name, _ in style.packages}
    named = {name for name, _ in workspace.known.pack(sink.rule).packages}
    return (named - credentials or named) | {sink.form.old.symbol.partition(".")[0]}


def _dependency_files(workspace: Workspace) -> dict[str, TextFile]:
    found = {}
    for path in workspace.files:
        if concerns_dependencies(path):
            try:
                found[path] = workspace.text(path)
            except SourceError as error:
                workspace.errors.append(error)
    return found


def _repeats(analysis: Analysis, rendered: _Rendered, chosen: list[Plan]) -> str | None:
    """What a second run over the result would still change of what was fixed; None if nothing."""
    workspace = analysis.workspace
    files = {**workspace.files, **{path: change.after for path, change in rendered.changes.items()}}
    again = _plans(updated_workspace(workspace, files, rendered.modules), analysis.options)
    before = {_signature(sink) for plan in analysis.plans if plan not in chosen for sink in plan.connection.sinks}
    others = Counter(use.kind for plan in analysis.plans if plan not in chosen for use in uses_in_files(plan))
    for plan in again:
        for use in uses_in_files(plan) if plan.applicability >= Applicability.REVIEW else ():
            others[use.kind] -= 1
            if others[use.kind] < 0:
                return f"a second run would change {use.place.path} again"
        for sink in plan.connection.sinks:
            if plan.applicability >= Applicability.REVIEW and _signature(sink) not in before:
                return f"a second run would change {sink.module.path} again"
    return None


def _signature(sink: Sink) -> tuple[str, str, str]:
    return sink.module.path, sink.rule.id, sink.module.source(sink.call)
