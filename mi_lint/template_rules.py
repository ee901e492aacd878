"""Resources of infrastructure that sign in with a secret of their own: Terraform, Bicep, and templates in JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from mi_lint.access import Granter, Identity, user_client_id, user_id
from mi_lint.config_rules import ConfigPlan, config_plan, rules_with
from mi_lint.edits import TextEdit
from mi_lint.identity import Options
from mi_lint.rulebook.model import Rule, TemplateChange
from mi_lint.settings.expressions import followed
from mi_lint.settings.formats import format_for
from mi_lint.settings.items import HCL, JSON, Body, Item
from mi_lint.settings.members import added, block_lines, identity_block, member_indent, removed, replaced, without_block
from mi_lint.settings.model import SettingEntry
from mi_lint.stacks import Placed, Stack, named_resources
from mi_lint.template_sweep import VARIABLE, passed_by_hand
from mi_lint.textfile import Span
from mi_lint.transcode import plain
from mi_lint.workspace import Workspace

_EMPTY = re.compile(r"null|\"\"|''")
_PIPELINES = re.compile(r"(?:^|/)(?:\.github/workflows/[^/]+|[^/]*azure-pipelines[^/]*|\.gitlab-ci)\.ya?ml$")
_TEMPLATES = (".tf", ".tfvars", ".bicep", ".bicepparam")
_OWN_RUNNER = re.compile(r"(?m)^\s*(?:-\s*)?(?:runs-on:.*self-hosted|pool:\s*\w|pool:\s*\r?\n\s*name:|tags:)")


def template_plans(workspace: Workspace, options: Options) -> Iterator[ConfigPlan]:
    """A plan for each resource that has a secret which a rule knows."""
    rules = rules_with(workspace, lambda rule: rule.template is not None)
    granter = Granter(workspace, options)
    words = {rule.id: [(end, [w.lower().encode() for w in found]) for end, found in rule.words] for rule in rules}
    endings = tuple({end for found in words.values() for end, _ in found})
    for path in sorted(path for path in workspace.files if path.endswith(endings)):
        lower = plain(workspace.files[path]).lower()
        wanted = [rule for rule in rules if _may_hold(words[rule.id], path, lower)]
        stack = granter.stacks.of(path) if wanted else None
        for rule in wanted if stack is not None else ():
            for placed in stack.placed if stack is not None else ():
                if placed.file.path == path and rule.template is not None and _is_meant(placed, rule.template):
                    assert stack is not None
                    yield from _Change(workspace, options, granter, stack, placed, rule, rule.template).plans()


def _may_hold(words: Iterable[tuple[str, list[bytes]]], path: str, lower: bytes) -> bool:
    return any(path.endswith(ending) and any(word in lower for word in found) for ending, found in words)


def _is_meant(placed: Placed, change: TemplateChange) -> bool:
    return not placed.resource.existing and any(placed.resource.matches(block) for block in change.blocks)


@dataclass(frozen=True, slots=True, eq=False)
class _Change:
    """One rule at one resource."""

    workspace: Workspace
    options: Options
    granter: Granter
    stack: Stack
    placed: Placed
    rule: Rule
    change: TemplateChange

    def plans(self) -> Iterator[ConfigPlan]:
        if self.change.settings:
            entries = self._settings()
            if entries and self._is_for(self.placed.resource.body):
                plan = self._plan(entries[0].name_span, f"the setting {entries[0].name}")
                self._move(plan, self.placed.resource.body, [], entries)
                yield plan
            return
        for body in self.placed.resource.inner(self.change.at):
            secrets = [item for name in self.change.secrets if (item := body.value(name)) is not None]
            secrets = [item for item in secrets if self._is_secret(self._text(item))]
            if secrets and self._is_for(body):
                plan = self._plan(secrets[0].span, f"`{'.'.join((*self.change.at, secrets[0].name))}`")
                self._move(plan, body, secrets, [])
                yield plan

    def _plan(self, span: Span, what: str) -> ConfigPlan:
        resource = self.placed.resource
        symbol = "" if self.stack.dialect is HCL or not resource.symbol else f" {resource.symbol}"
        where = " ".join(resource.words) + symbol
        return config_plan(self.rule, self.placed.file, span, f"`{where}` signs in with {what}")

    def _text(self, item: Item) -> str:
        return self.placed.file.text[item.value.start : item.value.end]

    def _is_secret(self, text: str) -> bool:
        return not _EMPTY.fullmatch(text) and (not self.change.value or bool(re.fullmatch(self.change.value, text)))

    def _settings(self) -> list[SettingEntry]:
        """The settings of the resource that the rule is about; a reference to a vault is no secret."""
        found = [entry for _, entry in self._own_entries(self.change.settings)]
        first = [entry for entry in found if entry.name == self.change.settings[0]]
        return found if any(e.value and not e.value.startswith("@") for e in first) else []

    # -- what becomes of it --------------------------------------------------------------------------------------------

    def _move(self, plan: ConfigPlan, body: Body, secrets: list[Item], entries: list[SettingEntry]) -> None:
        doubt = self._doubt(body, secrets, entries)
        if doubt and not plan.problems:
            plan.problem(None, doubt)
        if plan.problems:
            return
        identity = self.granter.identity(self.stack, self.placed) if self.change.identity else None
        if identity is not None and not identity.missing and not identity.principal:
            plan.problem(None, f"its resource {identity.problem or 'has an identity that mi-lint cannot name'}")
            return
        members = self._members(plan, identity)
        if plan.problems:
            return
        file, dialect = self.placed.file, self.stack.dialect
        gone = [*secrets, *(item for name in self.change.drops if (item := body.value(name)) is not None)]
        edits = self._set(plan, body, gone, members)
        if self.change.whole and dialect is HCL and identity is not None and identity.missing:
            plan.edit_file(file.path, *self._exchanged(plan, body, identity))
            return
        edits += without_block(file, dialect, body) if self.change.whole else removed(file, dialect, gone)
        if entries:
            edits += [TextEdit(span, text) for span, text in format_for(entries[0]).remove(file, entries)]
        edits += self._held(secrets)
        if identity is not None:
            text = self._scope_text(body, secrets, entries)
            place = f"{file.path}:{file.line_column(self.placed.resource.body.start)[0]}"
            role = dict(self.workspace.known.pack(self.rule).roles).get(self.rule.role)
            self.granter.grant(plan, self.stack, self.placed, text, [role] if role is not None else [], place)
        self._note_variables(plan, secrets)
        plan.edit_file(file.path, *edits)

    def _note_variables(self, plan: ConfigPlan, secrets: list[Item]) -> None:
        """Variables that stay, because something may pass them."""
        folder = self.placed.file.path.rpartition("/")[0]
        for name in sorted({name for item in secrets for name in VARIABLE.findall(self._text(item))}):
            places = passed_by_hand(self.workspace, folder, name) if self.stack.dialect is HCL else []
            if places:
                listed = ", ".join(f"{path}:{line}" for path, line in places[:5])
                plan.note(
                    f"the variable {name} may be passed in {listed}: take it out there, and then the variable itself"
                )

    def _members(self, plan: ConfigPlan, identity: Identity | None) -> list[tuple[str, str]]:
        """The members that come, with what stands for the identity filled in."""
        ways = dict(self.change.sets)
        way = self._way(ways, identity)
        if self.change.sets and way not in ways:
            plan.problem(None, f"it takes no {way}-assigned identity: run with the other kind")
        members = []
        for name, value in ways.get(way, ()):
            if "{identity_id}" in value or "{client_id}" in value:
                if identity is None or identity.name == "system" or self.stack.dialect is JSON:
                    plan.problem(None, f"set `{name}` to the user-assigned identity there")
                    return []
                value = value.replace("{identity_id}", user_id(self.stack, identity.name))
                value = value.replace("{client_id}", user_client_id(self.stack, identity.name))
            members.append((name, value.replace("'", '"') if self.stack.dialect is JSON else value))
        return members

    def _way(self, ways: Mapping[str, object], identity: Identity | None) -> str:
        if identity is not None:
            return "system" if identity.name == "system" else "user"
        return "pipeline" if "pipeline" in ways and not self._runs_on_own_hosts() else self.options.identity

    def _runs_on_own_hosts(self) -> bool:
        """Whether every pipeline that speaks of what runs this template has machines of its own."""
        tool = b"terraform" if self.stack.dialect is HCL else b"az"
        texts = [
            data for path, data in self.workspace.files.items() if _PIPELINES.search(path) and tool in data.lower()
        ]
        return bool(texts) and all(_OWN_RUNNER.search(text.decode("utf-8", "replace")) for text in texts)

    def _set(self, plan: ConfigPlan, body: Body, gone: list[Item], members: list[tuple[str, str]]) -> list[TextEdit]:
        """Members that are there get their new value; of the others the first takes the place of a secret beside it."""
        file, dialect = self.placed.file, self.stack.dialect
        targets = self.placed.resource.inner(self.change.within)
        if self.change.within == self.change.at:
            targets = [body]
        if not members:
            return []
        if len(targets) != 1:
            plan.problem(None, f"there is no one `{'.'.join(self.change.within)}` to set `{members[0][0]}` in")
            return []
        edits, new = [], []
        for name, value in members:
            item = targets[0].value(name)
            if item is None:
                new.append((name, value))
            elif self._text(item) != value:
                edits.append(TextEdit(item.value, value))
        if new and targets[0] is body and gone:
            edits += replaced(file, dialect, gone.pop(0), *new.pop(0))
        return edits + added(file, dialect, targets[0], new)

    def _held(self, secrets: list[Item]) -> list[TextEdit]:
        """The secret that the resource holds under a name which only this member tells."""
        if not self.change.held or not secrets:
            return []
        resource, file = self.placed.resource, self.placed.file
        name = self._text(secrets[0])
        if file.text.count(name, resource.body.start, resource.body.end) != 2:
            return []
        holders = [b for b in resource.inner(self.change.held) if (i := b.value("name")) and self._text(i) == name]
        return [edit for holder in holders for edit in without_block(file, self.stack.dialect, holder)]

    def _exchanged(self, plan: ConfigPlan, body: Body, identity: Identity) -> list[TextEdit]:
        """A block gives way to that of an identity."""
        span = block_lines(self.placed.file, body)
        if span is None:
            plan.problem(None, "it shares its lines with something else")
            return []
        indent = member_indent(self.placed.file, self.placed.resource.body)
        return [TextEdit(span, identity_block(self.placed.file, indent, identity.name))]

    def _scope_text(self, body: Body, secrets: list[Item], entries: list[SettingEntry]) -> str:
        """All expressions that may name what the role is granted on."""
        found = [self._text(item) for item in secrets] + [entry.value for entry in entries]
        return " ".join([*found, *(self._text(item) for item in self._along(body) if item.name in self.change.scope)])

    def _along(self, body: Body) -> Iterator[Item]:
        """The members of a body, and of those around it in its resource."""
        for around in body.around():
            yield from around.items
            if around is self.placed.resource.body:
                return

    def _is_for(self, body: Body) -> bool:
        """Whether the secret is for what the rule is about, as far as something says."""
        entries = self._own_entries([name for name, _ in self.change.only])
        told = {name: entry.value for name, entry in entries if not entry.computed}
        told |= {item.name: text for item in self._along(body) if (text := self._text(item))[:1] in ("'", '"')}
        return not any(
            name in told and "${" not in told[name] and not re.search(pattern, told[name])
            for name, pattern in self.change.only
        )

    def _doubt(self, body: Body, secrets: list[Item], entries: list[SettingEntry]) -> str:
        """Why nothing says that the secret is for what the rule is about; empty if something does."""
        file, dialect = self.placed.file, self.stack.dialect
        if not self.change.only or named_resources(
            self.stack, self._scope_text(body, secrets, entries), self.granter.types
        ):
            return ""
        for name, pattern in self.change.only:
            found = [entry.value for _, entry in self._own_entries([name])]
            found += [self._text(item) for item in self._along(body) if item.name == name]
            texts = [text for value in found for text in (value, followed(file.text, value, dialect))]
            texts += [text for value in found for text in self._given(value)]
            if any(re.search(pattern, text) for text in texts):
                return ""
        name, _ = self.change.only[0]
        role = dict(self.workspace.known.pack(self.rule).roles).get(self.rule.role)
        what = role.resource if role is not None and role.resource else "resource that takes identities"
        return (
            f"nothing here says that `{name}` is a {what} of Azure, and no other takes an identity: write its host name"
        )

    def _given(self, value: str) -> Iterator[str]:
        """What callers of this template, and files with values, give the variables or parameters in an expression."""
        for name in {*VARIABLE.findall(value), value.strip()}:
            pattern = re.compile(rf"(?m)^\s*{re.escape(name)}\s*[:=]\s*(?P<value>[^\r\n]+)")
            for path, data in self.workspace.files.items():
                if name.isidentifier() and path.endswith(_TEMPLATES) and name.encode() in data:
                    yield from (match["value"] for match in pattern.finditer(data.decode("utf-8", "replace")))

    def _own_entries(self, names: Iterable[str]) -> Iterator[tuple[str, SettingEntry]]:
        """The settings of the resource with one of these names."""
        body = self.placed.resource.body
        inside = Span(body.start, body.end)
        for name in names:
            for entry in self.workspace.entries.get(name, ()):
                if entry.path == self.placed.file.path and entry.name_span in inside:
                    yield name, entry
