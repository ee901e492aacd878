"""Every example in every pack: found once, of that kind, at that place; or not found at all."""

from __future__ import annotations

import random
import re
from functools import cache

import pytest
from shipped import shipped_rulebook

from mi_lint.rulebook.kinds import SHAPE, SecretExample, SecretKind
from mi_lint.secrets.detector import Detector
from mi_lint.secrets.examples import problem_of
from mi_lint.secrets.minting import mint
from mi_lint.secrets.sampling import sample

KINDS = {kind.name: kind for kind in shipped_rulebook().kinds}
EXAMPLES = [
    pytest.param(example, kind, id=f"{kind.name}-{example.title}")
    for kind in KINDS.values()
    for example in kind.examples
]


@cache
def _detector() -> Detector:
    return Detector.of(KINDS.values(), shipped_rulebook())


@pytest.mark.parametrize(("example", "kind"), EXAMPLES)
def test_example(example: SecretExample, kind: SecretKind) -> None:
    assert problem_of(example, kind, KINDS, _detector()) == ""


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_kind_has_examples_of_both_sorts(kind: SecretKind) -> None:
    assert sum(not example.silent for example in kind.examples) >= 2
    assert sum(example.silent for example in kind.examples) >= 2


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_minted_values_have_the_shape(kind: SecretKind) -> None:
    values = {mint(kind, random.Random(seed), KINDS) for seed in range(5)}
    assert all(re.fullmatch(kind.shape, value) for value in values)
    assert len(values) == 5


def test_all_published_kinds_are_there() -> None:
    assert len([kind for kind in KINDS.values() if kind.id != "MI190"]) == 74
    assert {f"MI{number}" for number in range(101, 174)} <= {kind.id for kind in KINDS.values()}


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_patterns_run_in_linear_time(kind: SecretKind) -> None:
    """RE2 knows nothing that backtracks, and Python's engine means the same by what it accepts."""
    re2 = pytest.importorskip("re2")
    patterns = [kind.shape]
    for search in kind.find:
        text = search.text.replace(SHAPE, f"(?P<secret>(?-i:{kind.shape}))")
        patterns += [text, search.names, search.line, search.within, search.without, search.near, search.file]
    for pattern in filter(None, patterns):
        re2.compile(f"(?i){pattern}")


def test_sampling_refuses_what_it_cannot_make() -> None:
    with pytest.raises(ValueError, match="can't be sampled"):
        sample(r"a(?=b)", random.Random(1))


@pytest.mark.parametrize("pattern", ["[a-f0-9]{32}", r"(?:ab|cd)+x\d?", "[^;]{4,6}", r"\w{3}-.{2}"])
def test_samples_match(pattern: str) -> None:
    for seed in range(20):
        assert re.fullmatch(pattern, sample(pattern, random.Random(seed)))
