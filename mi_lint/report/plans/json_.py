"""The plan as JSON, field by field as in the model, less the templates of scripts."""

from __future__ import annotations

import dataclasses
import json

from mi_lint import __version__
from mi_lint.report.plans.model import MigrationPlan


def plan_json(plan: MigrationPlan) -> str:
    body = dataclasses.asdict(plan)
    for role in body["roles"]:
        for template in ("az", "bicep", "terraform"):
            del role[template]
    return (
        json.dumps({"version": 1, "tool": {"name": "mi-lint", "version": __version__}, "plan": body}, indent=2) + "\n"
    )
