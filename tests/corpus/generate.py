"""Write the corpus: files with secrets and with traps, and what a perfect detector reports."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from random import Random

from tests.corpus.contexts import Written, all_contexts
from tests.corpus.secrets import FORMS
from tests.corpus.traps import all_traps

_PER_KIND = 14  # files with a secret of one kind
_CODECS = {"utf-8-sig": "utf-8", "utf-16-le-bom": "utf-16-le", "utf-16-be-bom": "utf-16-be"}
_MARKS = {"utf-8-sig": b"\xef\xbb\xbf", "utf-16-le-bom": b"\xff\xfe", "utf-16-be-bom": b"\xfe\xff"}


@dataclass(frozen=True)
class Expected:
    """One secret: `spans` are the byte ranges of its value; `plain`: one unencoded value in an ordinary place."""

    path: str
    kind: str
    spans: tuple[tuple[int, int], ...]
    where: str
    plain: bool


def generate(seed: int, folder: Path) -> list[Expected]:
    """Write the corpus below `folder`, the same one for the same seed."""
    random = Random(seed)
    expected: list[Expected] = []
    for kind, forms in FORMS.items():
        count = 0
        contexts = list(all_contexts())
        random.shuffle(contexts)
        plain = [c for c in contexts if c[2]]
        hard = [c for c in contexts if not c[2]]
        for name, write, is_plain in [*plain[:40], *hard]:
            if count >= _PER_KIND and (is_plain or count >= 2 * _PER_KIND):
                continue
            form = forms[count % len(forms)](random)
            written = write(form, random)
            if written is None:
                continue
            count += 1
            path = _numbered(written.path, f"{kind}-{count:02d}-{name}")
            expected.append(_write(folder, path, written, kind, name, is_plain))
    for number, (name, path, text) in enumerate(all_traps(random)):
        _save(folder / _numbered(path, f"trap-{number:03d}-{name}"), text.encode())
    return expected


def _numbered(path: str, folder: str) -> str:
    """Each file in a folder of its own, so that its own name stays as people know it."""
    return str(PurePosixPath(folder) / path)


def _write(folder: Path, path: str, written: Written, kind: str, where: str, plain: bool) -> Expected:
    mark = _MARKS.get(written.encoding, b"")
    codec = _CODECS.get(written.encoding, written.encoding)

    def offset(at: int) -> int:
        return len(mark) + len(written.text[:at].encode(codec))

    _save(folder / path, mark + written.text.encode(codec))
    return Expected(path, kind, tuple((offset(a), offset(b)) for a, b in written.spans), where, plain)


def _save(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
