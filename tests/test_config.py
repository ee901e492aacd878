"""Configuration: nearest file wins, and every mistake is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from mi_lint.config import Config, find_config, load_config
from mi_lint.errors import ConfigError


def _pyproject(folder: Path, body: str) -> Path:
    path = folder / "pyproject.toml"
    path.write_text(f"[tool.mi-lint]\n{body}\n")
    return path


def test_defaults_without_any_file(tmp_path: Path) -> None:
    assert find_config(tmp_path) == Config()


def test_all_keys(tmp_path: Path) -> None:
    _pyproject(
        tmp_path,
        'select=["MI2"]\nignore=["MI201"]\nexclude=["vendor"]\nrule-paths=["packs"]\nidentity="user"\n'
        'client-id-setting="AZURE_CLIENT_ID"\ncredential="chain"\nfail-on="high"\nmax-file-size=10\n'
        'per-file-ignores={"tests/*"=["MI201"]}',
    )
    config = find_config(tmp_path)
    assert config.select == ("MI2",)
    assert config.rule_paths == (tmp_path / "packs",)
    assert config.per_file_ignores == (("tests/*", ("MI201",)),)
    assert (config.identity, config.client_id_setting, config.credential) == ("user", "AZURE_CLIENT_ID", "chain")
    assert (config.fail_on, config.max_file_size) == ("high", 10)


def test_nearest_upwards_wins_and_projects_without_a_table_are_passed_over(tmp_path: Path) -> None:
    _pyproject(tmp_path, 'ignore=["MI201"]')
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "a" / "pyproject.toml").write_text("[project]\nname='mi-lint-user'\n")
    assert find_config(inner).ignore == ("MI201",)
    (inner / "mi-lint.toml").write_text('ignore=["MI202"]\n')
    assert find_config(inner / "x.py").ignore == ("MI202",)


def test_broken_toml_of_others_does_not_matter(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[broken")
    assert find_config(tmp_path) == Config()


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("selct=[]", "pyproject.toml: [tool.mi-lint] unknown key 'selct'; did you mean 'select'?"),
        ("rule_paths=[]", "pyproject.toml: [tool.mi-lint] unknown key 'rule_paths'; did you mean 'rule-paths'?"),
        ('select="MI2"', "pyproject.toml: [tool.mi-lint] 'select' must be a list of strings"),
        ("select=[1]", "pyproject.toml: [tool.mi-lint] 'select' must be a list of strings"),
        ("max-file-size=true", "pyproject.toml: [tool.mi-lint] 'max-file-size' must be a positive number of bytes"),
        ('identity="both"', 'pyproject.toml: [tool.mi-lint] \'identity\' must be one of "system", "user"'),
        ("identity=[]", 'pyproject.toml: [tool.mi-lint] \'identity\' must be one of "system", "user"'),
        ('client-id="x"', 'pyproject.toml: [tool.mi-lint] a client id needs identity = "user"'),
        ("x = [", "pyproject.toml:3: is not valid TOML"),
        ("x = = 1", "pyproject.toml:2:5: is not valid TOML"),
    ],
)
def test_mistakes(tmp_path: Path, body: str, message: str) -> None:
    _pyproject(tmp_path, body)
    with pytest.raises(ConfigError) as caught:
        find_config(tmp_path)
    assert str(caught.value) == message


def test_unknown_key_without_a_near_one_lists_all(tmp_path: Path) -> None:
    (tmp_path / "mi-lint.toml").write_text("zzzzzz = 1\n")
    with pytest.raises(ConfigError, match=r"mi-lint\.toml: unknown key 'zzzzzz'; there are client-id, "):
        load_config(tmp_path / "mi-lint.toml")


def test_no_value_appears_in_a_message(tmp_path: Path) -> None:
    _pyproject(tmp_path, 'identity = "hunter2"')
    with pytest.raises(ConfigError) as caught:
        find_config(tmp_path)
    assert "hunter2" not in str(caught.value)
