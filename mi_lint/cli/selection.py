"""Which rules run: the names in select, ignore and per-file-ignores against the rulebook."""

from __future__ import annotations

import difflib

from mi_lint import baseline
from mi_lint.config import Config
from mi_lint.errors import ConfigError, UsageError
from mi_lint.rulebook.kinds import SecretKind
from mi_lint.rulebook.model import Rulebook
from mi_lint.suppress import UNUSED_NAME, UNUSED_RULE, rule_matches


def check_rules(rulebook: Rulebook, config: Config, typed: set[str]) -> None:
    """Every name in select, ignore and per-file-ignores means at least one rule; `typed` came from the command line.

    Raises:
        UsageError, ConfigError: it does not.
    """
    known = [*names_of(rulebook), (UNUSED_RULE, UNUSED_NAME), (baseline.UNUSED_RULE, baseline.UNUSED_NAME)]
    configured = {*config.select, *config.ignore, *(c for _, codes in config.per_file_ignores for c in codes)}
    for pattern in sorted(typed | configured):
        if any(rule_matches(pattern, rule, name) for rule, name in known):
            continue
        words = [word for pair in known for word in pair]
        close = difflib.get_close_matches(pattern.lower(), [word.lower() for word in words], n=1)
        spelled = next((word for word in words if close and word.lower() == close[0]), "")
        hint = f"; did you mean '{spelled}'?" if spelled else "; `mi-lint rules list` lists them"
        if pattern in typed:
            raise UsageError(f"unknown rule '{pattern}'{hint}")
        raise ConfigError(f"{config.path.name if config.path else ''}: unknown rule '{pattern}'{hint}")


def runs(rule: str, name: str, config: Config) -> bool:
    """Whether a rule is selected and not ignored."""
    selected = not config.select or any(rule_matches(p, rule, name) for p in config.select)
    return selected and not any(rule_matches(p, rule, name) for p in config.ignore)


def kind_runs(kind: SecretKind, config: Config) -> bool:
    """Whether a kind of secret is looked for; one that is off by default has to be selected by its own id or name."""
    chosen = any(pattern.lower() in (kind.id.lower(), kind.name) for pattern in config.select)
    return runs(kind.id, kind.name, config) and (kind.default or chosen)


def could_hide(code: str, rulebook: Rulebook, config: Config) -> bool:
    """Whether an ignore of `code` could have hidden something in this run."""
    if not code:
        return not config.select and not config.ignore
    for id, name in names_of(rulebook):
        if code.lower() in (id.lower(), name.lower()):
            return runs(id, name, config)
    return True


def names_of(rulebook: Rulebook) -> list[tuple[str, str]]:
    """Ids and names of everything that can be reported: rules for calls, and kinds of secrets."""
    rules = [(rule.id, rule.name) for rule in rulebook.rules]
    return [*rules, *((kind.id, kind.name) for kind in rulebook.kinds)]
