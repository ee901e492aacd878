"""How well detection does on the corpus, and that nothing but the files decides what it finds."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from shipped import shipped_rulebook

from mi_lint.findings import Finding
from mi_lint.secrets.run import Settings, find_all
from tests.corpus.generate import Expected, generate
from tests.corpus.projects import generate_projects
from tests.corpus.score import Found, Score, score

SEEDS = (1, 2)
SETTINGS = Settings(
    tuple(kind for kind in shipped_rulebook().kinds if kind.default),
    shipped_rulebook().emulator_keys,
    shipped_rulebook().references,
)


def _read(folder: Path) -> dict[str, bytes]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.fixture(scope="module", params=SEEDS)
def corpus(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Expected]]:
    folder = tmp_path_factory.mktemp("corpus")
    return folder, generate(request.param, folder)


@pytest.fixture(scope="module")
def result(corpus: tuple[Path, list[Expected]]) -> Score:
    folder, expected = corpus
    found = find_all(_read(folder), SETTINGS, jobs=1)
    assert found.errors == []
    return score(expected, [_found(finding) for finding in found.findings])


def _found(finding: Finding) -> Found:
    place = finding.place
    return Found(place.path, place.start, place.end, finding.kind, tuple((p.start, p.end) for p in finding.parts))


def test_the_corpus_is_reproducible(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    assert generate(7, one) == generate(7, two)
    assert _read(one) == _read(two)


def test_every_kind_is_in_the_corpus_often_enough(corpus: tuple[Path, list[Expected]]) -> None:
    _, expected = corpus
    counts = {kind.name: sum(item.kind == kind.name for item in expected) for kind in SETTINGS.kinds}
    counts.pop("possible-azure-secret")
    assert min(counts.values()) >= 4, counts


def test_expected_places_hold_something_random(corpus: tuple[Path, list[Expected]]) -> None:
    folder, expected = corpus
    for item in random.Random(1).sample(expected, 200):
        data = (folder / item.path).read_bytes()
        value = b"".join(data[start:end] for start, end in item.spans)
        assert len(value) >= 12
        assert len(set(value)) >= 8


def test_recall(result: Score) -> None:
    assert result.recall >= 0.99, result.missed
    assert result.plain_recall == 1.0, [item for item in result.missed if item.plain]


def test_precision(result: Score) -> None:
    assert result.precision >= 0.999, result.false


def test_kinds_and_places(result: Score) -> None:
    assert result.right_kind >= 0.99 * result.hit, result.wrong_kind
    assert result.exact >= 0.99 * result.hit, result.inexact


@pytest.mark.parametrize("engine", ["hyperscan", "ahocorasick", "re"])
def test_every_engine_finds_the_same(corpus: tuple[Path, list[Expected]], engine: str) -> None:
    if engine != "re":
        pytest.importorskip({"ahocorasick": "ahocorasick_rs"}.get(engine, engine))
    files = dict(list(_read(corpus[0]).items())[::4])
    own = Settings(SETTINGS.kinds, SETTINGS.emulator_keys, SETTINGS.references, engine=engine)
    assert find_all(files, own, jobs=1) == find_all(files, SETTINGS, jobs=1)


def test_the_number_of_processes_changes_nothing(corpus: tuple[Path, list[Expected]]) -> None:
    files = dict(list(_read(corpus[0]).items())[::4])
    files["padding.txt"] = b"nothing to see here\n" * 400_000  # more than one process gets at a time
    assert find_all(files, SETTINGS, jobs=3) == find_all(files, SETTINGS, jobs=1)


def test_the_prefilter_hides_nothing(corpus: tuple[Path, list[Expected]], monkeypatch: pytest.MonkeyPatch) -> None:
    """With every kind looked for in every file the findings are the same."""
    from mi_lint.secrets.detector import Detector

    files = dict(list(_read(corpus[0]).items())[::5])
    with_prefilter = find_all(files, SETTINGS, jobs=1)
    monkeypatch.setattr(Detector, "candidates", lambda self, data: list(self.kinds))
    monkeypatch.setattr(Detector, "passing", staticmethod(lambda kinds, texts: list(kinds)))
    monkeypatch.setattr("mi_lint.secrets.scan.may_assemble", lambda data: True)
    without = find_all(files, SETTINGS, jobs=1)
    missed = {(f.place, f.kind) for f in without.findings} - {(f.place, f.kind) for f in with_prefilter.findings}
    gone = {(f.place, f.kind) for f in with_prefilter.findings} - {(f.place, f.kind) for f in without.findings}
    assert gone == set()
    assert len(missed) <= 0.01 * len(without.findings), missed  # values in parts too short to be seen as parts


def test_whole_projects(tmp_path: Path) -> None:
    """Files as they are in projects, several secrets in each, with traps between them.

    Some keys are known by their use alone; those are found by the analysis of calls, which is not asked here.
    """
    expected = generate_projects(4, tmp_path)
    found = find_all(_read(tmp_path), SETTINGS, jobs=1)
    result = score(expected, [_found(finding) for finding in found.findings])
    assert found.errors == []
    assert result.recall >= 0.98, result.missed
    assert result.plain_recall >= 0.98, [item for item in result.missed if item.plain]
    assert result.precision >= 0.995, result.false
    assert result.right_kind >= 0.98 * result.hit, result.wrong_kind
    assert result.exact >= 0.99 * result.hit, result.inexact
