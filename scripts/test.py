"""All checks of the project: `python3 scripts/test.py [--fast] [arguments for pytest]`.

Needs Python 3.10 or later, git and pip; everything else goes into `.venv`. `--fast` leaves out the slow tests: real
programs, random code, and the type check of all rewritten examples.
"""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import dataclass

from environment import ROOT, enter

FOLDERS = ("mi_lint", "tests", "scripts", "benchmarks")
SLOW = ("tests/e2e", "tests/property", "tests/rules/test_example_types.py")


@dataclass(frozen=True)
class Step:
    name: str
    code: int
    seconds: float
    last_line: str


def main() -> int:
    arguments = sys.argv[1:]
    if "-h" in arguments or "--help" in arguments:
        print(__doc__)
        return 0
    enter(("dev", "sdks", "programs"))
    fast = "--fast" in arguments
    left_out = [f"--ignore={path}" for path in SLOW] if fast else []
    chosen = [argument for argument in arguments if argument != "--fast"]
    colour = ["--color=yes"] if sys.stdout.isatty() else []
    steps = [
        step("ruff check", "ruff", "check", *FOLDERS),
        step("ruff format", "ruff", "format", "--check", *FOLDERS),
        step("mypy --strict", "mypy", "--strict", "mi_lint"),
        step("documentation", "zensical", "build", "--clean", "--strict", "--config-file", "mkdocs.yml"),
        step("pytest", "pytest", "-n", "2", *colour, *left_out, *chosen),
    ]
    print(f"\n{'step':16} {'result':8} {'time':>8}")
    for done in steps:
        print(f"{done.name:16} {'ok' if done.code == 0 else 'FAILED':8} {done.seconds:6.1f} s")
    print(f"\n{steps[-1].last_line}", flush=True)
    return int(any(done.code for done in steps))


def step(name: str, module: str, *arguments: str) -> Step:
    """Run a tool with its output shown as it comes; keep its last line."""
    print(f"\n== {name}", flush=True)
    begun = time.monotonic()
    command = [sys.executable, "-m", module, *arguments]
    last = ""
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        assert process.stdout is not None
        for line in process.stdout:
            sys.stdout.buffer.write(line)
            sys.stdout.flush()
            last = line.decode("utf-8", "replace").strip() or last
    return Step(name, process.returncode, time.monotonic() - begun, last)


if __name__ == "__main__":
    sys.exit(main())
