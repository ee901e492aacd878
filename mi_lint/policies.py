"""Policies in XML that send a secret in a header: another element takes the place of the one that sets it.

The text of a policy holds expressions of code with quotes and brackets, so it is no XML to a parser; only spans change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mi_lint.config_rules import ConfigPlan, config_plan, rules_with
from mi_lint.edits import TextEdit
from mi_lint.errors import SourceError
from mi_lint.findings import Precondition
from mi_lint.identity import Options
from mi_lint.rulebook.config_model import PolicyChange
from mi_lint.rulebook.model import Rule
from mi_lint.textfile import Span, TextFile
from mi_lint.workspace import Workspace

_NAMED = re.compile(r"\s*\{\{\s*(?P<name>[\w.-]+)\s*\}\}\s*")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_INBOUND = re.compile(r"<(?P<close>/?)inbound\b")
_REQUEST = re.compile(r"<(?P<close>/?)send-(?:one-way-)?request\b")


def policy_plans(workspace: Workspace, options: Options) -> Iterator[ConfigPlan]:
    """A plan for each element that sets a header to a named value."""
    rules = [rule for rule in rules_with(workspace, lambda rule: rule.policy is not None) if options.selects(rule)]
    endings = {ending for rule in rules for ending, _ in rule.words}
    for path in sorted(workspace.files) if rules else ():
        if not path.lower().endswith(tuple(endings)) or b"<policies" not in workspace.files[path]:
            continue
        try:
            file = workspace.text(path)
        except SourceError:
            continue
        for rule in rules:
            yield from _in_file(workspace, options, file, rule)


def _in_file(workspace: Workspace, options: Options, file: TextFile, rule: Rule) -> Iterator[ConfigPlan]:
    change = rule.policy
    assert change is not None
    if change.about and not re.search(change.about, file.text):
        return
    hidden = [match.span() for match in _COMMENT.finditer(file.text)]
    for match in _elements(change, file.text):
        value = _NAMED.fullmatch(match["value"])
        if value is None or any(start <= match.start() < end for start, end in hidden):
            continue
        plan = config_plan(rule, file, Span(*match.span()), f"the header `{match['header']}` carries a named value")
        if not change.becomes:
            plan.problem(None, rule.advice or rule.summary)
        elif not _within(_INBOUND, file.text, match.start()) or _within(_REQUEST, file.text, match.start()):
            plan.problem(None, "it is not in the inbound section, where alone an identity can sign in: do that there")
        else:
            client = f' client-id="{options.client_id}"' if options.client_id else ""
            plan.edit_file(file.path, TextEdit(Span(*match.span()), change.becomes.replace("{client}", client)))
            plan.preconditions.append(_named_value(workspace, value["name"]))
        yield plan


def _elements(change: PolicyChange, text: str) -> Iterator[re.Match[str]]:
    element = re.escape(change.element)
    headers = "|".join(re.escape(header) for header in change.headers)
    pattern = (
        rf"(?i)<{element}\s+(?:[\w-]+=\"[^\"<>]*\"\s+)?name=\"(?P<header>{headers})\"[^<>]*>\s*"
        rf"<value>(?P<value>[^<>]*)</value>\s*</{element}>"
    )
    return re.finditer(pattern, text)


def _within(tag: re.Pattern[str], text: str, at: int) -> bool:
    """Whether the nearest tag before a place opens what it names."""
    before = [match["close"] for match in tag.finditer(text, 0, at)]
    return bool(before) and not before[-1]


def _named_value(workspace: Workspace, name: str) -> Precondition:
    pattern = re.compile(rb"\{\{\s*" + re.escape(name).encode() + rb"\s*\}\}")
    used = sum(len(pattern.findall(data)) for path, data in workspace.files.items() if path.lower().endswith(".xml"))
    text = f"the named value {name}: delete it once no policy uses it"
    return Precondition("later", text + (f" ({used - 1} more here)" if used > 1 else ""), (("name", name),))
