"""`mi-lint plan`: what must happen in Azure for the migration, as a checklist or as a script."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mi_lint.cli.hosts import host_steps
from mi_lint.cli.options import identity_options, paths_argument, rule_options, talk_options
from mi_lint.cli.scan import Scan, request_of, run_scan
from mi_lint.cli.talk import talk
from mi_lint.errors import UsageError
from mi_lint.findings import Applicability, Finding

if TYPE_CHECKING:
    from mi_lint.engine import ChangeSet
    from mi_lint.report.plans.model import (
        ConnectionStep,
        KeysOffStep,
        LeakStep,
        ManualStep,
        MigrationPlan,
        RoleStep,
        SettingStep,
    )
    from mi_lint.rulebook.model import Pack, Rulebook

_LOCK = re.compile(r"(?:poetry|uv|pdm|conda|pixi)(?:-lock)?\.(?:lock|ya?ml)|Pipfile\.lock|pylock(?:\.[\w-]+)?\.toml")
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
    click.echo(render(options["form"], build_plan(scan, options)).encode(), nl=False)
    raise click.exceptions.Exit(3 if scan.errors else 0)


def build_plan(scan: Scan, options: Mapping[str, Any]) -> MigrationPlan:
    """All that a scan found, as the steps of one migration.

    Raises:
        UsageError: a host is not known.
    """
    from mi_lint.report.plans.model import MigrationPlan

    changes = scan.changes(Applicability.REVIEW)
    rulebook = scan.rulebook
    identity = options["identity"] or scan.config.identity or "system"
    hosts = options.get("hosts", ())
    return MigrationPlan(
        identity=identity,
        client_id_setting=options["client_id_setting"] or "",
        hosts=host_steps(hosts, scan.project.files, rulebook, identity) if hosts or changes else (),
        roles=_roles(changes, rulebook),
        settings=_settings(changes),
        unread=[data["name"] for _, data in _preconditions(changes, "delete")],
        packages=_packages(changes),
        connections=_connections(scan),
        manual=_manual(scan),
        before=[text for text, _ in _preconditions(changes, "manual")],
        later=[text for text, _ in _preconditions(changes, "later")],
        keys_off=_keys_off(scan, rulebook),
        leaks=_leaks(scan, rulebook),
        locks=_locks(scan) if changes else (),
        by_hand=[text for text, _ in _preconditions(changes, "dependency")],
    )


def _preconditions(changes: ChangeSet | None, kind: str) -> list[tuple[str, dict[str, str]]]:
    found = [(c.text, dict(c.data)) for c in (changes.preconditions if changes else ()) if c.kind == kind]
    return list({str(item): item for item in found}.values())


def _roles(changes: ChangeSet | None, rulebook: Rulebook) -> list[RoleStep]:
    from mi_lint.report.plans.model import RoleStep, variable_name

    found: dict[tuple[str, str, str], RoleStep] = {}
    taken: set[str] = set()
    needed = [data for _, data in _preconditions(changes, "role")]
    open_ = {(data["service"], data["id"]) for data in needed if "template" not in data}
    for data in needed:
        pack, on = rulebook.pack(data["service"]), data.get("on", "")
        if pack is None or (pack.service, data["id"], on) in found or _is_covered(pack, data, needed):
            continue
        elsewhere = next((role.resource for _, role in pack.roles if role.id == data["id"]), "")
        title, resource = elsewhere or pack.title, "" if elsewhere else pack.resource
        base = variable_name(elsewhere or pack.service)
        name = next(n for n in (base, *(f"{base}_{number}" for number in range(2, 99))) if n not in taken)
        taken.add(name)
        given = [(grant.az, grant.bicep, grant.terraform) for grant in rulebook.grants if grant.kind == data["kind"]]
        what = (pack.service, title, data["name"], data["id"], data["kind"], name, resource)
        assigned = "" if (pack.service, data["id"]) in open_ else data["template"]
        pieces = given[0] if given else ("", "", "")
        found[pack.service, data["id"], on] = RoleStep(*what, *pieces, on, assigned)
    return list(found.values())


def _is_covered(pack: Pack, data: dict[str, str], needed: list[dict[str, str]]) -> bool:
    """Whether another role that is needed on the same resource allows the same and more."""
    beside = {d["id"] for d in needed if d["service"] == pack.service and d.get("on", "") == data.get("on", "")}
    names = {name for _, role in pack.roles if role.id in beside for name in role.covers}
    return any(role.id == data["id"] and name in names for name, role in pack.roles)


def _settings(changes: ChangeSet | None) -> list[SettingStep]:
    return [_setting(text, data) for text, data in _preconditions(changes, "setting")]


def _setting(text: str, data: dict[str, str]) -> SettingStep:
    from mi_lint.report.plans.model import SettingStep

    return SettingStep(
        data["name"], text, data.get("replaces", ""), data.get("value", ""), data.get("az", ""), "kept" in data
    )


def _packages(changes: ChangeSet | None) -> list[str]:
    return list(dict.fromkeys(text for text, _ in _preconditions(changes, "package")))


def _connections(scan: Scan) -> list[ConnectionStep]:
    from mi_lint.report.plans.model import ConnectionStep

    report = scan.report()
    by_name: dict[str, list[Finding]] = {}
    for finding in scan.filtered.kept:
        if finding.fix is not None and finding.fix.edits:
            by_name.setdefault(finding.fix.connection, []).append(finding)
    found = []
    for name, findings in by_name.items():
        fix = findings[0].fix
        assert fix is not None
        uses = tuple((f"{f.place.path}:{f.place.line}", report.redactor.prose(f.message)) for f in findings)
        notes = dict.fromkeys(report.redactor.prose(reason) for f in findings for reason in f.reasons)
        settings = (_setting(c.text, dict(c.data)) for c in fix.preconditions if c.kind == "setting")
        files = tuple(dict.fromkeys(edit.place.path for edit in fix.edits))
        level = fix.applicability.name.lower()
        found.append(
            ConnectionStep(name, fix.title, level, files, tuple(dict.fromkeys(uses)), tuple(settings), tuple(notes))
        )
    return found


def _locks(scan: Scan) -> list[str]:
    """Files that lock the versions of packages; each says so by its name, or by what is in it."""
    from mi_lint.dependencies import is_generated

    return [
        path
        for path, data in scan.project.files.items()
        if _LOCK.fullmatch(path.rpartition("/")[2])
        or (path.endswith(".txt") and b"==" in data and is_generated(data.decode("utf-8", "replace")))
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

    fixed = [finding for finding in scan.filtered.kept if finding.fix and finding.fix.edits]
    services = dict.fromkeys(finding.service for finding in fixed)
    needed = [dict(c.data) for f in fixed if f.fix for c in f.fix.preconditions if c.kind == "role"]
    for data in needed:
        own = rulebook.pack(data["service"])
        if own is not None and not own.keys_off:
            services |= dict.fromkeys(_owner(rulebook, data["id"]))
    found: dict[str, KeysOffStep] = {}
    for service in services:
        pack = rulebook.pack(service)
        off = dict(pack.keys_off) if pack is not None else {}
        if pack is None or not off.get("az"):
            continue
        before = found.get(off["az"])
        title = f"{before.title}, {pack.title}" if before else pack.title
        name = before.variable if before else variable_name(service)
        attributes = _attributes(rulebook, pack)
        found[off["az"]] = KeysOffStep(name, title, off["az"], off.get("breaks", ""), attributes)
    return list(found.values())


def _owner(rulebook: Rulebook, role: str) -> list[str]:
    """The pack of the resource that a role is about."""
    known = [pack for pack in rulebook.packs if pack.keys_off and pack.resource]
    return [pack.service for pack in known if any(one.id == role for _, one in pack.roles)][:1]


def _attributes(rulebook: Rulebook, pack: Pack) -> tuple[tuple[str, str, str], ...]:
    """The members of resources in templates that turn off the keys of what a pack is about."""
    names = [role.name for _, role in pack.roles]
    types = (resource for other in rulebook.packs for resource in other.templates)
    chosen = [t for t in types if any(fnmatchcase(name, pattern) for name in names for pattern in t.roles)]
    return tuple((resource.type, member, value) for resource in chosen for member, value in resource.keys_off)


def _leaks(scan: Scan, rulebook: Rulebook) -> list[LeakStep]:
    from mi_lint.report.plans.model import LeakStep

    kinds = {kind.id: kind for kind in rulebook.kinds}
    found: dict[tuple[str, str], list[str]] = {}
    for finding in scan.filtered.kept:
        if finding.rule in kinds:
            key = (finding.rule, finding.fingerprint)
            found.setdefault(key, []).append(f"{finding.place.path}:{finding.place.line}")
    return [LeakStep(kinds[rule].title, tuple(places), kinds[rule].advice) for (rule, _), places in found.items()]
