"""The formats for other tools: each is what its reader takes, says every finding, and holds no secret."""

from __future__ import annotations

import base64
import json
import re
import secrets
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from mi_lint.cli.main import cli
from mi_lint.findings import Applicability, Confidence, Finding, Place, Severity
from mi_lint.report.formats import render
from mi_lint.report.model import Report
from mi_lint.report.style import Style

FORMATS = ("sarif", "github", "gitlab", "junit", "azure", "rdjson", "markdown", "html")
NAME = "a%b,c:d;e]f|g.py"  # what each format has to escape somewhere


@pytest.fixture
def key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    made = base64.b64encode(secrets.token_bytes(64)).decode()
    value = f"DefaultEndpointsProtocol=https;AccountName=acme;AccountKey={made};EndpointSuffix=core.windows.net"
    call = "BlobServiceClient.from_connection_string(\n    os.environ['A_CONN_STR'],\n)\n"
    head = "import os\nfrom azure.storage.blob import BlobServiceClient\n\n"
    (tmp_path / NAME).write_text(f"{head}a = {call}b = BlobServiceClient.from_connection_string('{value}')\n")
    (tmp_path / ".env").write_text(f"A_CONN_STR={value}\n")
    return made


def _run(form: str) -> str:
    result = CliRunner().invoke(cli, ["check", "--output-format", form, "."], env={"CI": ""})
    assert result.exit_code == 1
    return result.output


@pytest.mark.parametrize("form", FORMATS)
def test_no_format_holds_the_secret(key: str, form: str) -> None:
    text = _run(form)
    for part in (key, key[:20], key[-20:], json.dumps(key)[1:-1]):
        assert part not in text


def test_sarif(key: str, tmp_path: Path) -> None:
    document = json.loads(_run("sarif"))
    assert document["version"] == "2.1.0"
    (run,) = document["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for rule in rules:
        assert all(rule[field]["text"] for field in ("shortDescription", "fullDescription", "help"))
        assert 0 < float(rule["properties"]["security-severity"]) <= 10
    results = run["results"]
    assert {result["ruleId"] for result in results} == {"MI103", "MI201"}
    for result in results:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        (location,) = result["locations"]
        place = location["physicalLocation"]
        assert place["artifactLocation"]["uri"] in (".env", "a%25b%2Cc%3Ad%3Be%5Df%7Cg.py")
        assert place["region"]["startLine"] >= 1
        assert result["partialFingerprints"]["miLint/v1"]
        assert "snippet" not in json.dumps(result)
    fixed = next(result for result in results if "fixes" in result)
    (fix,) = fixed["fixes"]
    replacements = [r for change in fix["artifactChanges"] for r in change["replacements"]]
    assert all(set(r) == {"deletedRegion", "insertedContent"} for r in replacements)


def test_github_commands_are_one_line_each_and_escaped(key: str) -> None:
    lines = _run("github").splitlines()
    assert len(lines) == 3
    for line in lines:
        match = re.fullmatch(r"::(error|warning|notice) ([^:]*)::(.+)", line)
        assert match is not None
        properties = dict(part.split("=", 1) for part in match[2].split(","))
        assert properties["file"] in (".env", "a%25b%2Cc%3Ad;e]f|g.py")
        assert ("col" in properties) == (properties["line"] == properties["endLine"])


def test_github_shows_ten_of_a_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    head = "import os\nfrom azure.storage.blob import BlobServiceClient\n\n"
    calls = "".join(f"c{n} = BlobServiceClient.from_connection_string(os.environ['C{n}'])\n" for n in range(14))
    (tmp_path / "app.py").write_text(head + calls)
    lines = _run("github").splitlines()
    assert len(lines) == 10
    assert lines[-1].startswith("::error title=mi-lint::5 findings more")


def test_azure_pipelines(key: str) -> None:
    for line in _run("azure").splitlines():
        match = re.fullmatch(r"##vso\[task\.logissue ([^\]]*);\](.+)", line)
        assert match is not None
        properties = dict(part.split("=", 1) for part in match[1].split(";"))
        assert properties["sourcepath"] in (".env", "a%25b,c:d%3Be%5Df|g.py")


def test_gitlab(key: str) -> None:
    issues = json.loads(_run("gitlab"))
    assert len({issue["fingerprint"] for issue in issues}) == len(issues) == 3
    for issue in issues:
        assert issue["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert issue["location"]["path"] in (".env", NAME)
        assert issue["location"]["lines"]["begin"] >= 1
        assert issue["description"]
        assert issue["check_name"]


def test_paths_are_those_of_the_build(key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The project may be checked out below the folder that the build knows, and be checked from inside of it."""
    top = str(tmp_path.parent)
    below = f"{tmp_path.name}/.env"
    monkeypatch.setenv("GITHUB_WORKSPACE", top)
    monkeypatch.setenv("CI_PROJECT_DIR", top)
    monkeypatch.setenv("BUILD_SOURCESDIRECTORY", top)
    assert f"file={below}," in _run("github")
    assert f"sourcepath={below};" in _run("azure")
    assert below in {issue["location"]["path"] for issue in json.loads(_run("gitlab"))}


def test_a_file_that_is_not_scanned_is_the_first_annotation(key: str, tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("from azure.storage.blob import BlobServiceClient\ndef (\n")
    result = CliRunner().invoke(cli, ["check", "--output-format", "github", "."], env={"CI": ""})
    assert result.exit_code == 3
    assert result.stdout.startswith("::error title=mi-lint scan incomplete::broken.py")


# What the schema of Jenkins allows; by the element, its attributes (those with ! are needed) and what is in it.
_JUNIT = {
    "testsuites": ({"tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": ({"name!", "tests!", "failures!", "errors!", "skipped"}, {"testcase"}),
    "testcase": ({"name!", "classname", "time"}, {"failure", "error"}),
    "failure": ({"message", "type"}, set()),
    "error": ({"message", "type"}, set()),
}


def test_junit_is_what_jenkins_takes(key: str, tmp_path: Path) -> None:
    (tmp_path / "broken\x01.py").write_text("from azure.storage.blob import BlobServiceClient\ndef (\n")
    output = CliRunner().invoke(cli, ["check", "--output-format", "junit", "."], env={"CI": ""}).stdout
    root = ElementTree.fromstring(output)
    assert root.tag == "testsuites"
    for element in root.iter():
        attributes, children = _JUNIT[element.tag]
        assert {name.rstrip("!") for name in attributes} >= set(element.keys())
        assert {name[:-1] for name in attributes if name.endswith("!")} <= set(element.keys())
        assert {child.tag for child in element} <= children
    assert root.get("errors") == "1"


def test_junit(key: str) -> None:
    root = ElementTree.fromstring(_run("junit"))
    cases = root.findall("./testsuite/testcase")
    assert [case.get("name") for case in cases if case.find("failure") is None] == ["scan"]
    assert {case.get("name") for case in cases} == {"scan", ".env", NAME}
    assert root.get("tests") == str(len(cases))
    assert root.get("failures") == "2"


def test_markdown(key: str) -> None:
    rows = [line for line in _run("markdown").splitlines() if line.startswith("| ")][2:]
    assert len(rows) == 3
    for row in rows:
        assert len(re.split(r"(?<!\\)\|", row)) == 7


def test_markdown_fits_the_page_of_a_build() -> None:
    """GitHub refuses a summary of more than 1 MiB; here 200 rows would be more than that."""
    place = Place("long/" * 1000 + "a|`b.py", 0, 1, 1, 1, 1, 2)
    sure = (Severity.HIGH, Confidence.HIGH, Applicability.MANUAL)
    findings = [Finding("MI1", "n", "k", "s", *sure, place, "what | it is", str(n)) for n in range(210)]
    text = render("markdown", Report(findings, {}), Style())
    assert 800_000 < len(text.encode()) < 1_000_000
    assert "33 more are in the whole report.\n\nMore about a rule: `mi-lint explain MI1`." in text
    assert {len(re.split(r"(?<!\\)\|", line)) for line in text.splitlines() if "it is" in line} == {7}


@pytest.mark.parametrize("form", FORMATS)
def test_a_clean_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app.py").write_text("print('hello')\n")
    result = CliRunner().invoke(cli, ["check", "--output-format", form, "."], env={"CI": ""})
    assert result.exit_code == 0
    if form == "sarif":
        assert json.loads(result.output)["runs"][0]["results"] == []
    elif form == "gitlab":
        assert json.loads(result.output) == []
    elif form == "junit":
        assert ElementTree.fromstring(result.output).get("failures") == "0"
    elif form == "rdjson":
        assert json.loads(result.output)["diagnostics"] == []
    elif form == "html":
        assert "Nothing was found" in result.output
    elif form == "markdown":
        assert "No findings in 1 file." in result.output
    else:
        assert result.output == ""
