"""The range of extension versions that a host asks for, and what has to change in declarations when it is raised."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from mi_lint.bindings.sites import Declaration, Decorator, Site
from mi_lint.bindings.uses import BindingUse
from mi_lint.change import Plan
from mi_lint.edits import TextEdit
from mi_lint.errors import SourceError
from mi_lint.settings.items import JSON, bodies
from mi_lint.workspace import Workspace

_HOST = "host.json"
_BUNDLE = "extensionBundle"
_RANGE = "[4.0.0, 5.0.0)"


def raise_bundle(workspace: Workspace, plan: Plan, own: Iterable[BindingUse], everything: Iterable[BindingUse]) -> None:
    """Raise the range where it is too low for `own`; then all declarations beside it get the names of that version."""
    bundles = {bundle.file.path.removesuffix(_HOST): bundle for bundle in _bundles(workspace)}
    needed = {use: _nearest(bundles, use.place.path) for use in own}
    rest = list(everything)
    for folder, bundle in bundles.items():
        wanted = max((use.binding.version for use, near in needed.items() if near in (folder, None)), default=0)
        text, at = bundle.member("version") or ("", None)
        if at is not None and _least(text) < wanted:
            plan.edit_file(bundle.file.path, TextEdit(at, json.dumps(_RANGE)))
            told = f"{bundle.file.path} asks for extensions older than version {wanted}"
            plan.note(f"{told}, and gets the range {_RANGE}: test every trigger and binding")
            needed |= {use: folder for use in rest if _nearest(bundles, use.place.path) == folder}
    for use, near in needed.items():
        if use.binding.renames and near is None:
            plan.problem(None, use.rule.advice or use.rule.summary)
        _rename(plan, use)


def _nearest(folders: Iterable[str], path: str) -> str | None:
    """The folder of the app that a declaration belongs to; None where no app asks for a range."""
    return max((folder for folder in folders if path.startswith(folder)), key=len, default=None)


def _bundles(workspace: Workspace) -> Iterator[Declaration]:
    for path in workspace.files:
        if path.rpartition("/")[2] == _HOST:
            try:
                file = workspace.text(path)
            except SourceError:
                continue
            for body in bodies(file.text, JSON) or ():
                if body.owner == _BUNDLE:
                    yield Declaration(file, body)


def _least(text: str) -> int:
    """The least major version of a range; a high one where it cannot be told."""
    digits = text.strip("[( ").partition(".")[0]
    return int(digits) if digits.isdigit() else 99


def _rename(plan: Plan, use: BindingUse) -> None:
    site = use.site
    for old, new in use.binding.renames if site is not None else ():
        if not new and site is not None and site.has(old):
            place = f"{use.place.path}:{use.place.line}"
            plan.problem(None, f"`{old}` at {place} has no counterpart in version {use.binding.version}: remove it")
        edit = site.renamed(old, new) if new and site is not None else None
        if edit is not None and site is not None:
            change_site(plan, site, edit)


def change_site(plan: Plan, site: Site, edit: TextEdit) -> None:
    """An edit of a declaration, in Python or in another file."""
    if isinstance(site, Decorator):
        plan.edit(site.module, edit)
    else:
        plan.edit_file(site.file.path, edit)
