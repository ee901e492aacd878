"""What is read line by line from any text: each value under the name that directly belongs to it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mi_lint.documents.assignments import values

_PIECES = st.lists(
    st.sampled_from(
        [
            "a",
            "=",
            ":",
            '"',
            "'",
            "`",
            "\\",
            "\n",
            " ",
            "|",
            "${",
            "}",
            "name: ",
            "value: ",
            "{",
            "[x]",
            "- ",
            '"""',
            "é😀",
        ]
    )
)
_NAME = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,20}", fullmatch=True)
_VALUE = st.from_regex(r"[A-Za-z0-9+/=._~-]{1,40}", fullmatch=True)


def pairs(text: str) -> set[tuple[str, str]]:
    return {(nv.name, nv.value.text) for nv in values(text)}


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("A=b=c;D=e", "A", "b=c;D=e"),
        ('A="x"', "A", "x"),
        ("export A='x y'", "A", "x y"),
        ("a = 1 # c", "a", "1"),
        ("--api-key abc", "api-key", "abc"),
        ("--api-key=abc", "api-key", "abc"),
        ('$x = "v1"', "x", "v1"),
        ("$env:X = 'v1'", "X", "v1"),
        ('ENV X=Y1 Z="w1"', "X", "Y1"),
        ('ENV X=Y1 Z="w1"', "Z", "w1"),
        ("ENV X Y1", "X", "Y1"),
        ("ARG X=Y1", "X", "Y1"),
        ("param x string = 'v1'", "x", "v1"),
        ("name: v1", "name", "v1"),
        ('"name": "v1"', "name", "v1"),
        ('string x = "v1";', "x", "v1"),
        ("const x = 'v1'", "x", "v1"),
        ("const x: string = 'v1'", "x", "v1"),
        ('x := "v1"', "x", "v1"),
        ("Ocp-Apim-Subscription-Key: v1", "Ocp-Apim-Subscription-Key", "v1"),
        ('curl -H "api-key: v1" url', "api-key", "v1"),
        ('c.add("api-key", "v1")', "api-key", "v1"),
        ('f(api_key="v1")', "api_key", "v1"),
        ('<add key="X" value="Y1"/>', "X", "Y1"),
        ("| KEY | `v123` |", "KEY", "v123"),
        ("# KEY=v1", "KEY", "v1"),
        ("// key: v1", "key", "v1"),
        ("x: ${NAME:-value1}", "NAME", "value1"),
        ("${NAME:=value1}", "NAME", "value1"),
        ("${NAME-value1}", "NAME", "value1"),
        ("${NAME:-v}", "NAME", "v"),
        ('os.environ.get("NAME", "value")', "NAME", "value"),
        ('process.env.NAME || "value"', "NAME", "value"),
        ('process.env.NAME ?? "value"', "NAME", "value"),
        ('process.env["NAME"] || "value"', "NAME", "value"),
        ('getenv("NAME") ?? "value"', "NAME", "value"),
        ('getenv("NAME") or "value"', "NAME", "value"),
        ('variable "x" {\n default = "v1"\n}', "x", "v1"),
        ('variable "x" {\n validation { a = 1 }\n default = "v1"\n}', "x", "v1"),
        ("{\n  name: 'X'\n  value: 'Y1'\n}", "X", "Y1"),
        ("- name: X\n  value: Y1", "X", "Y1"),
        ("- name: 'X'\n  type: s\n  value: 'Y1'", "X", "Y1"),
        ("- NAME=value1", "NAME", "value1"),
        ("a=${NAME:value1}", "NAME", "value1"),
        ("ConnectionStrings:Storage=v1", "ConnectionStrings:Storage", "v1"),
        ("spring.datasource.password=v1", "spring.datasource.password", "v1"),
        ('a = """\nx\ny"""', "a", "x\ny"),
        ("a = '''x'''", "a", "x"),
        ('a = """x"""', "a", "x"),
        ('"ConnectionStrings:Storage": "v1"', "ConnectionStrings:Storage", "v1"),
        ("ConnectionStrings:Azure:Storage=v1", "ConnectionStrings:Azure:Storage", "v1"),
        ('a="x\\"y"', "a", 'x"y'),
        ('a="x\\u0041y"', "a", "xAy"),
        ('a="x\\\\y"', "a", "x\\y"),
        ("a=x y z", "a", "x y z"),
        ("a=x y # c", "a", "x y"),
        ("a: x; # c", "a", "x"),
        ("x = foo;", "x", "foo"),
        ("a=1, b=2", "b", "2"),
        ("set X=Y1", "X", "Y1"),
        ('setx X "Y1"', "X", "Y1"),
        ('$env:X="Y1"', "X", "Y1"),
        ('[Environment]::SetEnvironmentVariable("X", "Y1")', "X", "Y1"),
        ('$h = @{ "api-key" = "v1" }', "api-key", "v1"),
        ('my["key"] = "v1"', "key", "v1"),
        ('x => "v1"', "x", "v1"),
        ('ENV X="a b" \\\n    Z=w1', "Z", "w1"),
        ("-e NAME=value1", "NAME", "value1"),
        ("docker run -e NAME=value1 img", "NAME", "value1"),
        ("a='it'", "a", "it"),
        ('A=b"c"', "A", 'b"c"'),
        ("output x string = 'v1'", "x", "v1"),
        ('var x string = "v1"', "x", "v1"),
        ('val x: String = "v1"', "x", "v1"),
        ('x = new Foo("v1")', "x", "v1"),
        ('@Value("${a.b:v123}")', "a.b", "v123"),
        ("${A:-${B:-inner}}", "B", "inner"),
        ("url=${A:-x}&y=${B:-zz}", "A", "x"),
        ("url=${A:-x}&y=${B:-zz}", "B", "zz"),
        ('name = "X"\n  value = "Y1"', "X", "Y1"),
        ("| `KEY` | desc | `v123` |", "KEY", "v123"),
        ("az x --settings A=b1 C=d1", "C", "d1"),
        ("KEY: 'v1', OTHER: 'v2'", "OTHER", "v2"),
        ("password=abc\tx", "password", "abc\tx"),
        ('key="a" name="b"', "name", "b"),
        ("a\r\nKEY=v1\r\nB=2", "KEY", "v1"),
        ("x-api-key:v1", "x-api-key", "v1"),
        ('A="multi\nline"', "A", "multi\nline"),
        ('x = """a\\nb"""', "x", "a\nb"),
        ("A=<v1>", "A", "<v1>"),
        ("[db]\npassword = x", "password", "x"),
        ("name := `v1`", "name", "v1"),
        ('"--api-key", "v1"', "api-key", "v1"),
        ('x ="v1"', "x", "v1"),
    ],
)
def test_finds_a_value_under_its_name(text: str, name: str, value: str) -> None:
    assert (name, value) in pairs(text)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("param x string = 'v1'", "string"),
        ("output x string = 'v1'", "string"),
        ("$env:X = 'v1'", "$env"),
        ("- name: A\n  x: 1\n- name: B\n  value: v1", "A"),
        ("name: A\nother:\n  value: v1", "A"),
        ('variable "a" {}\nlocals {\n default = "v1"\n}', "a"),
        ('variable "a" {\n}\nvariable "b" {\n default = "v1"\n}', "a"),
    ],
)
def test_a_value_is_not_found_under_the_name_of_another(text: str, wrong: str) -> None:
    assert (wrong, "v1") not in pairs(text)


@pytest.mark.parametrize(
    ("line", "raw"),
    [
        ("A={}", "abc=="),
        ("A: '{}' # c", "abc"),
        ('x := "{}"', r"a\u0041c"),
        ("é😀 A = {} ; c", "abc"),
        ("f(a=`{}`)", "abc"),
    ],
)
def test_the_place_is_the_value_as_it_is_written(line: str, raw: str) -> None:
    text = "é😀\n" + line.format(raw)
    written = [[text[span.start : span.end] for span in nv.value.spans(0, len(nv.value))] for nv in values(text)]
    assert any("".join(parts) == raw for parts in written)


def test_sections_and_blocks_are_paths_and_groups() -> None:
    text = "top = 1\n[db]\nuser = a\npassword = b\n[cache]\nkey = c\n"
    found = {nv.name: nv for nv in values(text)}
    assert [found[name].path for name in ("top", "user", "password", "key")] == [(), ("db",), ("db",), ("cache",)]
    assert found["user"].group == found["password"].group != found["key"].group


def test_a_block_of_terraform_ends_with_its_brace() -> None:
    text = 'resource "kind" "web" {\n  key = "v1"\n  inner {\n    last = "v2"\n  }\n}\nafter = "v3"\n'
    found = {nv.name: nv.path for nv in values(text)}
    assert found["key"] == found["last"] == ("kind", "web")
    assert found["after"] == ()


def test_all_settings_of_a_dotenv_file_are_one_group() -> None:
    assert len({nv.group for nv in values("A=1\nB='2'\n\n# C=3\nexport D=4\n")}) == 1


@settings(deadline=None)
@given(st.dictionaries(_NAME, _VALUE, min_size=1, max_size=5))
def test_settings_come_back_in_every_spelling(expected: dict[str, str]) -> None:
    for form in ("{}={}", "{}: {}", '{} = "{}"', "export {}='{}'", '"{}": "{}",', "- {}={}", 'const {} = "{}";'):
        text = "\n".join(form.format(name, value) for name, value in expected.items())
        assert set(expected.items()) <= pairs(text)


@settings(deadline=None)
@given(_PIECES.map("".join) | st.text())
def test_any_text_is_read_without_error_and_places_are_inside(text: str) -> None:
    for nv in values(text):
        assert len(nv.value.starts) == len(nv.value.ends) == len(nv.value) > 0
        assert all(0 <= span.start < span.end <= len(text) for span in nv.value.spans(0, len(nv.value)))


@pytest.mark.parametrize(
    "part",
    [
        "a=",
        '"',
        "'",
        ":",
        "\\",
        "{",
        "}",
        "${",
        "a:",
        "name:",
        'a="',
        " ",
        "|a",
        "`",
        "--a ",
        "_" * 255 + " ",
        "name: a\nq\n",
    ],
)
def test_a_megabyte_of_anything_is_read_in_time(part: str) -> None:
    begun = time.process_time()
    values(part * (1_000_000 // len(part)))
    assert time.process_time() - begun < 4  # for slow machines; it takes half of that or less


@pytest.mark.parametrize("text", ["a=x" + " " * 1_000_000 + "x", "[a]\na=b\n" * 50_000, 'a="' + "\\" * 1_000_000])
def test_blanks_sections_and_backslashes_cost_no_more_than_their_length(text: str) -> None:
    begun = time.process_time()
    values(text)
    assert time.process_time() - begun < 4  # for slow machines; it takes half of that or less
