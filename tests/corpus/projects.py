"""Files as long as real ones, with several secrets, what usually stands beside them, and traps between them."""

from __future__ import annotations

from pathlib import Path
from random import Random

from tests.corpus.calls import CALLS, Call
from tests.corpus.draft import Draft
from tests.corpus.filler import filler
from tests.corpus.generate import Expected
from tests.corpus.layouts import LAYOUTS, Layout
from tests.corpus.pairs import neighbours, ordinary, traps
from tests.corpus.secrets import FORMS, Form

_LAYOUT_ROUNDS = 8  # files with secrets of each layout
_CALL_ROUNDS = 2
_TRAP_ROUNDS = 7  # files without secrets of each layout: two fifths of all
# Known by what stands near by: at most one to a file, or its neighbours would speak for the other too.
_BY_CONTEXT = frozenset(
    kind for kind in FORMS if kind.endswith("-legacy") or kind in ("ml-key", "apim-subscription-key")
) | {"db-password-argument", "cosmos-gremlin-cassandra"}
_BY_THEMSELVES = tuple(kind for kind in FORMS if kind not in _BY_CONTEXT)


def generate_projects(seed: int, folder: Path) -> list[Expected]:
    """Write the files below `folder`, the same ones for the same seed."""
    random = Random(seed)
    kinds: list[str] = []
    expected: list[Expected] = []
    number = 0
    for layout in LAYOUTS * _LAYOUT_ROUNDS:
        kinds = kinds or random.sample(list(FORMS), len(FORMS))
        forms = _forms(layout, kinds.pop(), random)
        number += 1
        draft = _settings(layout, forms, random)
        expected += _write(folder, f"project-{number:04d}/{layout.path}", draft, layout.name, layout.plain, random)
    for call in CALLS * _CALL_ROUNDS:
        for kind in call.kinds:
            number += 1
            draft = _statement(call, kind, random)
            expected += _write(folder, f"project-{number:04d}/{call.path}", draft, call.name, True, random)
    for layout in LAYOUTS * _TRAP_ROUNDS:
        number += 1
        _write(folder, f"project-{number:04d}/{layout.path}", _settings(layout, [], random), "", True, random)
    return expected


def _forms(layout: Layout, kind: str, r: Random) -> list[Form]:
    """A secret of the kind if the layout holds it, and up to two that need nothing near by."""
    names = [kind, *r.sample(_BY_THEMSELVES, r.randrange(3))]
    forms = [r.choice(FORMS[name])(r) for name in dict.fromkeys(names)]
    return [form for form in forms if form.name and layout.holds(form.name, form.text)]


def _settings(layout: Layout, forms: list[Form], r: Random) -> Draft:
    draft = Draft()
    around = filler(layout.language, r, r.randint(30, 90))
    early = r.random() < 0.3 and layout.language in ("hash", "semicolon", "log")
    draft.add(layout.head + (around if early else ""))
    groups: list[tuple[list[tuple[str, str]], Form | None]] = [(neighbours(form, r), form) for form in forms]
    groups += [([pair], None) for pair in (*ordinary(r, r.randint(8, 18)), *traps(r, r.randint(2, 6)))]
    r.shuffle(groups)
    taken = {form.name for form in forms}
    for pairs, form in groups:
        for name, value in pairs:
            if name not in taken and layout.holds(name, value):
                taken.add(name)
                draft.add(layout.line.replace("NAME", name).replace("VALUE", layout.escape(value)))
        if form is not None:
            before, _, after = layout.line.replace("NAME", form.name).partition("VALUE")
            draft.add(before)
            draft.secret(form, layout.escape)
            draft.add(after)
    draft.add(layout.tail + ("" if early else around))
    return draft


def _statement(call: Call, kind: str, r: Random) -> Draft:
    form = FORMS[kind][0](r)
    before, _, after = call.text.partition("VALUE")
    draft = Draft()
    draft.add(filler(call.language, r, r.randint(15, 50)) + before)
    draft.secret(form)
    draft.add(after + filler(call.language, r, r.randint(15, 50)))
    return draft


def _write(folder: Path, path: str, draft: Draft, where: str, plain: bool, r: Random) -> list[Expected]:
    encoding = r.choices(("utf-8", "utf-8-bom", "utf-16"), (18, 1, 1))[0]
    data, places = draft.encoded(encoding, crlf=r.random() < 0.1)
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
    ordinary_place = plain and encoding != "utf-16"
    return [Expected(path, form.kind, (span,), where, ordinary_place) for form, span in places]
