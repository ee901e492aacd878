"""Names of settings that stand in sections: `section.option`, and `file::section.option` in the tree of a file.

A file stands for its family: `config.prod.yaml` and `config.example.yaml` are read in place of `config.yaml`.
"""

from __future__ import annotations

import re

_FILE = "::"
_EXAMPLE = re.compile(r"(?i)[._-](?:examples?|samples?|templates?|tmpl|tpl|dist)(?=\.|$)")
_FORMS = {"json": ("json",), "yaml": ("yaml", "yml"), "toml": ("toml",)}
FORMS = tuple(_FORMS)


def option(name: str) -> str:
    """The last part of a name in a section."""
    return name.rpartition(_FILE)[2].rpartition(".")[2]


def joined(section: str, name: str) -> str:
    """The name of an option of a section."""
    return f"{section}{name}" if section.endswith(_FILE) else f"{section}.{name}"


def section_in(family: str, path: tuple[str, ...]) -> str:
    """The section at a path of the tree of a file; its outermost level is a section too."""
    return f"{family}{_FILE}{'.'.join(path)}"


def is_key(text: str) -> bool:
    """Whether a key can be a part of a name."""
    return bool(text) and "." not in text and _FILE not in text


def file_of(name: str) -> str:
    """The family of files in whose tree a setting stands; empty for any other."""
    return name.rpartition(_FILE)[0]


def place_in(name: str) -> str:
    """Where in its file a setting or a section stands, as `section.option`."""
    return name.rpartition(_FILE)[2]


def family(path: str) -> str:
    """The name of a file, less what tells it from others that are read in its place."""
    name = _EXAMPLE.sub("", path.rpartition("/")[2])
    lead = name[: len(name) - len(name.lstrip("."))]
    stem, *rest = name[len(lead) :].split(".")
    return f"{lead}{stem}.{rest[-1]}" if rest else name


def has_form(name: str, form: str) -> bool:
    """Whether a file of that name is written in a form."""
    return name.rpartition(".")[2].lower() in _FORMS[form]


def named(name: str, section: str | None) -> str:
    """A setting in plain words: by its name, as the option of its section, or by its place in a file."""
    if file_of(name):
        return f"{place_in(name)} of {file_of(name)}"
    return name if section is None else f"{option(name)} of section [{section}]"
