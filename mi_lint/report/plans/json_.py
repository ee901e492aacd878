"""The plan as JSON, field by field as in the model, less the templates of scripts."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from mi_lint import __version__
from mi_lint.report.plans.model import MigrationPlan


def plan_json(plan: MigrationPlan) -> str:
    tool = {"name": "mi-lint", "version": __version__}
    return json.dumps({"version": 1, "tool": tool, "plan": plan_body(plan)}, indent=2) + "\n"


def plan_body(plan: MigrationPlan) -> dict[str, Any]:
    """The plan as it stands in a larger document."""
    body = dataclasses.asdict(plan) | {"deleted": plan.deleted}
    for role in body["roles"]:
        for template in ("az", "bicep", "terraform"):
            del role[template]
    return body
