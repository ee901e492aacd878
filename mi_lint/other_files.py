"""All edits of plans to files that are no Python, together: settings, templates, and what dies with their secrets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mi_lint.access import Granter
from mi_lint.access_edits import access_edits
from mi_lint.change import Plan
from mi_lint.edits import TextEdit
from mi_lint.identity import Options
from mi_lint.python.project import Module
from mi_lint.settings.alignment import aligned
from mi_lint.settle import settings_edits
from mi_lint.template_sweep import swept
from mi_lint.workspace import Workspace


def other_edits(
    workspace: Workspace, options: Options, plans: Sequence[Plan], changed: Mapping[str, Module]
) -> dict[str, list[TextEdit]]:
    """Edits by path. `changed` are the modules that the plans change, as they are afterwards.

    Raises:
        ValueError: some of them overlap.
    """
    found = settings_edits(workspace, plans, changed)
    granter = Granter(workspace, options)
    for group in (access_edits(granter, plans), *(plan.files for plan in plans)):
        for path, more in group.items():
            known = found.setdefault(path, [])
            known.extend(edit for edit in more if edit not in known)
    if any(path.endswith((".tf", ".bicep")) for path in found):
        found = swept(workspace, granter.stacks, found)
    for path, edits in found.items():
        if path.endswith((".tf", ".tfvars")):
            found[path] = aligned(workspace.text(path).text, edits)
    return found
