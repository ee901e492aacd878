"""`mi-lint plan`: what must happen in Azure for the migration, as a checklist or as a script."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mi_lint.cli.options import identity_options, paths_argument, rule_options, talk_options
from mi_lint.cli.scan import Scan, request_of, run_scan
from mi_lint.cli.talk import talk
from mi_lint.errors import UsageError
from mi_lint.findings import Applicability

if TYPE_CHECKING:
    from mi_lint.engine import ChangeSet
    from mi_lint.report.plans.model import (
        ConnectionStep,
        HostStep,
        KeysOffStep,
        LeakStep,
        ManualStep,
        MigrationPlan,
        RoleStep,
        SettingStep,
    )
    from mi_lint.rulebook.model import Rulebook

FORMATS = ("markdown", "json", "az", "bicep", "terraform")


@click.command()
@paths_argument
@click.option("--format", "form", type=click.Choice(FORMATS), default="markdown", show_default=True, help="Format.")
@click.option("--host", "hosts", metavar="HOST", multiple=True, help="Where the code runs, such as functions or aks.")
@rule_options
@identity_options
@talk_options
def plan(**options: Any) -> None:
    """Show what the whole migration needs in Azure: identity, roles, settings, and keys off as the last step.

    PATHS are files and folders (default: the current folder). Nothing is written or called.
    """
    from mi_lint.report.plans import render

    if Path("-") in options["paths"]:
        raise UsageError("plan works on files and folders, not on standard input")
    scan = run_scan(request_of(options))
    talk(scan, options)
    made = build_plan(scan, options["hosts"], options["identity"] or scan.config.identity, options["client_id_setting"])
    click.echo(render(options["form"], made).encode(), nl=False)
    raise click.exceptions.Exit(3 if scan.errors else 0)


def build_plan(scan: Scan, hosts: Iterable[str], identity: str, client_id_setting: str | None) -> MigrationPlan:
    """All that a scan found, as the steps of one migration.

    Raises:
        UsageError: a host is not known.
    """
    from mi_lint.report.plans.model import MigrationPlan

    changes = scan.changes(Applicability.REVIEW)
    rulebook = scan.rulebook
    roles = _roles(changes, rulebook)
    return MigrationPlan(
        identity=identity or "system",
        client_id_setting=client_id_setting or "",
        hosts=_hosts(hosts, rulebook, identity),
        roles=roles,
        settings=_settings(changes),
        packages=_packages(changes),
        connections=_connections(scan),
        manual=_manual(scan),
        keys_off=_keys_off(scan, rulebook),
        leaks=_leaks(scan, rulebook),
    )


def _hosts(names: Iterable[str], rulebook: Rulebook, identity: str) -> list[HostStep]:
    from mi_lint.report.plans.model import HostStep

    known = {host.name: host for host in rulebook.hosts}
    found = []
    for name in dict.fromkeys(names):
        if name not in known:
            raise UsageError(f"host '{name}' is unknown; use one of {', '.join(sorted(known))}")
        host = known[name]
        command = host.user if identity == "user" else host.system
        found.append(HostStep(host.name, host.title, command, host.set, host.delete, host.notes))
    return found


def _preconditions(changes: ChangeSet | None, kind: str) -> list[tuple[str, dict[str, str]]]:
    found = [(c.text, dict(c.data)) for c in (changes.preconditions if changes else ()) if c.kind == kind]
    return list({str(item): item for item in found}.values())


def _roles(changes: ChangeSet | None, rulebook: Rulebook) -> list[RoleStep]:
    from mi_lint.report.plans.model import RoleStep, variable_name

    found: dict[tuple[str, str], RoleStep] = {}
    taken: set[str] = set()
    for _, data in _preconditions(changes, "role"):
        pack = rulebook.pack(data["service"])
        if pack is None or (pack.service, data["id"]) in found:
            continue
        elsewhere = next((role.resource for _, role in pack.roles if role.id == data["id"]), "")
        title, resource = elsewhere or pack.title, "" if elsewhere else pack.resource
        base = variable_name(elsewhere or pack.service)
        name = next(n for n in (base, *(f"{base}_{number}" for number in range(2, 99))) if n not in taken)
        taken.add(name)
        given = [(grant.az, grant.bicep, grant.terraform) for grant in rulebook.grants if grant.kind == data["kind"]]
        what = (pack.service, title, data["name"], data["id"], data["kind"], name, resource)
        found[pack.service, data["id"]] = RoleStep(*what, *(given[0] if given else ()))
    return list(found.values())


def _settings(changes: ChangeSet | None) -> list[SettingStep]:
    from mi_lint.report.plans.model import SettingStep

    return [
        SettingStep(data["name"], text, data.get("replaces", "")) for text, data in _preconditions(changes, "setting")
    ]


def _packages(changes: ChangeSet | None) -> list[str]:
    return list(dict.fromkeys(text for text, _ in _preconditions(changes, "package")))


def _connections(scan: Scan) -> list[ConnectionStep]:
    from mi_lint.report.plans.model import ConnectionStep

    fixes = {f.fix.connection: f.fix for f in scan.filtered.kept if f.fix is not None and f.fix.edits}
    return [
        ConnectionStep(
            fix.connection,
            fix.title,
            fix.applicability.name.lower(),
            tuple(dict.fromkeys(edit.place.path for edit in fix.edits)),
        )
        for fix in fixes.values()
    ]


def _manual(scan: Scan) -> list[ManualStep]:
    from mi_lint.report.model import effective
    from mi_lint.report.plans.model import ManualStep

    report = scan.report()
    kinds = {kind.id for kind in scan.rulebook.kinds}
    return [
        ManualStep(
            f"{finding.place.path}:{finding.place.line}",
            finding.rule,
            report.redactor.prose(finding.message),
            report.redactor.prose((*finding.reasons, finding.advice)[0]),
        )
        for finding in scan.filtered.kept
        if effective(finding) is Applicability.MANUAL and finding.rule not in kinds
    ]


def _keys_off(scan: Scan, rulebook: Rulebook) -> list[KeysOffStep]:
    """One step per kind of resource: packs of one resource have the same command."""
    from mi_lint.report.plans.model import KeysOffStep, variable_name

    services = dict.fromkeys(finding.service for finding in scan.filtered.kept if finding.fix and finding.fix.edits)
    found: dict[str, KeysOffStep] = {}
    for service in services:
        pack = rulebook.pack(service)
        off = dict(pack.keys_off) if pack is not None else {}
        if pack is None or not off.get("az"):
            continue
        before = found.get(off["az"])
        title = f"{before.title}, {pack.title}" if before else pack.title
        found[off["az"]] = KeysOffStep(
            before.variable if before else variable_name(service), title, off["az"], off.get("breaks", "")
        )
    return list(found.values())


def _leaks(scan: Scan, rulebook: Rulebook) -> list[LeakStep]:
    from mi_lint.report.plans.model import LeakStep

    kinds = {kind.id: kind for kind in rulebook.kinds}
    found: dict[tuple[str, str], list[str]] = {}
    for finding in scan.filtered.kept:
        if finding.rule in kinds:
            key = (finding.rule, finding.fingerprint)
            found.setdefault(key, []).append(f"{finding.place.path}:{finding.place.line}")
    return [LeakStep(kinds[rule].title, tuple(places), kinds[rule].advice) for (rule, _), places in found.items()]
