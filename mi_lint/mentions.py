"""Texts that tell of a secret in files of any kind: they are only reported, with what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mi_lint.config_rules import ConfigPlan, config_plan, rules_with
from mi_lint.errors import SourceError
from mi_lint.identity import Options
from mi_lint.rulebook.model import Rule
from mi_lint.textfile import Span, TextFile
from mi_lint.workspace import Workspace

_CONTINUED = re.compile(r"[`\\][ \t]*\r?\n")


def mention_plans(workspace: Workspace, options: Options) -> Iterator[ConfigPlan]:
    """A plan without edits for each place."""
    rules = [rule for rule in rules_with(workspace, lambda rule: rule.mention is not None) if options.selects(rule)]
    endings = {ending for rule in rules for ending, _ in rule.words}
    for path in sorted(workspace.files) if rules else ():
        if not path.endswith(tuple(endings)):
            continue
        lower = workspace.files[path].lower()
        for rule in rules:
            words = [word for ending, found in rule.words if path.endswith(ending) for word in found]
            if not any(word.lower().encode() in lower for word in words):
                continue
            try:
                yield from _in_file(workspace.text(path), rule)
            except SourceError:
                continue


def _in_file(file: TextFile, rule: Rule) -> Iterator[ConfigPlan]:
    mention = rule.mention
    assert mention is not None
    if not re.search(mention.files, file.path):
        return
    text = _CONTINUED.sub(lambda match: " " * len(match[0]), file.text)
    for match in re.finditer(mention.pattern, text):
        line = file.line_text(file.line_column(match.start())[0]).lstrip()
        if not (mention.comment and line.startswith(mention.comment)):
            shown = match["name"] if "name" in match.groupdict() and match["name"] else rule.name.replace("-", " ")
            yield config_plan(rule, file, Span(*match.span()), f"`{shown}` takes a secret")
