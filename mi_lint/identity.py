"""How a credential is written: the configured style and identity as an expression, sync or async."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from mi_lint.errors import ConfigError
from mi_lint.rulebook.model import IdentityStyle, Rule

_NAME = re.compile(r"(?<![\w.])([A-Za-z_]\w*)(?=[(.])")  # what an expression calls or reads from, outside strings
_STRING = re.compile(r'"[^"]*"')


@dataclass(frozen=True, slots=True)
class Options:
    """What a run is asked for: how identity is written, and which rules count."""

    identity: str = "system"  # system | user
    client_id: str = ""
    client_id_setting: str = ""
    credential: str = "default"
    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    setting_names: tuple[tuple[str, str, str], ...] = ()  # old name, the new one by convention, the one to take

    def __post_init__(self) -> None:
        if self.identity not in ("system", "user"):
            raise ConfigError(f"identity '{self.identity}' is unknown; use 'system' or 'user'")
        if self.identity == "user" and not (self.client_id or self.client_id_setting):
            raise ConfigError("identity 'user' needs the client id of the identity: client-id or client-id-setting")
        if self.client_id and self.client_id_setting:
            raise ConfigError("client-id and client-id-setting exclude each other")

    def selects(self, rule: Rule) -> bool:
        """Whether the run is asked for a rule, by the start of its id or by its name."""

        def matches(chosen: frozenset[str]) -> bool:
            return any(rule.id.startswith(item) or rule.name == item for item in chosen)

        return (not self.select or matches(self.select)) and not matches(self.ignore)


@dataclass(frozen=True, slots=True)
class Expression:
    """Source text of a credential, with the names to import: pairs of module and name (name empty for `import m`)."""

    text: str
    imports: tuple[tuple[str, str], ...]


def credential(options: Options, styles: Mapping[str, IdentityStyle], is_async: bool, family: str = "") -> Expression:
    """The credential expression of the configured style.

    Raises:
        ConfigError: no pack defines that credential style.
    """
    style = _style(options, styles, family)
    user = client_id(options)
    text = style.system if user is None else style.user.replace("{client_id}", user.text)
    names = dict.fromkeys(_NAME.findall(_STRING.sub('""', text)))
    imports = [(_module(style, name, is_async), name) for name in names if name != "os"]
    if "os" in names:
        imports.append(("os", ""))
    return Expression(text, tuple(imports))


def client_id(options: Options) -> Expression | None:
    """The client id of a user-assigned identity; None for that of the system."""
    if options.identity != "user":
        return None
    if options.client_id_setting:
        return Expression(f'os.environ["{options.client_id_setting}"]', (("os", ""),))
    return Expression(f'"{options.client_id}"', ())


def provider(
    options: Options, styles: Mapping[str, IdentityStyle], is_async: bool, scope: str, inner: str
) -> Expression:
    """A token provider around the credential expression or variable `inner`."""
    style = _style(options, styles)
    text = f'{style.provider}({inner}, "{scope}")'
    return Expression(text, ((style.aio if is_async else style.sync, style.provider),))


def packages(
    options: Options, styles: Mapping[str, IdentityStyle], is_async: bool, family: str = ""
) -> list[tuple[str, str]]:
    """Distributions, with their version specifiers, that the credential needs."""
    found = list(_style(options, styles, family).packages)
    return [*found, ("aiohttp", "")] if is_async and not family else found


def has_style(options: Options, styles: Mapping[str, IdentityStyle], family: str) -> bool:
    """Whether a family of credentials has the configured style."""
    return not family or f"{family}/{options.credential}" in styles


def _module(style: IdentityStyle, name: str, is_async: bool) -> str:
    return style.aio if is_async and name not in style.sync_only else style.sync


def _style(options: Options, styles: Mapping[str, IdentityStyle], family: str = "") -> IdentityStyle:
    name = f"{family}/{options.credential}" if family else options.credential
    if name not in styles:
        known = ", ".join(sorted(style for style in styles if "/" not in style)) or "none"
        raise ConfigError(f"credential style '{options.credential}' is unknown; known styles: {known}")
    return styles[name]
