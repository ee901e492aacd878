"""Find the secrets of one file: prefilter, decode, match, judge, and settle which kind each of them is."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from functools import cached_property

from mi_lint.documents.decode import base64_text
from mi_lint.documents.named import NamedValue
from mi_lint.documents.view import View
from mi_lint.runs import BASE64, longest_run
from mi_lint.secrets.assembly import may_assemble
from mi_lint.secrets.borders import stands_alone
from mi_lint.secrets.detector import CompiledKind, CompiledSearch, Detector, spellings
from mi_lint.secrets.generic import matching_lines, plugin_ranges
from mi_lint.secrets.judge import is_emulator_key, is_name_in_code, is_stand_in, is_weak, names_no_secret
from mi_lint.secrets.reading import is_python, loose_in_python, loose_values, named_values
from mi_lint.secrets.regions import decoded
from mi_lint.secrets.secret import Secret
from mi_lint.secrets.settle import Candidate, settle
from mi_lint.secrets.value_forms import called, extent_of, forms, trimmed
from mi_lint.secrets.verdict import judge_checksum
from mi_lint.textfile import Span, TextFile
from mi_lint.transcode import plain

_LONG = 200_000  # characters; longer files are searched around their keywords only
_SHORT = 4_000  # characters; longer texts are searched around what a match must hold
_BEFORE, _AFTER = 1_500, 6_000  # characters around a keyword
_NEAR_LINES = 8
_NEAR = 2_000  # characters on either side, where lines are long
ENCODED_RUN = 40  # characters of base64 that can hold a secret
_LONGEST_PACKED = 5_000_000
_LOCK_FILE = re.compile(
    r"(?i)(?:^|/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|[^/]*\.lock|go\.sum|[^/]*\.lockb)$"
)


def find_secrets(file: TextFile, detector: Detector, now: datetime | None = None) -> list[Secret]:
    """The secrets of a file, in order; overlapping matches are settled in favour of the most exact kind."""
    return _Scan(file, detector, now or datetime.now(timezone.utc)).run()


@dataclass
class _Scan:
    file: TextFile
    detector: Detector
    now: datetime
    found: list[Candidate] = field(default_factory=list)

    def run(self) -> list[Secret]:
        data = plain(self.file.data)
        raw = self.detector.candidates(data)
        packed = list(self._packed(data))
        kinds = self.detector.passing(raw, [data, *(view.text.encode("utf-8", "replace") for view in packed)])
        put = self._put_together(data, raw, kinds)
        hidden: list[tuple[View, list[CompiledKind]]] = []
        for view in (*packed, *put):
            text = view.text.encode("utf-8", "replace")
            hidden.append((view, self.detector.passing(_union(raw, self.detector.candidates(text)), [text])))
        every = _union(kinds, *(inner for _, inner in hidden))
        if not every:
            return []
        base = View.of(self.file.text)
        for part in self._parts(base, kinds):
            self._search(part, kinds, whole=False)
            self._search_decoded(part, kinds)
            self._lines(part, kinds)
        for view, inner in hidden:
            self._search(view, inner, whole=view.plain)
            self._names(loose_values(view), inner)
        self._named(every)
        return settle(self.found, self.now)

    # Where secrets may hide

    def _packed(self, data: bytes) -> Iterator[View]:
        """What base64 in the file says: no keyword need stand in the file itself."""
        if longest_run(data, BASE64, ENCODED_RUN) and len(self.file.text) <= _LONGEST_PACKED:
            yield from decoded(View.of(self.file.text), only_base64=True)

    def _put_together(self, data: bytes, raw: list[CompiledKind], kinds: list[CompiledKind]) -> Iterator[View]:
        """Constants that Python makes of several parts, where the file may hold such parts."""
        if is_python(self.file.path) and (kinds or may_assemble(data)):
            yield from (nv.value for nv in self._values if not nv.value.plain and len(nv.value) >= 16)

    @cached_property
    def _values(self) -> list[NamedValue]:
        return named_values(self.file.path, self.file.text)

    def _parts(self, base: View, kinds: Sequence[CompiledKind]) -> Iterator[View]:
        """The whole text; of a long one only what stands around keywords."""
        if len(base) <= _LONG:
            yield base
            return
        lower = base.text.lower()
        hits = sorted(at for word in _words(kinds) for at in _positions(lower, word))
        start = end = 0
        for at in hits:
            if at - _BEFORE > end:
                if end:
                    yield base[start:end]
                start = at - _BEFORE
            end = min(len(base), at + _AFTER)
        if end:
            yield base[start:end]

    # Matching

    def _search(
        self, view: View, kinds: Iterable[CompiledKind], whole: bool = True, nv: NamedValue | None = None
    ) -> None:
        """Run the patterns of kinds over a view. `whole`: the view is one value."""
        text = view.text
        lower = text.lower() if len(text) > _SHORT else ""
        for kind in kinds:
            for search in kind.by_text:
                anchor = search.anchor if lower and len(lower) == len(text) else None
                found = anchor.matches(search.text, text, lower) if anchor else search.text.finditer(text)
                for match in found:
                    self._consider(search, view, *match.span("secret"), whole, nv)

    def _lines(self, view: View, kinds: Iterable[CompiledKind]) -> None:
        """Ask the generic plugins of detect-secrets about the lines that a kind names."""
        for kind in kinds:
            for search in kind.by_line:
                for line in matching_lines(view.text, search.line):
                    for start, end in plugin_ranges(self.file.path, line.group(), search.search.plugins):
                        if kind.shape.fullmatch(line.group(), start, end):
                            self._consider(search, view, line.start() + start, line.start() + end, whole=False)

    def _search_decoded(self, view: View, kinds: Sequence[CompiledKind]) -> None:
        for inner in decoded(view):
            every = _union(kinds, self.detector.candidates(inner.text.encode("utf-8", "replace")))
            self._search(inner, every)
            if not inner.plain and len(inner) < _LONG:
                self._names(loose_values(inner), every)

    def _named(self, every: Sequence[CompiledKind]) -> None:
        """Values that a reader of the format found, and those of the line by line reader."""
        for nv in self._values:
            if not nv.value.plain:
                self._search(nv.value, every, nv=nv)
                for inner in decoded(nv.value):
                    self._search(inner, every, nv=nv)
        if any(kind.by_name for kind in every):
            self._names(self._values, every)
            read = loose_in_python if self._values and is_python(self.file.path) else loose_values
            for part in self._parts(View.of(self.file.text), every):
                self._names(read(part), every)

    def _names(self, values: Sequence[NamedValue], kinds: Iterable[CompiledKind]) -> None:
        """Values that have the shape of a kind, under a name that speaks of it."""
        named = [kind for kind in kinds if kind.by_name]
        if not named or _LOCK_FILE.search(self.file.path):
            return
        groups: dict[int, list[NamedValue]] = {}
        for nv in values:
            groups.setdefault(nv.group, []).append(nv)
        for nv in values:
            name, target = called(nv)
            if not target or len(nv.value) < 4 or names_no_secret(name):
                continue
            for form in forms(nv.value):
                for kind in named:
                    if not kind.shape.fullmatch(form.text):
                        continue
                    for search in kind.by_name:
                        if search.names.search(name) or search.names.search(target):
                            self._consider(search, form, 0, len(form), True, nv, groups[nv.group])

    def _consider(
        self,
        search: CompiledSearch,
        view: View,
        start: int,
        end: int,
        whole: bool,
        nv: NamedValue | None = None,
        siblings: Sequence[NamedValue] = (),
    ) -> None:
        """Judge one match, and keep it if it stands."""
        start, end = trimmed(view.text, start, end)
        kind, value = search.kind, view.text[start:end]
        if not value or not stands_alone(view.text, start, end, search.search.borders):
            return
        extent = extent_of(view.text, start, end, kind.secret_class, whole)
        if (search.within and not search.within.search(extent)) or (search.without and search.without.search(extent)):
            return
        spans = view.spans(start, end)
        if search.file and not search.file.search(self.file.text):
            return
        if search.near and not search.near.search(self._near(view, spans, siblings)):
            return
        if is_emulator_key(value, self.detector) or is_weak(value, search):
            return
        if search.search.contains and not self._contains(value, search.search.contains):
            return
        verdict = judge_checksum(value, self.detector)
        fake = is_stand_in(value, kind.secret_class, self.detector) or is_name_in_code(
            self.file.text, spans[0].start, spans[-1].end
        )
        if not verdict.holds and (fake or search.search.needs_checksum):
            return
        name = nv.name if nv else ""
        self.found.append(Candidate(search, value, spans, extent, verdict, name, view.plain))

    def _contains(self, value: str, kinds: Sequence[str]) -> bool:
        inner = base64_text(View.of(value))
        if inner is None:
            return False
        secret = inner.text.partition(":")[2]
        named = [self.detector.named(name) for name in kinds]
        return any(kind.shape.fullmatch(secret) for kind in named if kind)

    def _near(self, view: View, spans: Sequence[Span], siblings: Sequence[NamedValue]) -> str:
        """The lines around a place, decoded text around it, and the siblings of its value."""
        starts, start, end = self.file.line_starts, spans[0].start, spans[-1].end
        first = max(0, bisect.bisect_right(starts, start) - 1 - _NEAR_LINES)
        last = bisect.bisect_right(starts, end) + _NEAR_LINES
        low = max(starts[first], start - _NEAR)
        high = min(starts[last] if last < len(starts) else len(self.file.text), end + _NEAR)
        beside = [f"{nv.name}={nv.value.text[:200]}" for nv in siblings[:200]]
        context = " ".join(siblings[0].path) if siblings else ""
        text = "" if view.plain else view.text[:_NEAR]
        return "\n".join([self.file.text[low:start], self.file.text[end:high], text, context, *beside])


def _union(*groups: Iterable[CompiledKind]) -> list[CompiledKind]:
    return list({id(kind): kind for group in groups for kind in group}.values())


def _words(kinds: Iterable[CompiledKind]) -> set[str]:
    return {form.lower() for kind in kinds for word in kind.kind.keywords for form in spellings(word)}


def _positions(lower: str, word: str) -> Iterator[int]:
    at = lower.find(word)
    while at >= 0:
        yield at
        at = lower.find(word, at + 1)
