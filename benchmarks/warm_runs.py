"""How long a run takes with and without what earlier runs found out, on a repository that has findings.

python benchmarks/warm_runs.py [FOLDER]    # a git work tree; by default one of 3,000 files is generated
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, os.fspath(Path(__file__).resolve().parent.parent))

from tests.corpus.filler import filler

FILES, WITH_CALLS = 3_000, 60
CALL = """\
import os
from azure.storage.blob import BlobServiceClient


def client_{n}() -> BlobServiceClient:
    return BlobServiceClient.from_connection_string(os.environ["STORE_{n}_CONNECTION_STRING"])


"""


def generate(folder: Path) -> None:
    """A repository of modules that import each other, one in fifty of them with a call."""
    source = random.Random(7)
    for number in range(FILES):
        package = folder / f"package_{number // 100:02d}"
        package.mkdir(exist_ok=True)
        (package / "__init__.py").touch()
        near = f"from package_{source.randrange(max(1, number // 100)):02d} import module_{source.randrange(100):04d}\n"
        call = CALL.format(n=number) if number % (FILES // WITH_CALLS) == 0 else ""
        text = f"import hashlib\n{near}{call}{filler('python', source, 110)}"
        (package / f"module_{number:04d}.py").write_text(text)
    subprocess.run(["git", "init", "-q", os.fspath(folder)], check=True)
    subprocess.run(["git", "-C", os.fspath(folder), "add", "."], check=True)


def seconds(folder: Path, cache: Path, *arguments: str) -> tuple[float, str]:
    """The time of one run, and what it printed."""
    environment = {**os.environ, "XDG_CACHE_HOME": os.fspath(cache)}
    command = [sys.executable, "-m", "mi_lint", "check", *arguments]
    start = time.perf_counter()
    done = subprocess.run(
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    if done.returncode not in (0, 1):
        sys.exit(done.stderr)
    return time.perf_counter() - start, done.stdout


def measure(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as cache:
        seconds(folder, Path(cache), "--stdin-filename", "empty.py", "-")  # compiles the rules
        bare, expected = seconds(folder, Path(cache), "--no-cache")
        rows = [("no cache", bare, expected)]
        rows += [(label, *seconds(folder, Path(cache))) for label in ("first run", "second run", "third run")]
        for label, value, output in rows:
            same = "" if output == expected else "  DIFFERENT OUTPUT"
            print(f"{label:<12}{value:>8.2f} s {value / bare:>6.2f}{same}")


def main() -> None:
    if len(sys.argv) > 1:
        measure(Path(sys.argv[1]))
        return
    with tempfile.TemporaryDirectory() as folder:
        generate(Path(folder))
        measure(Path(folder))


if __name__ == "__main__":
    main()
