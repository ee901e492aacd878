"""Commands of scripts: each word where it stands, whatever stands around it; and no crash on anything."""

from __future__ import annotations

import pytest

from mi_lint.commands.model import Command, NotUnderstood
from mi_lint.commands.shell import shell_commands
from mi_lint.textfile import Span

ODD = r"""#!/bin/bash
set -euo pipefail   # a comment; with ( and "
KEY=$(az keys list -n "$SA" --query "[0].value" -o tsv) OTHER='a b'
if [ -n "$X" ] && ! grep -q a <<< "$Y"; then az login -u "${ID:-"x y"}" \
   -p 'it''s' 2>/dev/null >> log; fi
cat <<-'EOF' | tee f
	az login -p inside
	EOF
case $1 in a|b) az one;; *) az two ;; esac
run() { az "three" "$(az four `az five`)"; }; ( az six ) &
echo "a \"quoted\" $((1 + 2)) ${{ secrets.X || 'y z' }}" $'tab\t' <(az seven)
for i in a b; do az eight --x="$i"; done
"""


def read(text: str) -> list[Command]:
    return shell_commands(text, Span(0, len(text)))


def test_every_command_comes_out_once_in_order() -> None:
    found = [" ".join(word.text for word in c.words) for c in read(ODD) if c.words and c.words[0].text == "az"]
    assert found == [
        "keys list -n $SA --query [0].value -o tsv".join(["az ", ""]),
        'az login -u ${ID:-"x y"} -p its',
        "az one",
        "az two",
        "az three $(az four `az five`)",
        "az four `az five`",
        "az five",
        "az six",
        "az seven",
        "az eight --x=$i",
    ]


def test_words_are_where_they_say() -> None:
    for command in read(ODD):
        for word in (*command.assignments, *command.words):
            raw = ODD[word.span.start : word.span.end]
            assert raw
            assert not raw[0].isspace()
            assert command.span.start <= word.span.start < word.span.end <= command.span.end
            if not set(raw) & set("'\"\\"):
                assert raw == word.text


def test_parts_of_scripts_are_read_or_refused() -> None:
    for end in range(len(ODD)):
        for text in (ODD[:end], ODD[end:], ODD[:end].replace("\n", "\r\n")):
            try:
                read(text)
            except NotUnderstood:
                continue


@pytest.mark.parametrize("text", ["echo 'a", 'echo "$(b"', "cat <<X\na\n", "echo ${a", "echo `a", "(" * 99])
def test_what_does_not_end_is_refused(text: str) -> None:
    with pytest.raises(NotUnderstood):
        read(text)
