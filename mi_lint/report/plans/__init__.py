"""What a migration needs in Azure, as a document or as a script: one format per module."""

from __future__ import annotations

from mi_lint.report.plans.model import MigrationPlan

FORMATS = ("markdown", "json", "az", "bicep", "terraform")


def render(name: str, plan: MigrationPlan) -> str:
    """The plan in one of the formats."""
    if name == "markdown":
        from mi_lint.report.plans.markdown import markdown

        return markdown(plan)
    if name == "json":
        from mi_lint.report.plans.json_ import plan_json

        return plan_json(plan)
    if name == "az":
        from mi_lint.report.plans.az import az_script

        return az_script(plan)
    if name == "bicep":
        from mi_lint.report.plans.bicep import bicep_module

        return bicep_module(plan)
    from mi_lint.report.plans.terraform import terraform_file

    return terraform_file(plan)
