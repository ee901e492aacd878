"""Packs are untrusted: whatever is done to one, it loads or is refused with a place; nothing else happens."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from mi_lint.errors import RulePackError
from mi_lint.rulebook.compiled import dumps, loads
from mi_lint.rulebook.loader import build

LINES = (Path(__file__).parent / "acme.yaml").read_text(encoding="utf-8").splitlines()
SCRAPS = st.sampled_from(
    [
        "null",
        "[]",
        "{}",
        "[[]]",
        "- x",
        "1",
        "yes",
        "~",
        "!!binary x",
        "2020-01-01",
        "? [a]",
        '"\\ud800"',
        "IDENTITY",
        "a.b()",
    ]
)


@st.composite
def spoiled(draw: st.DrawFn) -> str:
    lines = list(LINES)
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        kind = draw(st.sampled_from(["drop", "copy", "value", "indent", "character", "item"]))
        line = lines[at]
        if kind == "drop" and len(lines) > 1:
            del lines[at]
        elif kind == "copy":
            lines.insert(draw(st.integers(0, len(lines))), line)
        elif kind == "value":
            lines[at] = line.partition(":")[0] + ": " + draw(SCRAPS)
        elif kind == "indent":
            lines[at] = " " * draw(st.integers(0, 8)) + line.strip()
        elif kind == "item":
            lines[at] = re.sub(r"[\[{(].*[\]})]", lambda _: draw(SCRAPS), line)
        elif line:
            place = draw(st.integers(0, len(line) - 1))
            lines[at] = line[:place] + draw(st.characters(codec="utf-8")) + line[place + 1 :]
    return "\n".join(lines) + "\n"


@settings(max_examples=300, deadline=None)
@given(spoiled())
def test_a_spoiled_pack_loads_or_is_refused_with_its_place(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "acme.yaml"
        path.write_text(text, encoding="utf-8", newline="\n")
        try:
            packs = build([path]).packs
        except RulePackError as error:
            place = re.escape(path.as_posix())
            if not re.fullmatch(rf"{place}:\d+: .+; .+", str(error), re.DOTALL):
                raise AssertionError(f"no place or no advice: {error}") from error
        else:
            assert loads(dumps(packs)) == packs
