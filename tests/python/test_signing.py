"""Links that are signed with an account key: when a client in reach gives a delegated key, and when it does not."""

from __future__ import annotations

import ast
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mi_lint.engine import Analysis, Options, analyse, change_set
from mi_lint.findings import Applicability
from mi_lint.python.moments import moment_of
from mi_lint.python.project import Project
from mi_lint.rulebook.model import Rulebook

Files = dict[str, str]
KEY = 'os.environ["STORAGE_KEY"]'
HEAD = (
    "import os\nfrom datetime import datetime, timedelta, timezone\n"
    "from azure.storage.blob import BlobServiceClient, generate_blob_sas, generate_container_sas\n"
)
URL = '"https://acme.blob.core.windows.net"'
CLIENT = f"BlobServiceClient({URL}, credential={KEY})"
CONNECTED = 'BlobServiceClient.from_connection_string(os.environ["STORAGE_CONNECTION_STRING"])'
HOUR = "datetime.now(timezone.utc) + timedelta(hours=1)"


def look(files: Files, rulebook: Rulebook) -> tuple[Analysis, Files]:
    """The analysis, and the repository after all fixes."""
    analysis = analyse({path: text.encode() for path, text in files.items()}, rulebook, Options())
    assert analysis.errors == []
    changes = change_set(analysis, Applicability.REVIEW)
    return analysis, {**files, **{path: change.after.decode() for path, change in changes.files.items()}}


def sas(key: str = KEY, expiry: str = HOUR, more: str = "") -> str:
    return f'generate_blob_sas("acme", "c", "b", account_key={key}, permission="r", expiry={expiry}{more})'


MOVED = {
    "same function": f"def f():\n    service = {CLIENT}\n    return {sas()}\n",
    "client in a with": f"def f():\n    with {CLIENT} as service:\n        return {sas()}\n",
    "client of the module": f"service = {CLIENT}\ndef f():\n    return {sas()}\n",
    "key of a connection string": f"service = {CONNECTED}\ndef f():\n"
    f"    return {sas('service.credential.account_key')}\n",
    "key of a child": f"def f():\n    service = {CLIENT}\n    blob = service.get_blob_client('c', 'b')\n"
    f"    return {sas('blob.credential.account_key')}\n",
    "two links": f"service = {CLIENT}\ndef f():\n    a = {sas()}\n    b = {sas()}\n    return a, b\n",
    "in a comprehension": f"def f(names):\n    service = {CLIENT}\n    until = {HOUR}\n"
    f"    return [{sas(expiry='until')} for name in names]\n",
    "start": f"service = {CLIENT}\nsas = {sas(more=', start=datetime.now(timezone.utc) - timedelta(minutes=5)')}\n",
    "over several lines": f"service = {CLIENT}\nsas = "
    f"{sas(expiry='datetime.now(timezone.utc)' + chr(10) + '    + timedelta(hours=1)')}\n",
    "names in use": f"def f(expiry):\n    service = {CLIENT}\n    return {sas()}, expiry\n",
}


@pytest.mark.parametrize("name", MOVED)
def test_a_delegated_key_signs(name: str, rulebook: Rulebook) -> None:
    files = {"app.py": HEAD + MOVED[name]}
    analysis, after = look(files, rulebook)
    assert {f.applicability for f in analysis.findings} == {Applicability.REVIEW}, analysis.findings
    text = after["app.py"]
    assert "account_key" not in text
    assert "STORAGE_KEY" not in text
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    signing = [call for call in calls if ast.unparse(call.func) == "generate_blob_sas"]
    assert signing
    for call in signing:
        given_ = {keyword.arg: keyword.value for keyword in call.keywords}
        key = given_["user_delegation_key"]
        assert isinstance(key, ast.Call)
        assert ast.unparse(key.func) == "service.get_user_delegation_key"
        window = {keyword.arg: ast.unparse(keyword.value) for keyword in key.keywords}
        assert window["key_expiry_time"] == ast.unparse(given_["expiry"])
        assert isinstance(given_["expiry"], ast.Name), "computed once, for the key and for the link"
        if "start" in given_:
            assert window["key_start_time"] == ast.unparse(given_["start"])
        else:
            assert window["key_start_time"] == "datetime.now(timezone.utc) - timedelta(minutes=5)"
    roles = {dict(i.data)["name"] for plan in analysis.plans for i in plan.preconditions if i.kind == "role"}
    assert roles == {"Storage Blob Data Contributor", "Storage Blob Delegator"}
    again, second = look(after, rulebook)
    assert (again.findings, second) == ([], after)


LEFT = {
    "client made later": (f"def f():\n    link = {sas()}\n    service = {CLIENT}\n    return link\n", "no client"),
    "client of another function": (f"def g():\n    service = {CLIENT}\ndef f():\n    return {sas()}\n", "no client"),
    "client that may be another one": (
        f"def f(other):\n    service = {CLIENT}\n    if other:\n        service = other\n    return {sas()}\n",
        "no client",
    ),
    "client of another key": (
        f'service = BlobServiceClient({URL}, credential=os.environ["OTHER_KEY"])\ndef f():\n    return {sas()}\n',
        "no client",
    ),
    "the client is a parameter": (
        f"def f(service: BlobServiceClient):\n    return {sas('service.credential.account_key')}\n",
        "is not created in this file",
    ),
    "the key is used elsewhere": (
        f"def f():\n    service = {CONNECTED}\n    key = service.credential.account_key\n"
        f"    print(key)\n    return {sas('key')}\n",
        "also used for something else",
    ),
    "eight days": (f"service = {CLIENT}\nlink = {sas(expiry='datetime.utcnow() + timedelta(days=8)')}\n", "7 days"),
    "a moment from elsewhere": (
        f"service = {CLIENT}\ndef f(until):\n    return {sas(expiry='until')}\n",
        "is not the present time and a duration",
    ),
    "a text": (f"service = {CLIENT}\nlink = {sas(expiry=repr('2030-01-01'))}\n", "is not the present time"),
    "no expiry": (
        f'service = {CLIENT}\nlink = generate_blob_sas("acme", "c", "b", account_key={KEY})\n',
        "no `expiry`",
    ),
    "lines cannot be added": (f"service = {CLIENT}\nf = lambda: {sas()}\n", "no line can be added"),
    "two in one statement": (f"service = {CLIENT}\nlinks = {sas()}, {sas()}\n", "no line can be added"),
    "policy": (f"service = {CLIENT}\nlink = {sas(more=', policy_id=' + repr('p'))}\n", "stored access policy"),
    "unpacked": (f"options = {{}}\nservice = {CLIENT}\nlink = {sas(more=', **options')}\n", "unpacked"),
}


@pytest.mark.parametrize("name", LEFT)
def test_what_a_person_has_to_do(name: str, rulebook: Rulebook) -> None:
    code, reason = LEFT[name]
    analysis, after = look({"app.py": HEAD + code}, rulebook)
    found = next(f for f in analysis.findings if f.rule == "MI203")
    assert found.applicability is Applicability.MANUAL
    assert any(reason in text for text in found.reasons), found.reasons
    assert "generate_blob_sas" in after["app.py"]
    assert "get_user_delegation_key" not in after["app.py"]
    if "credential.account_key" in code:
        assert after["app.py"] == HEAD + code, "a client whose key is read keeps it"


def test_a_time_without_a_zone_starts_early_enough(rulebook: Rulebook) -> None:
    """The key is valid at once wherever the program runs, as the link was."""
    code = f"service = {CLIENT}\nlink = {sas(expiry='datetime.now() + timedelta(hours=1)')}\n"
    _, after = look({"app.py": HEAD + code}, rulebook)
    assert "key_start_time=datetime.now() - timedelta(days=1)," in after["app.py"]


def test_a_duration_that_is_not_known_is_pointed_out(rulebook: Rulebook) -> None:
    code = f"service = {CLIENT}\ndef f(hours):\n    return {sas(expiry='datetime.utcnow() + timedelta(hours=hours)')}\n"
    analysis, _ = look({"app.py": HEAD + code}, rulebook)
    assert any("7 days at most: see that" in text for f in analysis.findings for text in f.reasons)


UNITS = ("weeks", "days", "hours", "minutes", "seconds")


@given(st.dictionaries(st.sampled_from(UNITS), st.integers(-500, 500), min_size=1), st.booleans())
def test_the_distance_of_a_moment_is_that_of_its_duration(duration: dict[str, int], ago: bool) -> None:
    arguments = ", ".join(f"{name}={number}" for name, number in duration.items())
    sign = "-" if ago else "+"
    source = f"import datetime as d\nx = d.datetime.now(d.timezone.utc) {sign} d.timedelta({arguments})\n"
    project, errors = Project.read({"app.py": source.encode()})
    assert errors == []
    module = project.modules["app.py"]
    statement = module.tree.body[1]
    assert isinstance(statement, ast.Assign)
    moment = moment_of(project, module, statement.value)
    assert moment is not None
    assert moment.duration == "d.timedelta"
    assert moment.seconds == timedelta(**duration).total_seconds() * (-1 if ago else 1)
