"""A baseline that makes itself: `check --baseline FILE` creates it, and drops from it what is gone.

Never under CI, where nobody would commit the file: there a missing baseline is an error, and an idle entry a finding.
"""

from __future__ import annotations

import os
from pathlib import Path

from mi_lint import baseline
from mi_lint.cli.scan import Scan
from mi_lint.errors import UsageError


def create(scan: Scan, path: Path) -> str:
    """Record all findings of a scan; what to say about it."""
    entries = [baseline.entry_for(finding) for finding in scan.findings]
    write(path, baseline.dumps(entries))
    return f"{path} is new: {len(entries)} findings recorded; commit it, and only new ones are reported"


def shrink(scan: Scan, path: Path) -> str:
    """Drop entries that nothing matches any more; what to say about it, empty where there are none."""
    idle = {finding.fingerprint for finding in scan.filtered.unused if finding.rule == baseline.UNUSED_RULE}
    known = baseline.load(path)
    if not idle or scan.errors or known.foreign is not None:
        return ""
    left = [entry for entry in known.entries.values() if entry.id not in idle]
    write(path, baseline.dumps(left))
    scan.filtered.unused = [finding for finding in scan.filtered.unused if finding.rule != baseline.UNUSED_RULE]
    return f"{path} has shrunk: {len(idle)} gone, {len(left)} left"


def write(path: Path, text: str) -> None:
    """Replace a file as a whole.

    Raises:
        UsageError: it cannot be written.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_text(text, encoding="utf-8")
        os.replace(temporary, path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise UsageError(f"{path}: can't be written ({error.strerror})") from None
