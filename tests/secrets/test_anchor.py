"""Long texts are searched around what a match must hold: nothing is found or lost by it."""

from __future__ import annotations

import random
import string

from shipped import shipped_rulebook

from mi_lint.secrets.anchor import anchor_of
from mi_lint.secrets.detector import Detector
from mi_lint.secrets.minting import mint

KINDS = {kind.name: kind for kind in shipped_rulebook().kinds}


def test_every_pattern_finds_the_same_around_its_anchor() -> None:
    dice = random.Random(7)
    image = "".join(dice.choices(string.ascii_letters + string.digits + "+/", k=3_000))
    values = [mint(kind, dice, KINDS) for kind in KINDS.values() for _ in range(2)]
    lines = [f"{image[: dice.randrange(3_000)]}\nSharedAccessKey={value};AccountKey={value}" for value in values]
    text = "AIoT" + "\n".join([*lines, values[0]])
    anchored = 0
    for kind in Detector.of(KINDS.values(), shipped_rulebook()).kinds:
        for search in kind.by_text:
            if search.anchor:
                anchored += 1
                found = [match.span() for match in search.anchor.matches(search.text, text, text.lower())]
                assert found == [match.span() for match in search.text.finditer(text)], search.text.pattern
    assert anchored > 40


def test_letters_that_a_match_may_lack_are_no_anchor() -> None:
    assert anchor_of(r"[a-z]{30}(?:AIoT)?[a-z]{5}=") is None
    assert anchor_of(r"[a-z]{30}(?:AIoT|ACDb)[a-z]{5}=") is None
    assert anchor_of(r"[a-z]{30}AIoT(?![^ ]*x)") is None
    assert anchor_of(r"[a-z]+AIoT") is None  # of any length
    found = anchor_of(r"(?P<secret>(?-i:[A-Za-z]{30}\+ASt[a-z]{5}))")
    assert found is not None
    assert (found.letters, found.width) == ("+ast", 39)
