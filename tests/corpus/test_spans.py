"""Every expected place really holds the secret that was made for it, and no file of the repository holds one."""

from __future__ import annotations

import base64
import binascii
import html
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from random import Random
from urllib.parse import unquote

import pytest

from tests.corpus import generate as places
from tests.corpus import projects
from tests.corpus.contexts import Context, Written, all_contexts
from tests.corpus.draft import Draft
from tests.corpus.generate import Expected
from tests.corpus.secrets import FORMS, Form

ROOT = Path(__file__).resolve().parents[2]
_RUN = re.compile(r"[A-Za-z0-9+/]+={0,2}")
_READINGS: tuple[Callable[[str], str], ...] = (
    str,
    unquote,
    lambda text: unquote(unquote(text)),
    html.unescape,
    lambda text: text.replace("\\/", "/").replace("\\u002B", "+").replace("\\u0026", "&").replace("\\n", "\n"),
)


def _minted_places(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Expected, Form]]:
    """The short files, each secret with the form that was written."""
    forms: list[Form] = []

    def recorded(write: Context) -> Context:
        def call(form: Form, r: Random) -> Written | None:
            written = write(form, r)
            if written is not None:
                forms.append(form)
            return written

        return call

    contexts = [(name, recorded(write), plain) for name, write, plain in all_contexts()]
    monkeypatch.setattr(places, "all_contexts", lambda: contexts)
    return list(zip(places.generate(3, folder), forms, strict=True))


def _minted_projects(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Expected, Form]]:
    """The long files, each secret with the form that was written."""
    forms: list[Form] = []
    write = Draft.secret

    def recorded(draft: Draft, form: Form, escape: Callable[[str], str] = str) -> None:
        forms.append(form)
        write(draft, form, escape)

    monkeypatch.setattr(Draft, "secret", recorded)
    return list(zip(projects.generate_projects(3, folder), forms, strict=True))


MINTED = (_minted_places, _minted_projects)


def _text(data: bytes) -> tuple[bytes, str]:
    """The byte order mark and the codec of the rest."""
    for mark, codec in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"\xef\xbb\xbf", "utf-8")):
        if data.startswith(mark):
            return mark, codec
    return b"", "utf-8"


def _decoded(text: str) -> str:
    """The text that a base64 run holds, or nothing."""
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _holds(data: bytes, spans: tuple[tuple[int, int], ...], value: str) -> bool:
    codec = _text(data)[1]
    written = "".join(data[start:end].decode(codec) for start, end in spans)
    if any(reading(written) == value for reading in _READINGS):
        return True
    start, end = spans[0]
    runs = (m.group() for m in _RUN.finditer(data.decode(codec)) if m.start() <= start and end <= m.end())
    once = "".join(_decoded(run) for run in runs)
    return value in once or any(value in _decoded(inner) for inner in _nested(once))


def _nested(text: str) -> list[str]:
    """Base64 inside of decoded text; a user name before a password is a part of it."""
    found = [_decoded(run.group()) for run in _RUN.finditer(text) if len(run.group()) > 40]
    return [run.group() for run in _RUN.finditer(text)] + found


@pytest.mark.parametrize("minted", MINTED)
def test_every_expected_place_holds_its_secret(
    minted: Callable[[Path, pytest.MonkeyPatch], list[tuple[Expected, Form]]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wrong = []
    for item, form in minted(tmp_path, monkeypatch):
        assert item.kind == form.kind
        if not _holds((tmp_path / item.path).read_bytes(), item.spans, form.value):
            wrong.append((item.path, item.where))
    assert wrong == []


def test_projects_are_reproducible(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    assert projects.generate_projects(5, one) == projects.generate_projects(5, two)
    files = [path.relative_to(one) for path in one.rglob("*") if path.is_file()]
    assert all((one / path).read_bytes() == (two / path).read_bytes() for path in files)


def test_projects_hold_every_kind_with_a_name_and_many_files_without_secrets(tmp_path: Path) -> None:
    expected = projects.generate_projects(5, tmp_path)
    counts = {
        kind: sum(item.kind == kind for item in expected) for kind, forms in FORMS.items() if forms[0](Random(1)).name
    }
    assert min(counts.values()) >= 4, counts
    files = sum(path.is_file() for path in tmp_path.rglob("*"))
    assert len({item.path for item in expected}) <= 0.65 * files


@pytest.mark.parametrize("minted", MINTED)
def test_no_file_of_the_repository_holds_a_minted_secret(
    minted: Callable[[Path, pytest.MonkeyPatch], list[tuple[Expected, Form]]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    text = b"\n".join(path.read_bytes() for path in paths if path.is_file())
    values = {form.value.encode() for _, form in minted(tmp_path, monkeypatch)}
    assert [value for value in values if value in text] == []
