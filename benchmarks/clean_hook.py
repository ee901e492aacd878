"""What a clean hook run costs, in units of `python -c pass`: 20 files of 10 kB, not seen before and known.

The processor time of the process and of those it starts, which other load of the machine hardly changes.

python benchmarks/clean_hook.py [RUNS]
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

FUNCTION = "def function_{n}(value: int) -> int:\n    return value + {n}  # a comment that says why\n\n\n"


def spent() -> float:
    """Milliseconds of processor time of all processes that were started and have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (usage.ru_utime + usage.ru_stime)


def median(command: list[str], environment: dict[str, str], runs: int, fresh: Path | None = None) -> float:
    """Milliseconds. With `fresh`, verdicts about files are forgotten before each run."""
    times = []
    for _ in range(runs):
        for file in fresh.glob("mi-lint/files-*.json") if fresh else ():
            file.unlink()
        before = spent()
        subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
        times.append(spent() - before)
    return sorted(times)[runs // 2]


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    with tempfile.TemporaryDirectory() as folder:
        project, cache = Path(folder, "project"), Path(folder, "cache")
        project.mkdir()
        environment = {**os.environ, "XDG_CACHE_HOME": str(cache)}
        os.chdir(project)
        names = [f"module_{number}.py" for number in range(20)]
        for name in names:
            Path(name).write_text("".join(FUNCTION.format(n=n) for n in range(120)))
        subprocess.run(["git", "init", "-q"], check=True)
        subprocess.run(["git", "add", "."], check=True)
        command = [sys.executable, "-m", "mi_lint", "check", *names]
        whole = median([*command, "--no-cache"], environment, 3)
        subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)  # leaves its questions
        bare = median([sys.executable, "-c", "pass"], environment, runs)
        for label, value in (
            ("python -c pass", bare),
            ("files known to be clean", median(command, environment, runs)),
            ("files not seen before", median(command, environment, runs, cache)),
            ("no cache at all", whole),
        ):
            print(f"{label:<26}{value:>8.1f} ms {value / bare:>6.1f}")


if __name__ == "__main__":
    main()
