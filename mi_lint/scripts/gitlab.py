"""A token for a job of GitLab CI, with which its commands sign in."""

from __future__ import annotations

from typing import Any

from mi_lint.commands.model import NotUnderstood
from mi_lint.edits import TextEdit
from mi_lint.rulebook.config_model import SignIn
from mi_lint.scripts.places import Script
from mi_lint.settings.yaml_scalars import child, pairs, word
from mi_lint.workflows.lines import end_of, inserted, line_end, line_start, lines, margin_of

_TOKENS = "id_tokens"


def give_token(script: Script, sign_in: SignIn) -> list[TextEdit]:
    """Edits that declare the token in the job of a script.

    Raises:
        NotUnderstood: the script belongs to no one job.
        NotOnLines: the job is not written on lines of its own.
    """
    if len(script.around) != 2:
        raise NotUnderstood(f"the script is that of no one job: give the jobs `{_TOKENS}`, and the command its token")
    file, job = script.file, script.around[-1]
    entry = next(((key, value) for key, value in pairs(job) if key.value == _TOKENS), None)
    if entry is None:
        margin = margin_of(file, script.key)
        texts = [f"{_TOKENS}:", f"  {sign_in.token}:", f"    aud: {sign_in.audience}"]
        return [inserted(file, line_start(file, script.key.start_mark.index), lines(file, margin, texts))]
    if word(child(child(entry[1], sign_in.token), "aud")) == sign_in.audience:
        return []
    if child(entry[1], sign_in.token) is not None:
        raise NotUnderstood(f"{sign_in.token} is for another audience")
    return [_further(script, entry[1], sign_in)]


def _further(script: Script, tokens: Any, sign_in: SignIn) -> TextEdit:
    file = script.file
    margin = margin_of(file, tokens.value[0][0])
    at = line_end(file, end_of(file, tokens))
    return inserted(file, at, lines(file, margin, [f"{sign_in.token}:", f"  aud: {sign_in.audience}"]))
