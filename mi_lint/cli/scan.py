"""One scan as the commands need it: configuration, rules, files, analysis, ignores."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mi_lint import baseline, cache
from mi_lint.cli.known import Known, write_table
from mi_lint.cli.known_by_use import not_found_yet
from mi_lint.cli.options import split_rules
from mi_lint.cli.selection import check_rules, could_hide, kind_runs, runs
from mi_lint.config import Config, find_config, load_config
from mi_lint.errors import SourceError, UsageError
from mi_lint.files import Project, discover
from mi_lint.findings import Applicability, Finding
from mi_lint.globs import matches_any
from mi_lint.prefilter import Prefilter, words_of
from mi_lint.secrets.findings import merge_same
from mi_lint.suppress import UNUSED_NAME, UNUSED_RULE, Filtered, apply_ignores
from mi_lint.textfile import TextFile, decode_any, decode_python, decode_text

if TYPE_CHECKING:
    from mi_lint.engine import Analysis, ChangeSet, Options
    from mi_lint.remembered import Remembered
    from mi_lint.report.model import Report
    from mi_lint.rulebook.model import Rulebook
    from mi_lint.secrets.run import Settings


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked on the command line; empty strings and tuples leave it to the configuration."""

    paths: tuple[Path, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    config: Path | None = None
    identity: str = ""
    client_id: str = ""
    client_id_setting: str = ""
    credential: str = ""
    cache: bool = True
    stdin: bytes | None = None
    stdin_filename: str = ""
    staged: bool = False
    since: str = ""
    jobs: int = 0
    baseline: Path | None = None
    setting_names: tuple[tuple[str, str, str], ...] = ()
    hashes: bool = False  # findings are asked for with the hashes of detect-secrets, which no cache holds


def request_of(options: Mapping[str, Any]) -> Request:
    """What the options that all scanning commands share ask for: paths, rules and identity."""
    return Request(
        paths=options["paths"],
        select=split_rules(options["select"]),
        ignore=split_rules(options["ignore"]),
        config=options["config"],
        identity=options["identity"] or "",
        client_id=options["client_id"] or "",
        client_id_setting=options["client_id_setting"] or "",
        credential=options["credential"] or "",
        cache=not options["no_cache"],
    )


@dataclass(slots=True)
class Scan:
    """What came out: findings to report in `filtered.kept`, and all that is needed to fix and show them."""

    project: Project
    config: Config
    rulebook: Rulebook
    filtered: Filtered
    analysis: Analysis | None = None  # made when a fix asks for it, where the findings are known from an earlier run
    calls: list[Finding] = field(default_factory=list)  # of the whole project
    sources: dict[str, TextFile] = field(default_factory=dict)
    errors: list[SourceError] = field(default_factory=list)
    known: list[Finding] = field(default_factory=list)  # those of the baseline

    @property
    def findings(self) -> list[Finding]:
        return merge_same([*self.filtered.kept, *self.filtered.unused])

    def changes(self, minimum: Applicability, only: Iterable[str] | None = None) -> ChangeSet | None:
        """The fixes of the reported findings together; None where there is nothing to fix."""
        fixes = [f.fix for f in self.filtered.kept if f.fix and f.fix.edits and f.fix.applicability >= minimum]
        wanted = {fix.connection for fix in fixes}
        wanted &= set(only) if only is not None else wanted
        if not wanted:
            return None
        from mi_lint.engine import change_set

        if self.analysis is None:
            self.analysis = self.analyse()
            texts = self.analysis.sources
            self.sources.update((path, file) for path in texts if (file := texts.get(path)) is not None)
        return change_set(self.analysis, minimum, sorted(wanted))

    def analyse(self) -> Analysis:
        """Analyse the whole project."""
        from mi_lint.engine import analyse

        return analyse(self.project.files, self.rulebook, _options(self.config))

    def report(self, show_secrets: bool = False) -> Report:
        from mi_lint.report.model import Report
        from mi_lint.report.redact import redactor_for

        everything = [*self.findings, *self.known, *self.filtered.suppressed, *self.calls]
        redactor = redactor_for(everything, self.sources, show_secrets)
        return Report(
            findings=self.findings,
            sources=self.sources,
            redactor=redactor,
            errors=[str(error) for error in self.errors],
            files_scanned=len(self.project.requested),
            bytes_scanned=self.project.bytes_read,
            ignored=self.filtered.suppressed,
            known=merge_same(self.known),
            root=str(self.project.root),
        )


def run_scan(request: Request) -> Scan:
    """Find, read and analyse the project.

    Raises:
        UsageError, ConfigError, RulePackError: nothing was scanned.
    """
    config = settings_for(request)
    rulebook = _rulebook(config, request.cache)
    check_rules(rulebook, config, {*request.select, *request.ignore})
    known = baseline.load(request.baseline) if request.baseline is not None else None
    project, before = _projects(request, config)
    hashes = request.hashes or (known is not None and known.foreign is not None)
    state = "" if hashes or not request.cache or config.rule_paths else _state_key(request)
    scan = _scan(project, config, rulebook, request.jobs, state, _known(request, config, project))
    if before is not None and (scan.filtered.kept or scan.filtered.unused):
        _keep_new(scan, _scan(before, config, rulebook, request.jobs, state))
    _withdraw(scan.filtered)
    if known is not None:
        _apply_baseline(scan, known)
    return scan


def _state_key(request: Request) -> str:
    return cache.state_key(os.fspath(request.paths[0] if request.paths else Path()))


def _known(request: Request, config: Config, project: Project) -> Known | None:
    """Verdicts of earlier runs that saw the same files in the same way."""
    special = request.stdin is not None or request.staged or request.since or config.rule_paths
    if special or request.select or request.ignore or request.config or not request.cache:
        return None
    key = _state_key(request)
    return Known(project, cache.Verdicts.load(str(project.root), key), key)


def _scan(
    project: Project, config: Config, rulebook: Rulebook, jobs: int, state: str, known: Known | None = None
) -> Scan:
    """`state` is the key of all but the files, empty where nothing may be remembered."""
    scan = Scan(project, config, rulebook, Filtered(), errors=list(project.errors))
    from mi_lint.secrets.run import Settings

    kinds = tuple(kind for kind in rulebook.kinds if kind_runs(kind, config))
    settings = Settings(kinds, rulebook.emulator_keys, rulebook.references)
    found = _of_calls(scan, settings, state, known)
    secrets = _secrets(scan, settings, jobs, known)
    seen = project.around or project.requested
    findings = [finding for finding in found.calls if finding.place.path in seen]
    findings += [*secrets, *not_found_yet(found.values, project.requested, secrets)]
    if known is not None:
        known.save()
    _decode_marked(scan)
    scan.filtered = apply_ignores(
        findings,
        scan.sources,
        project.requested,
        config.per_file_ignores,
        lambda code: could_hide(code, rulebook, config),
    )
    if not runs(UNUSED_RULE, UNUSED_NAME, config):
        scan.filtered.unused.clear()
    return scan


def _keep_new(scan: Scan, before: Scan) -> None:
    """Of the findings, keep those that the state before did not have."""
    known = Counter(_identity(f) for f in (*before.filtered.kept, *before.filtered.unused))
    for name in ("kept", "unused"):
        left = []
        for finding in getattr(scan.filtered, name):
            if known[_identity(finding)]:
                known[_identity(finding)] -= 1
            else:
                left.append(finding)
        setattr(scan.filtered, name, left)


def _identity(finding: Finding) -> tuple[str, str, str]:
    return finding.rule, finding.fingerprint, finding.place.path


def _apply_baseline(scan: Scan, known: baseline.Baseline) -> None:
    """Keep what the baseline does not know; of its entries, report those that are of no use any more."""
    titles = {kind.title for kind in scan.rulebook.kinds}
    new, scan.known, idle = baseline.apply(known, scan.filtered.kept, covers(scan.project), titles)
    scan.filtered.kept = new
    if runs(baseline.UNUSED_RULE, baseline.UNUSED_NAME, scan.config):
        shown = Path(os.path.relpath(known.path.resolve(), scan.project.root)).as_posix()
        scan.filtered.unused += [replace(f, place=replace(f.place, path=shown)) for f in idle]


def covers(project: Project) -> Callable[[str], bool]:
    """Whether a file was looked at, or does not exist any more."""
    return lambda path: path in project.requested or not (project.root / path).exists()


def settings_for(request: Request) -> Config:
    """The configuration with what the command line says about it."""
    start = request.paths[0] if request.paths else Path.cwd()
    if request.config and not request.config.is_file():
        raise UsageError(f"--config: no such file: {request.config}")
    config = load_config(request.config) if request.config else find_config(start)
    client = request.client_id or request.client_id_setting
    if request.client_id and request.client_id_setting:
        raise UsageError("--client-id and --client-id-setting exclude each other; give one")
    if client and request.identity == "system":
        raise UsageError("a client id belongs to a user-assigned identity; add --identity user")
    identity = request.identity or ("user" if client else config.identity)
    keep = identity == "user" and not client
    return replace(
        config,
        select=request.select or config.select,
        ignore=(*config.ignore, *request.ignore),
        identity=identity,
        client_id=config.client_id if keep else request.client_id,
        client_id_setting=config.client_id_setting if keep else request.client_id_setting,
        credential=request.credential or config.credential,
        setting_names=request.setting_names,
    )


def _rulebook(config: Config, cache: bool) -> Rulebook:
    from mi_lint.rulebook.loader import build, load_rulebook
    from mi_lint.rulebook.location import with_extra

    if not cache:
        return build(with_extra(config.rule_paths))
    return load_rulebook(with_extra(config.rule_paths) if config.rule_paths else None)


def _options(config: Config) -> Options:
    from mi_lint.engine import Options

    return Options(
        identity=config.identity,
        client_id=config.client_id,
        client_id_setting=config.client_id_setting,
        credential=config.credential,
        select=frozenset(config.select),
        ignore=frozenset(config.ignore),
        setting_names=config.setting_names,
    )


def _projects(request: Request, config: Config) -> tuple[Project, Project | None]:
    """The project as it is asked about, and as it was before the change that is asked about."""
    if request.stdin is not None:
        return _stdin_project(request, config), None
    paths = request.paths or (Path(),)
    if request.staged or request.since:
        return _changed_projects(request, config, paths)
    return discover(paths, config.exclude, config.max_file_size), None


def _changed_projects(request: Request, config: Config, paths: tuple[Path, ...]) -> tuple[Project, Project]:
    from mi_lint import git, revisions

    option = "--staged" if request.staged else "--since"
    try:
        top = git.work_tree(paths[0].resolve() if paths[0].is_dir() else paths[0].resolve().parent)
    except git.GitFailed as error:
        raise UsageError(f"{option} needs git: {error}") from None
    if top is None:
        raise UsageError(f"{option} needs a git repository")
    base = revisions.last_commit(top) if request.staged else revisions.base_of(top, request.since)
    changed = revisions.changes(top, base, request.staged)
    project = discover(paths, config.exclude, config.max_file_size)
    asked = project.requested
    if request.staged:
        staged = {change.after for change in changed if change.after}
        for path in {*revisions.unstaged_files(top), *staged}:
            _put(project, path, revisions.content(top, path), config, path in staged)
    project.requested = frozenset(change.after for change in changed) & (asked | project.requested)
    project.around = asked | project.requested if changed else frozenset()
    before = replace(project, files=dict(project.files), errors=[], notes=[])
    for change in changed:
        before.files.pop(change.after, None)
    for change in changed:
        if change.before:
            name = change.after or change.before  # a renamed file keeps its findings
            _put(before, name, revisions.content(top, change.before, base), config, False)
    before.requested = project.requested & before.files.keys()
    return project, before


def _put(project: Project, path: str, data: bytes, config: Config, asked: bool) -> None:
    """A file as git has it, unless it is left out of every run."""
    if path in project.files or (len(data) <= config.max_file_size and not matches_any(path, config.exclude)):
        project.files[path] = data
        if asked:
            project.requested |= {path}


def _stdin_project(request: Request, config: Config) -> Project:
    """The project around `--stdin-filename`, with that file's content taken from standard input."""
    target = Path(request.stdin_filename or "stdin.py").resolve()
    data = request.stdin or b""
    if not request.stdin_filename or not target.parent.is_dir():
        return Project(target.parent, {target.name: data}, frozenset({target.name}))
    project = discover([target.parent], config.exclude, config.max_file_size)
    if project.root not in target.parents:
        raise UsageError(f"--stdin-filename: {request.stdin_filename} is outside of the project {project.root}")
    path = target.relative_to(project.root).as_posix()
    project.files[path] = data
    project.requested = frozenset({path})
    return project


def _of_calls(scan: Scan, settings: Settings, state: str, known: Known | None) -> Remembered:
    """What the analysis of the whole project finds; nothing where no file is a reason for one."""
    from mi_lint.remembered import Remembered

    files, words = scan.project.files, words_of(scan.rulebook)
    if not (scan.project.requested or scan.project.around):
        return Remembered()
    if known:
        concerns = known.concerning(words)
    else:
        prefilter = Prefilter(words)
        concerns = any(prefilter.may_concern(path, data) for path, data in files.items())
    if not concerns:
        return Remembered()
    from mi_lint.cli.analysed import analysed

    made = analysed(scan.project, scan.analyse, settings, state, repr(scan.config))
    scan.analysis, scan.sources, scan.calls = made.analysis, made.sources, made.found.calls
    scan.errors += [error for error in made.found.errors if error.path in scan.project.requested]
    return made.found


def _secrets(scan: Scan, settings: Settings, jobs: int, known: Known | None) -> list[Finding]:
    """Secrets that are written out in the requested files."""
    if not settings.kinds or not scan.project.requested:
        return []
    from mi_lint.secrets.run import find_all

    files = {path: scan.project.files[path] for path in scan.project.requested}
    result = find_all(known.unknown(files) if known else files, settings, jobs)
    scan.errors += [SourceError(path, reason) for path, reason in result.errors]
    if known is not None:
        dirty = {*(finding.place.path for finding in result.findings), *(error.path for error in scan.errors)}
        known.clean(files, dirty)
        write_table(known.key, words_of(scan.rulebook), settings, scan.config)
    for path in {finding.place.path for finding in result.findings} - scan.sources.keys():
        scan.sources[path] = decode_any(path, files[path])
    return result.findings


def _decode_marked(scan: Scan) -> None:
    """Texts of files that analysis did not look at but that hold an ignore."""
    for path in scan.project.requested - scan.sources.keys():
        data = scan.project.files[path]
        if b"mi-lint:" in data:
            try:
                decode = decode_python if path.endswith((".py", ".pyi", ".pyw")) else decode_text
                scan.sources[path] = decode(path, data)
            except SourceError as error:
                scan.errors.append(error)


def _withdraw(filtered: Filtered) -> None:
    """A connection moves as a whole: where one of its places is ignored, none of it is changed."""
    ignored = {f.fix.connection: f.place for f in reversed(filtered.suppressed) if f.fix}
    for index, finding in enumerate(filtered.kept):
        if finding.fix and finding.fix.connection in ignored:
            place = ignored[finding.fix.connection]
            reason = (
                f"another use of the same value is ignored at {place.path}:{place.line}; remove that ignore to fix both"
            )
            filtered.kept[index] = replace(
                finding, fix=None, applicability=Applicability.MANUAL, reasons=(*finding.reasons, reason)
            )
