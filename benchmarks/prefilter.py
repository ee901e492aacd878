"""How fast each keyword engine reads the files of a folder.

    python benchmarks/prefilter.py [FOLDER] [--rounds N]

FOLDER is that of Python's standard library unless told otherwise. Files are read before the clock starts; the best of
the rounds counts. The words are made up from parts of the names that secrets have.
"""

from __future__ import annotations

import argparse
import itertools
import sysconfig
import time
from collections.abc import Sequence
from pathlib import Path

from mi_lint.keywords import ENGINES, Matcher, matcher

FIRST = ("account", "shared", "access", "client", "tenant", "primary", "secondary", "connection", "api", "master")
LAST = ("key", "secret", "token", "string")
JOINED = ("", "_", "-")
WORDS = [
    joint.join(parts).encode() for parts in itertools.product(FIRST, LAST) for joint in JOINED
]  # 120, many of which share parts, as the keywords of packs do


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=Path(sysconfig.get_path("stdlib")))
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    files = [path.read_bytes() for path in sorted(given.folder.rglob("*")) if path.is_file() and not path.is_symlink()]
    size = sum(map(len, files)) / 1e6
    print(f"{len(WORDS)} words, {len(files)} files, {size:.1f} MB")
    print(f"{'engine':12} {'MB/s':>8} {'ready in':>10} {'files with a word':>18}")
    for engine in ENGINES:
        begun = time.perf_counter()
        try:
            ready = matcher(WORDS, engine)
        except ValueError as error:
            print(f"{engine:12} {error}")
            continue
        prepared = time.perf_counter() - begun
        rounds = [measured(ready, files) for _ in range(given.rounds)]
        seconds = min(seconds for seconds, _ in rounds)
        print(f"{engine:12} {size / seconds:8.0f} {prepared * 1000:7.1f} ms {rounds[0][1]:18}")


def measured(ready: Matcher, files: Sequence[bytes]) -> tuple[float, int]:
    """Seconds for all files, and how many of them hold a word."""
    begun = time.perf_counter()
    found = sum(bool(ready.present(data)) for data in files)
    return time.perf_counter() - begun, found


if __name__ == "__main__":
    main()
