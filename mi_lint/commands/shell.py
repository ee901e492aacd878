"""The simple commands of a POSIX or bash script, with the exact place of each word.

No full grammar: compound commands are seen through, so that all simple commands come out, whatever they stand in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from mi_lint.commands.model import Command, NotUnderstood, Word
from mi_lint.textfile import Span

_BLANK = " \t\r"
_ENDS_WORD = " \t\r\n;&|()<>"
_OPERATOR = re.compile(r"&&|\|\||\|&|;;&|;;|;&|[;&|\n]")
_REDIRECTION = re.compile(r"<<<|<>|[<>]&|>>|>\||&>>|&>|[<>]")
_HEREDOC = re.compile(r"<<-?")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*(\[[^\]]*\])?\+?=")
_OPENING = frozenset(
    ("if", "then", "else", "elif", "do", "while", "until", "!", "{", "time", "}", "fi", "done", "esac"),
)
_DEEPEST = 40


def shell_commands(text: str, span: Span) -> list[Command]:
    """The commands of a script that is a part of a text, in order of their places.

    Raises:
        NotUnderstood: a quote or a bracket is not closed.
    """
    reader = _Reader(text, span.start, span.end)
    reader.script("", False, 0)
    return sorted(reader.found, key=lambda command: command.span.start)


@dataclass(slots=True)
class _Pending:
    """The command that is being read."""

    start: int = -1
    end: int = -1
    words: list[Word] = field(default_factory=list)
    lead: str = "\n"


@dataclass(slots=True)
class _Reader:
    text: str
    at: int
    end: int
    found: list[Command] = field(default_factory=list)
    heredocs: list[tuple[str, bool]] = field(default_factory=list)

    def script(self, closer: str, nested: bool, depth: int) -> None:
        """Read commands up to `closer`, or to the end where that is empty; `at` is behind it then."""
        if depth > _DEEPEST:
            raise NotUnderstood("nested too deeply")
        now = _Pending()
        while self.at < self.end:
            sign = self.text[self.at]
            if sign in _BLANK or self._continued():
                self.at += 1 if sign in _BLANK else self._continued()
            elif sign == closer or (sign == ")" and not closer):
                self.at += 1
                self._flush(now, sign, nested)
                if closer:
                    return
            elif sign == "#":
                self._to_line_end()
            elif sign == "(":
                self.at += 1
                self._flush(now, sign, nested)
                self.script(")", nested, depth + 1)
            elif self._heredoc(now):
                continue
            elif sign in "<>" or self.text.startswith("&>", self.at):
                self._redirection(now, depth)
            elif operator := _OPERATOR.match(self.text, self.at, self.end):
                self.at = operator.end()
                self._flush(now, operator[0], nested)
                if operator[0] == "\n":
                    self._skip_heredocs()
            else:
                self._take(now, self.word(depth))
        if closer:
            raise NotUnderstood(f"no closing {closer}")
        self._flush(now, "\n", nested)

    def _take(self, now: _Pending, word: Word) -> None:
        if not now.words and word.text in _OPENING and word.span.end - word.span.start == len(word.text):
            return
        follows = self.text[self.at : self.at + 1]
        if word.text.isdigit() and follows and follows in "<>":
            return  # the number of a stream
        now.start = word.span.start if now.start < 0 else now.start
        now.end = word.span.end
        now.words.append(word)

    def _flush(self, now: _Pending, trail: str, nested: bool) -> None:
        if now.words:
            count = 0
            while count < len(now.words) and _ASSIGNMENT.match(self.text, now.words[count].span.start):
                count += 1
            before, words = tuple(now.words[:count]), tuple(now.words[count:])
            self.found.append(Command(before, words, Span(now.start, now.end), now.lead, trail, nested))
        now.start, now.end, now.words, now.lead = -1, -1, [], trail

    def _continued(self) -> int:
        """The length of a line continuation here; 0 if there is none."""
        if self.text[self.at] != "\\":
            return 0
        if self.text.startswith("\n", self.at + 1):
            return 2
        return 3 if self.text.startswith("\r\n", self.at + 1) else 0

    def _to_line_end(self) -> None:
        found = self.text.find("\n", self.at, self.end)
        self.at = found if found >= 0 else self.end

    def _redirection(self, now: _Pending, depth: int) -> None:
        match = _REDIRECTION.match(self.text, self.at, self.end)
        assert match is not None
        if match[0] in "<>" and self.text.startswith("(", match.end()):
            self.at = match.end() + 1
            self.script(")", True, depth + 1)
            return
        self.at = match.end()
        while self.at < self.end and self.text[self.at] in " \t":
            self.at += 1
        if self.at < self.end and self.text[self.at] not in _ENDS_WORD:
            self.word(depth)
        if now.start >= 0:
            now.end = self.at

    def _heredoc(self, now: _Pending) -> bool:
        match = _HEREDOC.match(self.text, self.at, self.end)
        if match is None or self.text.startswith("<<<", self.at):
            return False
        self.at = match.end()
        while self.at < self.end and self.text[self.at] in " \t":
            self.at += 1
        word = self.word(0)
        self.heredocs.append((word.text, match[0] == "<<-"))
        if now.start >= 0:
            now.end = self.at
        return True

    def _skip_heredocs(self) -> None:
        for mark, _ in self.heredocs:
            while self.at < self.end:
                start = self.at
                self._to_line_end()
                line = self.text[start : self.at].strip()  # in a pipeline the whole script is indented
                self.at = min(self.at + 1, self.end)
                if line == mark:
                    break
            else:
                raise NotUnderstood(f"no line {mark}")
        self.heredocs.clear()

    # -- words ---------------------------------------------------------------------------------------------------------

    def word(self, depth: int) -> Word:
        """The word that begins here."""
        start = self.at
        out: list[str] = []
        while self.at < self.end and self.text[self.at] not in _ENDS_WORD:
            self._part(out, depth)
        if self.at == start:
            raise NotUnderstood("an empty word")
        return Word(Span(start, self.at), "".join(out))

    def _part(self, out: list[str], depth: int) -> None:
        sign = self.text[self.at]
        if sign == "'":
            out.append(self._until("'", self.at + 1))
        elif sign == '"':
            self.at += 1
            self._in_quotes(out, depth)
        elif sign == "\\":
            width = self._continued()
            if not width:
                out.append(self.text[self.at + 1 : self.at + 2])
            self.at = min(self.at + (width or 2), self.end)
        elif sign in "$`":
            self._expansion(out, depth)
        else:
            out.append(sign)
            self.at += 1

    def _until(self, mark: str, start: int) -> str:
        end = self.text.find(mark, start, self.end)
        if end < 0:
            raise NotUnderstood(f"no closing {mark}")
        self.at = end + len(mark)
        return self.text[start:end]

    def _in_quotes(self, out: list[str], depth: int) -> None:
        while self.at < self.end:
            sign = self.text[self.at]
            if sign == '"':
                self.at += 1
                return
            if sign == "\\":
                width = self._continued()
                following = self.text[self.at + 1 : self.at + 2]
                if not width:
                    out.append(following if following in '"\\$`' else sign + following)
                self.at += width or 2
            elif sign in "$`":
                self._expansion(out, depth)
            else:
                out.append(sign)
                self.at += 1
        raise NotUnderstood('no closing "')

    def _expansion(self, out: list[str], depth: int) -> None:
        """`$NAME`, `${...}`, `$(...)`, `` `...` ``, and `${{ ... }}` of a workflow: as they are written."""
        start = self.at
        if self.text.startswith("${{", start):
            self._until("}}", start + 3)
        elif self.text.startswith("$((", start):
            self._until("))", start + 3)
        elif self.text.startswith("$(", start):
            self.at = start + 2
            self.script(")", True, depth + 1)
        elif self.text.startswith("${", start):
            self.at = start + 2
            self._in_braces(depth)
        elif self.text.startswith("$'", start):
            self.at = start + 2
            self._ansi()
        elif self.text[start] == "`":
            self._backticks(depth)
        else:
            self.at = start + 1
        out.append(self.text[start : self.at])

    def _backticks(self, depth: int) -> None:
        start = self.at + 1
        end = start
        while end < self.end and self.text[end] != "`":
            end += 2 if self.text[end] == "\\" else 1
        if end >= self.end:
            raise NotUnderstood("no closing `")
        inner = _Reader(self.text, start, end, self.found)
        inner.script("", True, depth + 1)
        self.at = end + 1

    def _in_braces(self, depth: int) -> None:
        unused: list[str] = []
        while self.at < self.end:
            if self.text[self.at] == "}":
                self.at += 1
                return
            self._part(unused, depth)
        raise NotUnderstood("no closing }")

    def _ansi(self) -> None:
        while self.at < self.end:
            if self.text[self.at] == "'":
                self.at += 1
                return
            self.at += 2 if self.text[self.at] == "\\" else 1
        raise NotUnderstood("no closing '")
