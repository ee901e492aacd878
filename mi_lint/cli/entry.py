"""The console script: the quick answer where there is one, else the whole command line."""

from __future__ import annotations

import sys


def main() -> None:
    """Run `mi-lint` with the arguments of the process."""
    from mi_lint.cli.quick import quick

    if quick(sys.argv[1:]):
        return
    from mi_lint.cli.main import cli

    cli()
