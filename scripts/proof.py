"""Run an example with its key, migrate it, and run it again with the identity of its host, and with none.

    python3 scripts/proof.py [NAME]

Azure is played by servers on this machine: Azurite for storage, and the others of `tests/e2e/servers`. The program
meets them under their production names. NAME is a folder of `examples` or `tests/e2e/programs`; without it, it is
`order-desk`.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from environment import ROOT, enter


def main() -> int:
    enter(("dev", "sdks", "programs"))
    sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "e2e")]
    from legacy_program import programs
    from servers.azure import Azure

    name = sys.argv[1] if len(sys.argv) > 1 else "order-desk"
    known = {program.name: program for program in programs() if not program.manual}
    if name not in known:
        print(f"there is no program {name}; choose from: {', '.join(sorted(known))}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        azure = Azure(Path(folder))
        try:
            return prove(azure, known[name], Path(folder) / name)
        finally:
            azure.stop()


def prove(azure: object, program: object, folder: Path) -> int:
    from legacy_program import Program, Repository, fill
    from servers.azure import Azure

    assert isinstance(azure, Azure)
    assert isinstance(program, Program)
    for server in program.needs:
        getattr(azure, server)
    system = azure.directory.user if program.host == "kubernetes" else azure.directory.system
    repository = Repository(program, folder, azure.values)
    command = f"python {' '.join(program.run)}"

    print(f"# {program.title}; {program.service}. With its key:")
    first = azure.host(program.host, system if program.identity_before else None)
    before = repository.run({**azure.network(), **first})
    show(command, before)

    print("# migrated:")
    migration = repository.mi_lint("migrate", "--write", "--unsafe-fixes")
    show("mi-lint migrate --write --unsafe-fixes", migration)
    if program.switch:
        values = {**azure.values, "identity": system.name}
        repository.set({name: fill(value, values) for name, value in program.switch.items()})

    print(f"# no key is left in any file. On {program.host.title()}, with its identity:")
    after = repository.run({**azure.network(), **azure.host(program.host, system)})
    show(command, after)

    print("# and on a host without identity:")
    alone = repository.run({**azure.network(), **azure.host(program.host, None), "IMPATIENT": "1"})
    reasons = (line for line in alone.stderr.splitlines() if "failed to retrieve a token" in line)
    print(f"$ {command}\n{next(reasons, alone.stderr)}\n")

    print("tokens that were handed out:")
    for name, audience in dict.fromkeys(azure.directory.issued):
        print(f"  {audience} for the identity {name}")
    left = [secret for text in repository.texts().values() for secret in azure.secrets if secret in text]
    same = before.stdout == after.stdout != alone.stdout
    return int(bool(left) or not same or before.returncode + after.returncode != 0 or not alone.returncode)


def show(command: str, done: subprocess.CompletedProcess[str]) -> None:
    print(f"$ {command}\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    raise SystemExit(main())
