"""The hosts of a plan: those that were asked for, else those that the repository shows signs of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from mi_lint.errors import UsageError

if TYPE_CHECKING:
    from mi_lint.report.plans.model import HostStep
    from mi_lint.rulebook.model import Host, Rulebook

_MOST = 300_000  # characters of a file that are looked at


def host_steps(names: Iterable[str], files: Mapping[str, bytes], rulebook: Rulebook, identity: str) -> list[HostStep]:
    """The steps that give each host its identity.

    Raises:
        UsageError: a host is not known.
    """
    known = {host.name: host for host in rulebook.hosts}
    asked = list(dict.fromkeys(names))
    for name in asked:
        if name not in known:
            raise UsageError(f"host '{name}' is unknown; use one of {', '.join(sorted(known))}")
    if asked:
        return [_step(known[name], "", identity) for name in asked]
    found = [(host, sign_of(host, files)) for host in rulebook.hosts]
    return [_step(host, place, identity) for host, place in found if place]


def sign_of(host: Host, files: Mapping[str, bytes]) -> str:
    """The first place that shows that code runs on a host; empty if there is none."""
    for pattern, text in host.signs:
        for path in sorted(files, key=lambda path: (path.count("/"), path)):
            if fnmatchcase(path.rpartition("/")[2].lower(), pattern.lower()):
                content = files[path][:_MOST].decode("utf-8", "replace")
                match = re.search(text, content)
                if match is not None:
                    return f"{path}:{content.count(chr(10), 0, match.start()) + 1}"
    return ""


def _step(host: Host, place: str, identity: str) -> HostStep:
    from mi_lint.report.plans.model import HostStep

    command = host.user if (host.only or identity) == "user" else host.system
    more = {"evidence": place, "only": host.only, "principal": host.principal, "check": host.check}
    return HostStep(host.name, host.title, command, host.set, host.delete, host.notes, **more)
