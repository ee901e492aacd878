"""Detection on inputs made to be slow: seconds and peak memory of each, in a process of its own.

python benchmarks/adversarial.py [NAME...]
"""

from __future__ import annotations

import argparse
import base64
import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable

MEGABYTE = 1_000_000
_LIMIT = 120  # seconds for one input


def _key(seed: int) -> str:
    from mi_lint.secrets.checksum import sign_his1

    return sign_his1(random.Random(seed).randbytes(64), "+ASt", 64, "Default0")


def _lines(line: Callable[[int], str], count: int) -> bytes:
    return "".join(line(number) for number in range(count)).encode()


def _filled(piece: str, size: int = 20 * MEGABYTE) -> bytes:
    """The piece again and again, and at the end something that keeps the prefilter from turning the file away."""
    decoy = base64.b64encode(random.Random(2).randbytes(64)).decode()
    return (piece * (size // len(piece) + 1))[:size].encode() + f" {decoy} {decoy[:43]}= ".encode()


def _random_base64(size: int) -> str:
    return base64.b64encode(random.Random(1).randbytes(size * 3 // 4)).decode()


INPUTS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "one line of 20 MB, no keyword": ("a.txt", lambda: _filled("lorem ipsum ")),
    "one line of 20 MB of base64": ("a.js", lambda: _random_base64(20 * MEGABYTE).encode()),
    "one line of 20 MB of pairs": ("a.json", lambda: b"{" + _filled('"account_key":"x",') + b"}"),
    "one line of 20 MB, keywords only": ("a.txt", lambda: _filled("AccountKey= sig= SharedAccessKey= +ASt 8Q~ JQQJ9 ")),
    "one line of 20 MB, percent signs": ("a.log", lambda: _filled("sig=%2B%25%2F&")),
    "100,000 lines with a key each": ("a.env", lambda: _lines(lambda n: f"AZURE_STORAGE_KEY_{n}={_key(n)}\n", 100_000)),
    "100,000 lines with a broken key each": (
        "a.env",
        lambda: _lines(lambda n: f"K{n}=AccountKey={_key(1)[:-9]}xAAAAAAA=\n", 100_000),
    ),
    "100,000 lines of near misses": (
        "a.py",
        lambda: _lines(lambda n: f'openai_key_{n} = "{n + 10**36:032x}"\n', 100_000),
    ),
    "20 MB of quotes": ("a.py", lambda: _filled("\"'")),
    "20 MB of open brackets": ("a.json", lambda: _filled('["sig=",')),
    "20 MB of angle brackets": ("a.xml", lambda: _filled('<a sig="')),
    "20 MB of YAML": ("a.yaml", lambda: _filled("account_key: &a *a\n")),
    "deep Python": ("a.py", lambda: b"account_key = " + b"(" * 50_000 + b'"x"' + b")" * 50_000),
    "a sum of 100,000 strings": ("a.py", lambda: b"account_key = " + b" + ".join([b'"+ASt"'] * 100_000)),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="only inputs with this text in their name")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        print(json.dumps(measure(chosen.one)))
        return 0
    print(f"{'input':40}{'MB':>8}{'seconds':>9}{'found':>9}{'peak MB':>9}")
    for name in INPUTS:
        if chosen.names and not any(part in name for part in chosen.names):
            continue
        command = [sys.executable, __file__, "--one", name]
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_LIMIT)
        except subprocess.TimeoutExpired:
            print(f"{name:40}not done in {_LIMIT} s")
            continue
        if done.returncode:
            print(f"{name:40}failed: {done.stderr.strip().splitlines()[-1]}")
            continue
        row = json.loads(done.stdout)
        print(f"{name:40}{row['size']:>8.1f}{row['seconds']:>9.2f}{row['found']:>9}{row['peak']:>9.0f}")
    return 0


def measure(name: str) -> dict[str, float]:
    """Scan one input; `peak` is what the scan added to the memory of the process, in megabytes."""
    from mi_lint.rulebook.loader import load_rulebook
    from mi_lint.secrets.run import Settings, find_all

    path, make = INPUTS[name]
    data = make()
    rulebook = load_rulebook()
    kinds = tuple(kind for kind in rulebook.kinds if kind.default)
    settings = Settings(kinds, rulebook.emulator_keys, rulebook.references)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    found = find_all({path: data}, settings, jobs=1)
    assert not found.errors, found.errors
    seconds = time.perf_counter() - start
    peak = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1000
    return {"size": len(data) / MEGABYTE, "seconds": seconds, "found": len(found.findings), "peak": peak}


if __name__ == "__main__":
    sys.exit(main())
