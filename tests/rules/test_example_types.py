"""Rewritten examples type-check against the real SDKs: pyright finds nothing that it did not find before."""

from __future__ import annotations

import collections
import json
import re
import subprocess
import sys
from pathlib import Path

from mi_lint.rulebook.examples import contract, example_files, expected_files
from mi_lint.rulebook.model import Rulebook

# Settings classes get their fields from the environment, which pyright can't know; a fix renames such fields.
TEXT = re.compile(r"Literal\[(['\"]).*?\1\]")  # a value that changes within a complaint that was there before
RENAMED_FIELD = re.compile(r"(?<=Arguments missing for parameters ).*|(?<=Argument missing for parameter ).*")
Errors = dict[str, collections.Counter[str]]


def _write(folder: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


def _pyright(folder: Path) -> Errors:
    """Errors by example folder, without positions, since a rewrite moves lines."""
    settings = {"reportMissingImports": "none", "reportMissingModuleSource": "none", "pythonVersion": "3.11"}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings))
    done = subprocess.run(
        [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stdout[:2000] + done.stderr[:2000]
    found: Errors = {}
    for item in json.loads(done.stdout)["generalDiagnostics"]:
        if item["severity"] == "error":
            side, name, *_ = Path(item["file"]).relative_to(folder).parts
            text = RENAMED_FIELD.sub("a field", f"{item.get('rule', '')}: {contract(item['message'])}")
            text = TEXT.sub("Literal[a text]", text)
            found.setdefault(f"{side}/{name}", collections.Counter())[text] += 1
    return found


def test_rewritten_examples_type_check(rulebook: Rulebook, tmp_path: Path) -> None:
    names = {}
    for rule in rulebook.rules:
        for number, example in enumerate(rule.examples):
            if example.after is None:
                continue
            name = f"{rule.id}-{number}"
            names[name] = example.title
            _write(tmp_path / "before" / name, example_files(example))
            _write(tmp_path / "after" / name, expected_files(example))
    assert names
    errors = _pyright(tmp_path)
    new = []
    for name, title in names.items():
        after = errors.get(f"after/{name}", collections.Counter())
        new += [f"{name} ({title}): {text}" for text in after - errors.get(f"before/{name}", collections.Counter())]
    assert new == []
