"""The words of a text, found by their pieces, are those that a plain search finds; whatever was read before."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from mi_lint.vocabulary import Text, Vocabulary, rows_of

# Few letters, so that words overlap and hold one another; and signs, which stand in no run.
LETTERS = st.sampled_from([b"a", b"b", b"k", b"0", b"_", b"=", b".", b"%2b", b" ", b"\0", b"\xc3\xa9"])
WORDS = st.lists(st.lists(LETTERS, min_size=1, max_size=7).map(b"".join), max_size=12)
TEXTS = st.lists(st.lists(LETTERS, max_size=60).map(b"".join), max_size=4)


@settings(deadline=None)
@given(WORDS, TEXTS, st.data())
def test_any_words_in_any_texts(words: list[bytes], texts: list[bytes], draw: st.DataObject) -> None:
    vocabulary = Vocabulary(rows_of(words))
    for text in texts:
        for word in words[:2]:
            place = draw.draw(st.integers(0, len(text)))
            text = text[:place] + word + text[place:]
        expected = {number for number, word in enumerate(words) if word in text}
        assert vocabulary.present(Text(text)) == expected
        assert vocabulary.present(Text(text)) == expected


def test_a_long_text_is_read_to_its_end() -> None:
    text = b" ".join(b"%06d" % number for number in range(20_000)) + b" connection_string"
    vocabulary = Vocabulary(rows_of([b"connection", b"019999", b"nothing"]))
    assert vocabulary.present(Text(text)) == {0, 1}
