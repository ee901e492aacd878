"""A program that works with its key works without it, on the same server, with the token of a managed identity.

Every program runs with its key, is migrated by the command line, and runs again with all keys gone from its files and
its environment: as a host with a system-assigned identity, as one with a user-assigned identity, and as one that has
no identity, where it must fail with an authentication error.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from legacy_program import Program, Repository, fill, programs
from servers.azure import Azure
from servers.identities import Identity

AUTHENTICATION_ERROR = re.compile(
    r"CredentialUnavailableError|ClientAuthenticationError|DefaultAzureCredential failed to retrieve a token"
    # Event Hubs keeps the text of the error, and not its type
    r"|ManagedIdentityCredential authentication unavailable"
)
CLIENT_ID = "AZURE_CLIENT_ID"
Record = Callable[[str, object], None]


MOVED = [program for program in programs() if not program.manual]
LEFT = [program for program in programs() if program.manual]


@pytest.mark.parametrize("program", MOVED, ids=lambda program: program.name)
def test_program(program: Program, azure: Azure, tmp_path: Path, record_property: Record) -> None:
    for server in program.needs:
        getattr(azure, server)

    system = azure.directory.user if program.host == "kubernetes" else azure.directory.system
    legacy = Repository(program, tmp_path / "legacy", azure.values)
    issued = len(azure.directory.issued)
    before = legacy.run({**azure.network(), **azure.host(program.host, system if program.identity_before else None)})
    assert (before.stdout, before.returncode) == (program.prints, 0), before.stderr
    managed = [name for name, _ in azure.directory.issued[issued:] if name != azure.directory.application.name]
    assert bool(managed) == program.identity_before

    moved = migrated(program, azure, tmp_path / "system")
    runs_as(moved, program, azure, program.host, system)
    record_property("migrated program", row(program, f"{program.host}: {system.name}"))

    with_user = migrated(program, azure, tmp_path / "user", "--identity", "user", "--client-id-setting", CLIENT_ID)
    other = azure.directory.other
    host = "virtual machine" if program.host == "app service" else "app service"
    runs_as(with_user, program, azure, host, other, {CLIENT_ID: other.client_id})
    record_property("migrated program", row(program, f"{host}: {other.name}"))

    alone = moved.run({**azure.network(), **azure.host(program.host, None), "IMPATIENT": "1"})
    assert alone.returncode != 0
    assert AUTHENTICATION_ERROR.search(alone.stderr), alone.stderr
    assert alone.stdout != program.prints


@pytest.mark.parametrize("program", LEFT, ids=lambda program: program.name)
def test_program_that_a_person_has_to_move(program: Program, azure: Azure, tmp_path: Path) -> None:
    """Its findings say why and what to do; the migration does not touch it, and it goes on to work with its key."""
    for server in program.needs:
        getattr(azure, server)
    repository = Repository(program, tmp_path / "legacy", azure.values)
    texts = repository.texts()
    done = repository.mi_lint("migrate", "--write", "--unsafe-fixes")
    assert done.returncode == 1
    assert repository.texts() == texts
    lines = done.stdout.splitlines()
    for rule, advice in program.manual.items():
        place = next(index for index, line in enumerate(lines) if line.startswith("manual") and rule in line)
        assert advice in lines[place + 1]
    after = repository.run({**azure.network(), **azure.host(program.host, None)})
    assert (after.stdout, after.returncode) == (program.prints, 0), after.stderr


def migrated(program: Program, azure: Azure, folder: Path, *options: str) -> Repository:
    """The program after `mi-lint migrate`: no key is left, and a second run changes nothing."""
    repository = Repository(program, folder, azure.values)
    command = ("migrate", "--write", "--unsafe-fixes", *options, *program.options)
    done = repository.mi_lint(*command)
    assert done.returncode == 0, done.stdout + done.stderr
    texts = repository.texts()
    assert texts != Repository(program, folder.with_name(f"{folder.name}-original"), azure.values).texts()
    assert not [path for path, text in texts.items() for secret in azure.secrets if secret in text]
    assert not [secret for secret in azure.secrets if secret in done.stdout + done.stderr]
    repository.mi_lint(*command, "--allow-dirty")
    assert repository.texts() == texts
    return repository


def runs_as(
    repository: Repository,
    program: Program,
    azure: Azure,
    host: str,
    identity: Identity,
    environment: dict[str, str] | None = None,
) -> None:
    """It prints the same, and the only tokens that it got are those of this identity."""
    if program.switch:
        values = {**azure.values, "identity": identity.name}
        repository.set({name: fill(value, values) for name, value in program.switch.items()})
    issued = len(azure.directory.issued)
    done = repository.run({**azure.network(), **azure.host(host, identity), **(environment or {})})
    assert (done.stdout, done.returncode) == (program.prints, 0), explain(repository, done)
    assert {name for name, _ in azure.directory.issued[issued:]} == {identity.name}


def explain(repository: Repository, done: subprocess.CompletedProcess[str]) -> str:
    return repository.git("diff") + done.stderr[-3000:]


def row(program: Program, identity: str) -> dict[str, str]:
    return {
        "program": program.name,
        "service": program.service,
        "identity": identity,
        "before": "runs with its key",
        "after": "runs without, fails without identity",
    }
