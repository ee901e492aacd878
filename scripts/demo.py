"""Show the main job on `examples/legacy-shop`: find the keys, preview the migration, apply it, find nothing more.

    python3 scripts/demo.py [FOLDER]

The shop is copied to a scratch git repository first; its secrets are synthetic and made at run time.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from environment import PYTHON, ROOT, ready

SHOP = ROOT / "examples" / "legacy-shop"


def main() -> int:
    ready(())
    target = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT / "examples" / ".work" / "legacy-shop"
    make_shop(target)
    print(f"A copy of examples/legacy-shop, with synthetic secrets in .env, is in {target}.\n")
    mi_lint(target, "check", expect=(1,))
    mi_lint(target, "migrate", "--unsafe-fixes", expect=(0, 1))
    mi_lint(target, "migrate", "--write", "--unsafe-fixes", expect=(0, 1))
    show(target, ["git", "diff", "--stat"])
    print("What is left needs a person: the SAS that is signed with the key, and the key itself.\n")
    mi_lint(target, "check", "--statistics", expect=(1,))
    return 0


def make_shop(target: Path) -> None:
    """Copy the shop, fill in generated secrets, and commit it."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(SHOP, target)
    template = target / "env.template"
    code = "import sys; from mi_lint.rulebook.examples import expand; sys.stdout.write(expand(sys.stdin.read()))"
    filled = subprocess.run(
        [str(PYTHON), "-c", code], input=template.read_text(), capture_output=True, text=True, check=True
    )
    (target / ".env").write_text(filled.stdout)
    template.unlink()
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "The shop as it was"]):
        who = ["-c", "user.name=shop", "-c", "user.email=shop@localhost"]
        subprocess.run(["git", *who, *command], cwd=target, check=True)


def mi_lint(folder: Path, *arguments: str, expect: tuple[int, ...]) -> None:
    code = show(folder, [str(PYTHON), "-m", "mi_lint", *arguments], f"mi-lint {' '.join(arguments)}")
    if code not in expect:
        raise SystemExit(f"mi-lint {arguments[0]} returned {code}")


def show(folder: Path, command: list[str], name: str = "") -> int:
    print(f"$ {name or ' '.join(command)}", flush=True)
    environment = {**os.environ, "GIT_PAGER": "cat"}
    code = subprocess.run(command, cwd=folder, env=environment, check=False).returncode
    print(flush=True)
    return code


if __name__ == "__main__":
    raise SystemExit(main())
