"""Variables of a script that nothing reads after a change: their assignments go too, if nothing else comes of them."""

from __future__ import annotations

import re

from mi_lint.commands.matching import Match, Variables, variable
from mi_lint.commands.model import Command
from mi_lint.edits import TextEdit, apply
from mi_lint.scripts.places import Script
from mi_lint.textfile import Span, TextFile
from mi_lint.workflows.lines import above, line_end, line_start

_PRINTERS = frozenset({"echo", "printf", "jq", "tr", "cut", "sed", "awk", "grep", "head", "tail", "cat"})
VARIABLE = re.compile(r"\$\{?([A-Za-z_]\w*)")


def dead_assignments(
    file: TextFile, commands: list[Command], edits: list[TextEdit], sources: str
) -> tuple[list[TextEdit], list[str]]:
    """Edits that take assignments away, and the names of variables that stay although nothing there reads them."""
    variables = Variables.of(commands)
    found = list(edits)
    stay: dict[str, None] = {}
    while True:
        names = dict.fromkeys(n for edit in found for n in VARIABLE.findall(file.text[edit.span.start : edit.span.end]))
        fresh = None
        for name in names:
            command = variables.commands.get(name)
            if command is None or name in stay or _is_read(apply(file.text, found), name):
                continue
            span = _lines(file, command)
            given = variables.texts[name].value
            pure = _is_pure(command, given, commands, sources)
            if span is None or name in variables.several or not pure or _is_exported(command):
                stay[name] = None
            elif all(edit.span != span for edit in found):
                fresh = TextEdit(span, "")
                break
        if fresh is None:
            return found[len(edits) :], list(stay)
        found.append(fresh)


def other_reads(script: Script, match: Match) -> str:
    """Why a sign-in cannot change: the script asks elsewhere for the secret, as where it chooses how to sign in."""
    file, secret = script.file, match.secret.span
    own = [command.span for command in script.commands if command.words and command.words[0].text == "az"]
    for name in dict.fromkeys(VARIABLE.findall(match.secret.value)):
        set_at = [w.span for c in script.commands for w in (*c.assignments, *c.words) if w.text.startswith(f"{name}=")]
        for mention in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", file.text):
            line = file.line_column(mention.start())[0]
            here = Span(*mention.span())
            known = here in secret or any(here in span for span in own) or any(here.start == s.start for s in set_at)
            if not known and not file.line_text(line).lstrip().startswith("#"):
                return f"{name} is also read in line {line}: let the script sign in without asking for it"
    return ""


def _is_read(text: str, name: str) -> bool:
    """Whether a script names a variable anywhere but where it is set."""
    for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text):
        line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
        if not re.match(r"\+?=", text[match.end() :]) and not line.lstrip().startswith("#"):
            return True
    return False


def _is_pure(command: Command, value: str, commands: list[Command], sources: str) -> bool:
    """Whether an assignment does nothing but set its variable: of commands, only those that print something."""
    inside = [c for c in commands if c.nested and command.span.start <= c.span.start < command.span.end]
    texts = [" ".join(word.text for word in c.words) for c in inside]
    if inside:
        return all(text.partition(" ")[0] in _PRINTERS or (sources and re.match(sources, text)) for text in texts)
    return variable(value) is not None or not set("`(") & set(value)


def _is_exported(command: Command) -> bool:
    """Whether programs that the script runs may read the variable."""
    return bool(command.words) and command.words[0].text == "export"


def _lines(file: TextFile, command: Command) -> Span | None:
    """The lines of an assignment that has them to itself, and that stands in no branch."""
    if len(command.assignments) + len(command.words[1:]) != 1 or command.nested or command.lead != "\n":
        return None
    start, end = line_start(file, command.span.start), line_end(file, command.span.end)
    rest = file.text[command.span.end : end].strip()
    indented = file.text[start : command.span.start]
    if indented.strip() or (rest and not rest.startswith("#")) or command.trail != "\n":
        return None
    comment = above(file, start, indented)
    text = file.text[comment:start]
    alone = comment == 0 or not file.text[:comment].splitlines()[-1].strip()
    follows = not file.text[end : line_end(file, end)].strip() if end < len(file.text) else True
    return Span(comment if text and alone and follows and not text.startswith("#!") else start, end)
