from pipeline.clean import cleaned


def test_duplicates_go() -> None:
    assert cleaned([{"a": "1 "}, {"a": "1"}]) == [{"a": "1"}]
