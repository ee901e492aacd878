"""`mi-lint rules` and `mi-lint explain` as a person calls them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from mi_lint.cli.explain import as_text, explain, find_page
from mi_lint.cli.rules import failure, listing, overview, rules
from mi_lint.errors import UsageError
from mi_lint.rulebook.examples import expand
from mi_lint.rulebook.loader import load_pack, load_rulebook
from mi_lint.rulebook.model import Rulebook

Write = Callable[..., Path]


@pytest.fixture(name="book")
def _book(write: Write) -> Rulebook:
    return load_rulebook([write()])


def test_the_overview(book: Rulebook) -> None:
    assert overview(book, "text") == (
        "service  title       APIs  rewritten  manual\n"
        "acme     Acme Store  3     2          1\n"
        "total    1 service   3     2          1\n"
        "\n"
        "`mi-lint rules list` lists 1 rule and 0 kinds of secrets."
    )
    assert "| total | 1 service | 3 | 2 | 1 |" in overview(book, "markdown")
    assert overview(book, "json") == listing(book, "json")


def test_list_as_text(book: Rulebook) -> None:
    assert listing(book, "text") == (
        "id     name                    service  severity  applicability\n"
        "MI901  acme-connection-string  acme     critical  review"
    )


def test_list_as_json(book: Rulebook) -> None:
    assert json.loads(listing(book, "json")) == {
        "version": 1,
        "rules": [
            {
                "id": "MI901",
                "name": "acme-connection-string",
                "service": "acme",
                "severity": "critical",
                "applicability": "review",
                "summary": "A connection string holds a key.",
                "docs": "",
            }
        ],
        "services": [{"service": "acme", "calls": 3, "rewritten": 2, "manual": 1}],
        "kinds": [],
    }


def test_list_as_markdown(book: Rulebook) -> None:
    assert "| MI901 | acme-connection-string | acme | critical | review |" in listing(book, "markdown")


@pytest.mark.parametrize("name", ["MI901", "mi901", "acme-connection-string", "ACME-connection-string"])
def test_a_rule_is_found_by_id_and_name(book: Rulebook, name: str) -> None:
    assert find_page(name, book).startswith("# MI901 acme-connection-string\n")


def test_a_service_is_found(book: Rulebook) -> None:
    text = as_text(find_page("acme", book))
    assert "MI901  acme-connection-string  critical  review         A connection string holds a key." in text
    assert "](" not in text


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("MI910", "did you mean MI901?"),
        ("acme-conection-string", "did you mean acme-connection-string?"),
        ("zzz", "`mi-lint rules list` lists them all"),
    ],
)
def test_an_unknown_name_gets_advice(book: Rulebook, name: str, advice: str) -> None:
    with pytest.raises(UsageError) as caught:
        find_page(name, book)
    assert str(caught.value) == f"no rule or service is called `{name}`; {advice}"
    assert caught.value.exit_code == 2


def test_a_new_pack_is_valid_and_never_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(rules, ["new", "acme-widgets"], catch_exceptions=False)
    assert done.output == "acme-widgets.yaml: written; edit it, then run `mi-lint rules test acme-widgets.yaml`\n"
    assert load_pack(Path("acme-widgets.yaml")).rules[0].name == "acme-widgets-key"
    again = CliRunner().invoke(rules, ["new", "acme-widgets"])
    assert str(again.exception) == "acme-widgets.yaml: exists already; choose another name or folder"


@pytest.mark.parametrize("service", ["Acme", "../acme", "acme-import", "x--y", ""])
def test_a_bad_service_name_is_refused(service: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(rules, ["new", service])
    assert isinstance(done.exception, UsageError)
    assert list(tmp_path.iterdir()) == []


def test_a_failure_is_a_diff_without_values() -> None:
    key = expand("{openai-key}")
    text = failure(["app.py differs"], {"app.py": "a\n"}, {"app.py": f"{key}\n"})
    assert text.splitlines() == [
        "  app.py differs",
        "  --- app.py (expected)",
        "  +++ app.py (actual)",
        "  @@ -1 +1 @@",
        "  -a",
        "  +{openai-key}",
    ]


def test_help() -> None:
    assert "SERVICE" in CliRunner().invoke(explain, ["--help"]).output
    assert {"list", "new", "test"} <= set(rules.commands)
