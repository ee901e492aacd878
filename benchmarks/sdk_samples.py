"""Run mi-lint over the samples of the Azure SDKs: code that nobody here wrote.

Downloads the source distributions, puts each `samples/` tree into a git repository of its own, runs `check` and
`migrate --write --unsafe-fixes`, and proves that every changed file parses, type-checks no worse than before, and
that a second run changes nothing. Nothing is vendored: all of it lives in `benchmarks/.work`, which git ignores.

    python benchmarks/sdk_samples.py [--package NAME] [--diffs DIR] [--json FILE] [--no-types] [--programs]

A tree of samples is many programs that happen to share the names of their settings. As one repository, one program
that cannot move holds back all that share its setting; `--programs` analyses each file with only the modules that it
imports, as its user would have it.
"""

from __future__ import annotations

import argparse
import ast
import collections
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from dataclasses import asdict, dataclass, field
from pathlib import Path

PACKAGES = (
    "azure-storage-blob",
    "azure-storage-queue",
    "azure-storage-file-share",
    "azure-storage-file-datalake",
    "azure-data-tables",
    "azure-servicebus",
    "azure-eventhub",
    "azure-eventhub-checkpointstoreblob",
    "azure-cosmos",
    "azure-appconfiguration",
    "azure-search-documents",
    "azure-identity",
    "azure-ai-textanalytics",
    "azure-ai-formrecognizer",
    "azure-ai-documentintelligence",
    "azure-ai-contentsafety",
    "azure-ai-translation-text",
    "azure-ai-translation-document",
    "azure-ai-vision-imageanalysis",
    "azure-ai-vision-face",
    "azure-ai-language-conversations",
    "azure-ai-language-questionanswering",
    "azure-ai-inference",
    "azure-ai-projects",
    "azure-ai-agents",
    "azure-ai-voicelive",
    "azure-communication-email",
    "azure-communication-sms",
    "azure-communication-identity",
    "azure-communication-rooms",
    "azure-communication-phonenumbers",
    "azure-communication-callautomation",
    "azure-communication-messages",
    "azure-communication-jobrouter",
    "azure-eventgrid",
    "azure-messaging-webpubsubservice",
    "azure-batch",
    "azure-maps-search",
    "azure-maps-route",
    "azure-maps-render",
    "azure-maps-geolocation",
    "azure-monitor-opentelemetry-exporter",
    "azure-monitor-opentelemetry",
    "azure-keyvault-secrets",
    "azure-containerregistry",
)
WORK = Path(__file__).parent / ".work"
KEY_NAME = re.compile(r"(?i)key|secret|conn|sas|AzureNamedKeyCredential|AzureSasCredential")


@dataclass
class Row:
    """What was seen in one package."""

    package: str
    files: int = 0
    candidates: int = 0
    sites: int = 0
    safe: int = 0
    review: int = 0
    manual: int = 0
    changed: int = 0
    parse: bool = True
    new_type_errors: int = 0
    stable: bool = True
    reasons: dict[str, int] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)
    type_errors: list[str] = field(default_factory=list)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--package", action="append", choices=PACKAGES)
    options.add_argument("--diffs", type=Path)
    options.add_argument("--json", type=Path)
    options.add_argument("--no-types", action="store_true")
    options.add_argument("--programs", action="store_true")
    chosen = options.parse_args()
    run = measure_programs if chosen.programs else measure
    rows = [run(package, chosen) for package in chosen.package or PACKAGES]
    print_table(rows)
    if chosen.json:
        chosen.json.write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n")
    return 0 if all(row.parse and row.stable and not row.new_type_errors for row in rows) else 1


def measure(package: str, chosen: argparse.Namespace) -> Row:
    repository = prepare(package)
    row = Row(package)
    python = sorted(repository.rglob("*.py"))
    row.files = len(python)
    findings = check(repository)
    row.sites = len(findings)
    counts = collections.Counter(f["applicability"] for f in findings)
    row.safe, row.review, row.manual = counts["safe"], counts["review"], counts["manual"]
    row.reasons = manual_reasons(repository)
    row.missed, row.candidates = misses(repository, python, findings)
    before = {} if chosen.no_types else type_errors(repository)
    mi_lint(repository, "migrate", "--write", "--unsafe-fixes", ".")
    changed = git(repository, "diff", "--name-only").split()
    row.changed = len(changed)
    if chosen.diffs:
        chosen.diffs.mkdir(parents=True, exist_ok=True)
        (chosen.diffs / f"{package}.diff").write_text(git(repository, "diff"))
    for path in changed:
        if path.endswith(".py"):
            try:
                ast.parse((repository / path).read_bytes())
            except SyntaxError:
                row.parse = False
    if not chosen.no_types:
        compare_types(row, changed, before, type_errors(repository))
    state = git(repository, "diff")
    mi_lint(repository, "migrate", "--write", "--unsafe-fixes", "--allow-dirty", ".")
    row.stable = git(repository, "diff") == state
    return row


def measure_programs(package: str, chosen: argparse.Namespace) -> Row:
    """Every file as a program of its own, through the engine."""
    from mi_lint.engine import Options, analyse, change_set
    from mi_lint.findings import Applicability
    from mi_lint.rulebook.loader import load_rulebook

    repository = prepare(package)
    row = Row(package)
    rulebook = load_rulebook()
    python = sorted(str(p.relative_to(repository)) for p in repository.rglob("*.py"))
    row.files = len(python)
    sources = {path: (repository / path).read_bytes() for path in python}
    before = {} if chosen.no_types else type_errors(repository)
    reasons: collections.Counter[str] = collections.Counter()
    results: dict[str, bytes] = {}
    for path in python:
        files = closure(path, sources)
        analysis = analyse(files, rulebook, Options())
        for finding in analysis.findings:
            if finding.place.path != path:
                continue
            row.sites += 1
            row.safe += finding.applicability == Applicability.SAFE
            row.review += finding.applicability == Applicability.REVIEW
            row.manual += finding.applicability == Applicability.MANUAL
            if finding.applicability == Applicability.MANUAL:
                reason = finding.reasons[0] if finding.reasons else finding.advice
                reasons[re.sub(r"`[^`]*`|\S+\.py:\d+", "…", reason)[:110]] += 1
        changes = change_set(analysis, Applicability.REVIEW)
        if path in changes.files:
            results[path] = changes.files[path].after
            after = {**files, **{name: change.after for name, change in changes.files.items()}}
            again = change_set(analyse(after, rulebook, Options()), Applicability.REVIEW)
            row.stable = row.stable and not again.files
    row.reasons = dict(reasons.most_common())
    for path, data in results.items():
        (repository / path).write_bytes(data)
        ast.parse(data)
    row.changed = len(results)
    if chosen.diffs:
        chosen.diffs.mkdir(parents=True, exist_ok=True)
        (chosen.diffs / f"{package}.diff").write_text(git(repository, "diff"))
    if not chosen.no_types:
        compare_types(row, list(results), before, type_errors(repository))
    return row


def closure(path: str, sources: dict[str, bytes]) -> dict[str, bytes]:
    """A file and the modules of its own tree that it imports, directly or not."""
    folder = path.rpartition("/")[0]
    found = {path: sources[path]}
    queue = [path]
    while queue:
        try:
            tree = ast.parse(found[queue.pop()])
        except SyntaxError:
            continue
        for node in ast.walk(tree):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                wanted = "/".join(part for part in (folder, name.replace(".", "/")) if part) + ".py"
                if wanted in sources and wanted not in found:
                    found[wanted] = sources[wanted]
                    queue.append(wanted)
    return found


Errors = dict[str, "collections.Counter[str]"]


def compare_types(row: Row, changed: list[str], before: Errors, after: Errors) -> None:
    """Record the type errors of changed files that were not there before."""
    for path in changed:
        new = after.get(path, collections.Counter()) - before.get(path, collections.Counter())
        row.new_type_errors += sum(new.values())
        row.type_errors += [f"{path}: {error}" for error in new]


def prepare(package: str) -> Path:
    """The samples of a package in a fresh git repository."""
    WORK.mkdir(exist_ok=True)
    archives = archives_of(package)
    if not archives:
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", package, package]
        subprocess.run([*command, "-d", str(WORK)], check=True)
        archives = archives_of(package)
    repository = WORK / package
    shutil.rmtree(repository, ignore_errors=True)
    repository.mkdir()
    with tempfile.TemporaryDirectory() as folder:
        unpack(archives[-1], Path(folder))
        for path in sorted(Path(folder).rglob("*")):
            parts = path.relative_to(folder).parts
            if "samples" in parts and path.is_file():
                target = repository.joinpath(*parts[parts.index("samples") :])
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
    git(repository, "init", "-q")
    git(repository, "add", "-A")
    git(repository, "-c", "user.name=samples", "-c", "user.email=samples@localhost", "commit", "-qm", "samples")
    return repository


def archives_of(package: str) -> list[Path]:
    """The downloaded source distributions of a package, the newest last."""
    stems = (package, package.replace("-", "_"))
    return sorted(path for stem in stems for end in ("tar.gz", "zip") for path in WORK.glob(f"{stem}-[0-9]*.{end}"))


def unpack(archive: Path, folder: Path) -> None:
    if archive.suffix == ".zip":
        with zipfile.ZipFile(archive) as opened:
            opened.extractall(folder)
        return
    with tarfile.open(archive) as opened:
        opened.extractall(folder, filter="data")


def git(repository: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=repository, capture_output=True, text=True, check=True)
    return done.stdout


def mi_lint(repository: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "mi_lint", *arguments], cwd=repository, capture_output=True, text=True, check=False
    )
    if done.returncode not in (0, 1, 3) or "Traceback" in done.stderr or "this is a bug" in done.stderr:
        raise SystemExit(f"mi-lint {' '.join(arguments)} in {repository.name}: {done.returncode}\n{done.stderr}")
    return done.stdout


def check(repository: Path) -> list[dict[str, object]]:
    """The findings about calls; those about secrets that are written out have rules of their own."""
    out = mi_lint(repository, "check", "--output-format", "json", ".")
    return [found for found in json.loads(out)["findings"] if not str(found["rule"]).startswith("MI1")]


def manual_reasons(repository: Path) -> dict[str, int]:
    """Why calls are manual, with names and places taken out of the sentences."""
    from mi_lint.engine import Options, analyse
    from mi_lint.findings import Applicability
    from mi_lint.rulebook.loader import load_rulebook

    files = {
        str(path.relative_to(repository)): path.read_bytes()
        for path in sorted(repository.rglob("*"))
        if path.is_file() and ".git" not in path.parts
    }
    counts: collections.Counter[str] = collections.Counter()
    for finding in analyse(files, load_rulebook(), Options()).findings:
        if finding.applicability == Applicability.MANUAL:
            reason = finding.reasons[0] if finding.reasons else finding.advice
            counts[re.sub(r"`[^`]*`|\S+\.py:\d+", "…", reason)[:110]] += 1
    return dict(counts.most_common())


def misses(repository: Path, python: list[Path], findings: list[dict[str, object]]) -> tuple[list[str], int]:
    """Calls that look key-based to a plain matcher by name, independent of the engine, and were not reported."""
    reported = {(str(f["path"]), line) for f in findings for line in range(int(f["line"]), int(f["end_line"]) + 1)}  # type: ignore[call-overload]
    found, total = [], 0
    for path in python:
        name = str(path.relative_to(repository))
        try:
            tree = ast.parse(path.read_bytes())
        except SyntaxError:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and looks_keyed(node):
                total += 1
                if (name, node.lineno) not in reported:
                    found.append(f"{name}:{node.lineno}: {ast.unparse(node)[:100]}")
    return found, total


def looks_keyed(node: ast.Call) -> bool:
    if isinstance(node.func, ast.Attribute) and node.func.attr == "from_connection_string":
        return True
    for keyword in node.keywords:
        if keyword.arg == "credential" and KEY_NAME.search(ast.unparse(keyword.value)):
            return True
        if keyword.arg == "api_key":
            return True
    return False


def type_errors(repository: Path) -> dict[str, collections.Counter[str]]:
    """Pyright's errors by file, without positions, so that moved lines compare equal."""
    pyright = Path(sys.executable).parent / "pyright"
    done = subprocess.run(
        [str(pyright), "--outputjson", "--pythonpath", sys.executable, "."],
        cwd=repository,
        capture_output=True,
        text=True,
        check=False,
    )
    found: dict[str, collections.Counter[str]] = {}
    for item in json.loads(done.stdout)["generalDiagnostics"]:
        if item["severity"] == "error":
            path = str(Path(item["file"]).relative_to(repository))
            text = f"{item.get('rule', '')} {item['message'].splitlines()[0]}"
            found.setdefault(path, collections.Counter())[text] += 1
    return found


def print_table(rows: list[Row]) -> None:
    print(f"{'package':36} files cand. sites  safe review manual changed parses types stable missed")
    for row in rows:
        types = "ok" if not row.new_type_errors else f"+{row.new_type_errors}"
        found = f"{row.files:5} {row.candidates:5} {row.sites:5} {row.safe:5} {row.review:6} {row.manual:6}"
        proof = f"{'yes' if row.parse else 'NO':>6} {types:>5} {'yes' if row.stable else 'NO':>6} {len(row.missed):6}"
        print(f"{row.package:36} {found} {row.changed:7} {proof}")
    for row in rows:
        if row.reasons or row.missed or row.type_errors:
            print(f"\n{row.package}")
        for reason, count in row.reasons.items():
            print(f"  {count:4} manual: {reason}")
        for error in row.type_errors:
            print(f"  type error: {error}")
        for place in row.missed:
            print(f"  not reported: {place}")


if __name__ == "__main__":
    raise SystemExit(main())
