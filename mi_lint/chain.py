"""Turn the chain that carried a connection string, from source to call, into one that carries a derived value.

Every source gets its derived value, every carrier a fitting name; one use that is not understood stops it all.
"""

from __future__ import annotations

import ast
import re

from mi_lint import naming
from mi_lint.change import Dropped, Plan, SettingChange
from mi_lint.derived import derived_setting, f_string, placeholder, quoted, same_value, words
from mi_lint.edits import TextEdit
from mi_lint.entry_names import file_of, joined, named, option, section_in
from mi_lint.findings import Applicability
from mi_lint.identity import Options
from mi_lint.needs import vault_left
from mi_lint.placeholder import import_token
from mi_lint.python.form import CallForm
from mi_lint.python.guards import guard_test
from mi_lint.python.items import key_of
from mi_lint.python.names import Scope
from mi_lint.python.references import Reference
from mi_lint.python.sinks import Sink, is_emulator_text
from mi_lint.python.values import (
    Carried,
    Carrier,
    Choice,
    Composed,
    Literal,
    Nothing,
    Setting,
    Unknown,
    Value,
    VaultSecret,
    walk,
)
from mi_lint.renames import NameRegistry, explained, name_span, new_name
from mi_lint.rulebook.model import ConnectionFormat, Derivation
from mi_lint.secrets.placeholders import is_placeholder
from mi_lint.section_uses import obstacles, other_value_uses
from mi_lint.settings.formats import format_of
from mi_lint.settings.model import SettingEntry
from mi_lint.split import Splitter
from mi_lint.templates import derive, holes, is_hole, parse_connection_string
from mi_lint.textfile import Span
from mi_lint.trim import Trimmer, for_identity, needs_client_id
from mi_lint.workspace import Workspace


class Chain:
    """Plans the edits for all connection-string sinks of one connection."""

    def __init__(self, workspace: Workspace, plan: Plan, names: NameRegistry, options: Options) -> None:
        self.workspace = workspace
        self.plan = plan
        self.options = options
        self.names = names
        self.via: dict[ast.AST, set[Derivation]] = {}  # expressions on the way, with what passes through them
        self.carriers: dict[Carrier, set[Derivation]] = {}
        self.sources: dict[ast.AST, tuple[Value, Sink, set[Derivation]]] = {}

    def run(self, forms: list[CallForm]) -> None:
        """Add edits, settings, notes and problems to the plan."""
        for form in forms:
            self._collect(form)
        if self.plan.problems:
            return
        split = any(len(wanted) > 1 for wanted in self.carriers.values()) or any(
            len(wanted) > 1 for _, _, wanted in self.sources.values()
        )
        self._check_uses()
        if split and any(one.drops for _, _, wanted in self.sources.values() for one in wanted):
            self.plan.problem(None, "one value feeds several calls, which need different values from now on")
        if self.plan.problems:
            return
        if not split:
            self._convert()
        elif not Splitter(self.workspace, self).run():
            self._split(forms)
        for form in forms:
            self._extras(form)

    def derivation(self, form: CallForm, name: str) -> Derivation:
        found = self.workspace.known.pack(form.sink.rule).derivation(name)
        assert found is not None
        if found.drops and needs_client_id(found, self.options):
            problem = "the client id has to be a part of the value: give it as client-id, not by the name of a setting"
            self.plan.problem(form.sink, problem)
        return for_identity(found, self.options) if found.drops else found

    def _collect(self, form: CallForm) -> None:
        wanted = self.derivation(form, form.primary)
        for value in walk(form.sink.value):
            self.via.setdefault(value.node, set()).add(wanted)
            if isinstance(value, Unknown):
                self.plan.problem(form.sink, value.reason)
            elif isinstance(value, Carried):
                self.carriers.setdefault(value.carrier, set()).add(wanted)
            elif isinstance(value, Literal | Composed | Setting | VaultSecret):
                self.sources.setdefault(value.node, (value, form.sink, set()))[2].add(wanted)
            elif not isinstance(value, Nothing | Choice):
                self.plan.problem(form.sink, "the value is not a plain connection string")

    # -- is every use understood? ----------------------------------------------------------------------------------

    def _check_uses(self) -> None:
        names = {read.name_node for reads in self.workspace.reads.values() for read in reads}
        for carrier, wanted in self.carriers.items():
            if not all(one.drops for one in wanted):
                self._check_strings(carrier, names)
            for reference in self.workspace.references.of(carrier):
                if reference.node not in names and not self._understood(reference):
                    line = getattr(reference.node, "lineno", 1)
                    place = f"{reference.module.path}:{line}"
                    what = "may also be used" if reference.kind == "doubtful" else "is also used"
                    self.plan.problem(
                        None, f"`{carrier.name}` {what} at {place}, which needs the whole connection string"
                    )
                    break
        for value, sink, _ in list(self.sources.values()):
            if isinstance(value, Setting):
                self._check_setting(value, sink)

    def _check_strings(self, carrier: Carrier, setting_names: set[ast.expr | None]) -> None:
        """A string that spells the name may be a way to reach it: `getattr`, `__slots__`, a test that patches it."""
        kinds = ("variable", "attribute", "function", "item")
        if carrier.kind not in kinds or carrier.scope.kind == "function":
            return
        near = self.workspace.project.importers(carrier.module.path)
        for module, node in self.workspace.references.named(carrier.name.partition("[")[0]):
            dotted = isinstance(node.value, str) and "." in node.value
            if node not in setting_names and (dotted or module.path in near):
                place = f"{module.path}:{node.lineno}"
                self.plan.problem(None, f"`{carrier.name}` is also named in a string at {place}, which may look it up")
                return

    def _understood(self, reference: Reference) -> bool:
        if reference.kind in ("store", "import", "keyword"):
            return True
        if reference.kind == "doubtful":
            return False
        if reference.node in self.via:
            return True
        test = guard_test(reference.module, reference.node)
        if test is None or (isinstance(test, ast.IfExp) and test not in self.via):
            return False
        if isinstance(test, ast.If) and not test.orelse and self._signs_in(test):
            self.plan.note(
                f"{reference.module.path}:{test.lineno} signs in only where the setting is present: see what happens "
                "where it is not"
            )
        if isinstance(test, ast.If) and test.orelse:
            self.plan.problem(
                None,
                f"{reference.module.path}:{test.lineno} chooses between two ways to sign in by whether the connection "
                "string is set: keep the identity branch and remove the other",
            )
        return True

    def _signs_in(self, test: ast.If) -> bool:
        """Whether a call of this connection stands in the body of an `if`."""
        calls = {form.sink.site for form in self.plan.calls}
        return any(node in calls for statement in test.body for node in ast.walk(statement))

    def _check_setting(self, value: Setting, sink: Sink) -> None:
        for read in self.workspace.reads.get(value.name, []):
            if read.node not in self.via:
                place = f"{read.module.path}:{getattr(read.node, 'lineno', 1)}"
                self.plan.problem(sink, f"the setting {value.name} is also read at {place} for something else")
        around = value.name.rpartition("__")[0] if value.name_node is None else ""
        if around in self.workspace.entries:
            self.plan.problem(
                sink, f"{around} sets the model around {value.name} as a whole: set its fields one by one"
            )
        if value.section is not None:
            for obstacle in obstacles(self.workspace, value):
                self.plan.problem(sink, obstacle)
        for entry in self.workspace.entries.get(value.name, []):
            line = self.workspace.text(entry.path).line_column(entry.name_span.start)[0]
            if is_emulator_text(self.workspace.known, sink.rule, entry.value):
                self.plan.problem(
                    sink, f"{entry.path}:{line} sets {value.name} to an emulator, which takes no tokens by default"
                )

    # -- one derived value: rename the whole chain -----------------------------------------------------------------

    def _convert(self) -> None:
        for value, sink, wanted in self.sources.values():
            for edit in self.source_edits(value, sink, next(iter(wanted))):
                self.plan.edit(value.module, edit)
        if self.plan.problems:
            return
        for carrier, wanted in self.carriers.items():
            one = next(iter(wanted))
            if not one.drops:
                self._rename(carrier, one)

    def fields(self) -> set[tuple[Scope, str] | None]:
        """The fields of settings classes that are sources: their names are also the names of the settings."""
        return {self._field(value) for value, _, _ in self.sources.values()}

    def _field(self, value: Value) -> tuple[Scope, str] | None:
        """The settings field that a value is, whose name is also the name of the setting."""
        node = value.node
        if isinstance(value, Setting) and value.name_node is None and isinstance(node, ast.AnnAssign):
            assert isinstance(node.target, ast.Name)
            return value.module.names.scope_of[node.target], node.target.id
        return None

    def new_name(self, carrier: Carrier, wanted: Derivation, references: list[Reference]) -> str | None:
        """What a carrier is called from now on; None if nothing fits, with a problem where it cannot keep its name."""
        new = new_name(self.workspace, self.names, carrier, wanted, references)
        is_field = (carrier.scope, carrier.name) in self.fields()
        if is_field and new != naming.rename(carrier.name, wanted.setting.lower()):
            self.plan.problem(None, f"the settings field `{carrier.name}` cannot be renamed: its new name is taken")
        return new

    def _rename(self, carrier: Carrier, wanted: Derivation) -> None:
        references = self.workspace.references.of(carrier)
        new = self.new_name(carrier, wanted, references)
        for reference in (one for one in references if one.kind != "doubtful"):
            span = name_span(reference, carrier.spelled) if new not in (None, carrier.spelled) else None
            if span is not None:
                self.plan.edit(reference.module, TextEdit(span, new or carrier.spelled))
            key = key_of(reference.node) if carrier.kind in ("item", "key") else None
            self.plan.renamed_keys.update([key] if key is not None else [])
            if reference.kind == "store":
                for edit in explained(reference.module, reference.node, words(wanted)):
                    self.plan.edit(reference.module, edit)

    def source_edits(self, value: Value, sink: Sink, wanted: Derivation) -> list[TextEdit]:
        """What changes where a connection string comes from, so that the derived value comes from there."""
        if wanted.drops:
            return Trimmer(self.workspace, self.plan, self.format(sink)).source(value, sink, wanted)
        node = value.node
        if isinstance(value, Setting):
            return self._setting_source(value, sink, wanted)
        if isinstance(value, VaultSecret) and isinstance(node, ast.expr):
            new = self._vault_setting(value, sink, wanted)
            if new is not None:
                text = f'{import_token("os", "", value.module, node)}.environ["{new}"]'
                self.plan.dropped.append(Dropped(value.module, node))
                return [TextEdit(value.module.span(node), text)]
        elif isinstance(value, Literal | Composed) and isinstance(node, ast.expr):
            derived = self.derived_text(value, sink, wanted)
            if derived is not None:
                return [TextEdit(value.module.span(node), derived)]
        return []

    def derived_text(self, value: Literal | Composed, sink: Sink, wanted: Derivation) -> str | None:
        """Python source of the derived value of a written-out or assembled connection string."""
        format_ = self.format(sink)
        parts = parse_connection_string(value.text)
        self.block_parts(sink, parts)
        found = derive(wanted.templates, parts)
        if found is None and not (set(parts) & {key.lower() for key in format_.keys}) and is_placeholder(value.text):
            found = placeholder(wanted)
        if found is None and is_emulator_text(self.workspace.known, sink.rule, value.text):
            self.plan.problem(sink, "one of its values is the emulator's, which takes no tokens: keep the two apart")
            return None
        if found is None:
            self.plan.problem(sink, f"its connection string does not say the {words(wanted)}")
            return None
        if isinstance(value, Literal):
            return quoted(found, value.module.source(value.node))
        for index, part in enumerate(value.parts):
            if index not in holes(found):
                self.plan.dropped.append(Dropped(value.module, part))
        text = f_string(found, [value.module.source(part) for part in value.parts])
        if text is None:
            self.plan.problem(sink, "the assembled connection string cannot be written as one f-string")
        return text

    def format(self, sink: Sink) -> ConnectionFormat:
        found = self.workspace.known.format(sink.rule)
        assert found is not None
        return found

    def block_parts(self, sink: Sink, parts: dict[str, str]) -> None:
        """Apply the rule's blocks on parts of the connection string."""
        for block in sink.rule.blocks:
            found = (parts[part.lower()] for part in block.parts if part.lower() in parts)
            if any(re.search(block.matches, value) for value in found):
                lower(self.plan, sink, block.lowers, block.because)

    def _setting_source(self, value: Setting, sink: Sink, wanted: Derivation) -> list[TextEdit]:
        if value.name_node is None and not isinstance(value.node, ast.AnnAssign | ast.Call):
            self.plan.problem(sink, f"the name of the setting {value.name} is kept in a variable")
            return []
        edits = []
        new = self.setting_name(value, wanted)
        self._entry_values(value.name, new, sink, wanted)
        if value.name_node is not None:
            span = spelled_at(value)
            if span is None:
                self.plan.problem(sink, f"the name of the setting {value.name} is not written plainly")
                return []
            edits.append(TextEdit(span, option_of(value, new)))
        if value.section is None and value.name not in self.names.bound:
            self.plan.renamed_strings.setdefault(value.name, new)
        self.plan.phrases[new] = words(wanted)
        return edits

    def setting_name(self, value: Setting, wanted: Derivation) -> str:
        """The new name of a setting: the one that declarations give it, else by convention, unless it is taken."""
        keys = [key for known in self.workspace.known.formats.values() for key in known.keys]
        for new, derivation in self.names.bound.get(value.name, ()):
            if same_value(derivation, wanted, keys):
                return new
        proposed = self._by_convention(value, wanted)
        chosen = self.names.chosen.get((value.name, proposed), proposed)
        plain = value.name_node is not None and value.section is None
        return chosen if plain and self._claims(chosen, value.name, wanted) else proposed

    def _claims(self, new: str, old: str, wanted: Derivation) -> bool:
        """Take a name for a setting, if nothing else has it."""
        claim = (old, wanted.setting)
        claimed = self.names.settings.get(new)
        if claimed != claim and (claimed is not None or not self._free(new, old, wanted)):
            return False
        self.names.settings[new] = claim
        return True

    def _by_convention(self, value: Setting, wanted: Derivation) -> str:
        names = [naming.rename_setting(value.name, wanted.setting.lower()), f"{value.name}_{wanted.setting}"]
        if value.name_node is None and isinstance(value.node, ast.AnnAssign):
            assert isinstance(value.node.target, ast.Name)
            field_name = value.node.target.id
            prefix = value.name[: len(value.name) - len(field_name)]
            name = f"{prefix}{naming.rename(field_name, wanted.setting.lower())}"
            names = [name.upper() if value.any_case else name]
        if value.section is not None:
            option = value.spelled
            names = [naming.rename_setting(option, wanted.setting.lower()), f"{option}_{wanted.setting.lower()}"]
            names = [joined(value.section, name) for name in names]
        for name in names:
            if self._claims(name, value.name, wanted):
                if name in self.workspace.reads:
                    self.plan.note(
                        f"the setting {name}, which the code reads already, must hold the same {words(wanted)}"
                    )
                return name
        name = naming.free_name(names[-1], {*self.names.settings, *self.workspace.reads, *self.workspace.entries})
        self.names.settings[name] = (value.name, wanted.setting)
        return name

    def _free(self, new: str, old: str, wanted: Derivation) -> bool:
        """Whether a name is unused, or already defined with exactly the value that we would give it.

        Code that reads a setting by the very name that convention gives means the same value.
        """
        if new in self.workspace.reads and new != naming.rename_setting(old, wanted.setting.lower()):
            return False
        if self.workspace.section_of(old) is not None and self._in_other_case(new):
            return False
        entries = self.workspace.entries.get(new, [])
        if any(not entry.form and _is_shared(entry.path) for entry in entries):
            return False
        olds = self.workspace.entries.get(old, [])
        meant = {derive(wanted.templates, parse_connection_string(e.value)) for e in olds if not _is_sample(e)}
        stated = {e.value.rstrip("/") for e in entries if not _is_sample(e)}
        return not entries or stated == {(value or "").rstrip("/") for value in meant}

    def _in_other_case(self, name: str) -> bool:
        """Whether an option exists whose name differs in case only: for a parser of sections it is the same."""
        known = {*self.workspace.entries, *self.workspace.reads} - {name}
        return name.lower() in {other.lower() for other in known}

    def _entry_values(self, old: str, new: str, sink: Sink, wanted: Derivation) -> None:
        for entry in self._fixed(old):
            place = f"{entry.path}:{self.workspace.text(entry.path).line_column(entry.name_span.start)[0]}"
            what = f"{option(old)} in {place}" if option(entry.name) else entry.path
            self.plan.problem(sink, f"{what} is written in a way that mi-lint does not edit: write it plainly")
        for entry in self.workspace.entries.get(old, []):
            if not entry.fixed and derived_setting(self.workspace, entry, wanted) is None:
                place = f"{entry.path}:{self.workspace.text(entry.path).line_column(entry.name_span.start)[0]}"
                if entry.computed:
                    self.plan.note(f"{old} at {place} is an expression: set {new} there to the {words(wanted)}")
                else:
                    self.plan.problem(sink, f"the value of {old} at {place} does not say the {words(wanted)}")
            if entry.address.startswith("value/") and entry.origin:
                value = derived_setting(self.workspace, entry, wanted, new)
                what = f"what sets the value {entry.value} of the chart elsewhere, such as --set"
                self.plan.note(f"{what}, has to set {value} instead")
            for place in other_value_uses(self.workspace, entry):
                self.plan.problem(sink, f"{place} takes the value of {old} in a way that mi-lint does not follow")
            if not new.startswith(entry.prefix):
                self.plan.problem(
                    sink, f"{entry.path} gives all its settings the prefix {entry.prefix}, which {new} lacks"
                )
            if self.workspace.is_outside(entry):
                self.plan.note(taken_elsewhere(self.workspace, entry, wanted, new))
            self.block_parts(sink, parse_connection_string(entry.value))
        self._note_several_files(old)
        change = SettingChange(old, new, wanted, self.format(sink))
        if change not in self.plan.settings:
            self.plan.settings.append(change)

    def _note_several_files(self, name: str) -> None:
        """Files of one name in several folders may belong to programs that have nothing to do with each other."""
        paths = sorted({entry.path for entry in self.workspace.entries.get(name, []) if entry.form})
        if len({path.rpartition("/")[0] for path in paths}) > 1:
            listed = ", ".join(paths[:4]) + (f" and {len(paths) - 4} more" if len(paths) > 4 else "")
            self.plan.note(f"{named(name, None)} stands in several folders ({listed}): see that this code reads all")

    def _fixed(self, name: str) -> list[SettingEntry]:
        """Definitions of a setting that cannot be edited, and files of its family that cannot be read."""
        unread = self.workspace.entries.get(section_in(file_of(name), ()), []) if file_of(name) else []
        return [entry for entry in (*self.workspace.entries.get(name, []), *unread) if entry.fixed]

    def _vault_setting(self, value: VaultSecret, sink: Sink, wanted: Derivation) -> str | None:
        if not value.name:
            self.plan.problem(sink, "the name of the vault's secret is computed")
            return None
        wanted_name = naming.rename_setting(naming.secret_to_setting(value.name), wanted.setting.lower())
        taken = {n for n, claim in self.names.settings.items() if claim != (value.name, wanted.setting)}
        new = naming.free_name(wanted_name, {*taken, *self.workspace.reads})
        self.names.settings[new] = (value.name, wanted.setting)
        self.plan.note(
            f"the value came from the vault's secret '{value.name}': create the setting {new} with the {words(wanted)}"
        )
        self.plan.preconditions.append(vault_left(value))
        return new

    # -- several derived values: read each at its call -------------------------------------------------------------

    def _split(self, forms: list[CallForm]) -> None:
        """One secret feeds several derived values: each call reads its own, and the old chain dies."""
        for form in forms:
            wanted = self.derivation(form, form.primary)
            text = self.inline(form, wanted)
            if text is None:
                self.plan.problem(
                    form.sink, "one connection string feeds several services through more than one source"
                )
                return
            assert form.sink.secret is not None
            for carrier in {v.carrier for v in walk(form.sink.value) if isinstance(v, Carried)}:
                if carrier.module is not form.sink.module:
                    self.plan.note(
                        f"{form.sink.module.path} reads its setting itself from now on: see that whatever "
                        f"{carrier.module.path} does when it is imported still happens before"
                    )
            argument = next(a for a in form.arguments if a.parameter == form.primary)
            argument.text = text
            self.plan.dropped.append(Dropped(form.sink.module, form.sink.secret))

    def inline(self, form: CallForm, wanted: Derivation) -> str | None:
        """An expression for a derived value at the call itself; None unless there is exactly one plain source."""
        sources = [v for v in walk(form.sink.value) if isinstance(v, Literal | Composed | Setting | VaultSecret)]
        if len(sources) != 1:
            return None
        source = sources[0]
        sink = form.sink
        if isinstance(source, Literal):
            return self.derived_text(source, sink, wanted)
        if isinstance(source, Setting):
            new = self.setting_name(source, wanted)
            self._entry_values(source.name, new, sink, wanted)
            if source.name_node is None:
                return None
            return _read(source, new, sink)
        return None

    def _extras(self, form: CallForm) -> None:
        """Further derived parameters, such as the name of the hub that the connection string may hold."""
        for name in form.extra:
            wanted = self.derivation(form, name)
            argument = next(a for a in form.arguments if a.parameter == name)
            argument.text = self._extra_text(form, wanted)
            if argument.text is None:
                self.plan.problem(form.sink, f"its connection string does not say the {words(wanted)}; pass `{name}=`")

    def _extra_text(self, form: CallForm, wanted: Derivation) -> str | None:
        sources = [v for v in walk(form.sink.value) if isinstance(v, Literal | Composed | Setting | VaultSecret)]
        if len(sources) != 1 or isinstance(sources[0], VaultSecret):
            return None
        source = sources[0]
        if isinstance(source, Setting) and source.section is not None:
            return None  # two options for one: the names of the further ones are for a person to choose
        if not isinstance(source, Setting):
            found = derive(wanted.templates, parse_connection_string(source.text))
            if found is None or any(is_hole(c) for c in found):
                return None
            return f'"{found}"'
        new = naming.rename_setting(source.name, wanted.setting.lower())
        if self.names.settings.get(new, (source.name,))[0] != source.name:
            new = f"{source.name}_{wanted.setting}"
        self.names.settings[new] = (source.name, wanted.setting)
        if new in self.workspace.reads:
            self.plan.note(f"the setting {new}, which the code reads already, must hold the same {words(wanted)}")
        known = [
            derived_setting(self.workspace, entry, wanted) for entry in self.workspace.entries.get(source.name, [])
        ]
        if not known or any(value is None for value in known):
            self.plan.note(f"the new setting {new} must hold the {words(wanted)}")
        self.plan.settings.append(SettingChange(source.name, new, wanted, self.format(form.sink), keep=True))
        return _environment_read(new, form.sink)


def taken_elsewhere(workspace: Workspace, entry: SettingEntry, wanted: Derivation, new: str) -> str:
    """What a person has to create where an entry takes its value from outside of the repository."""
    place = derived_setting(workspace, entry, wanted, new)
    return f"{entry.path} takes {entry.name} from {entry.origin}; {new} is taken from `{place}`, which has to exist"


def _environment_read(name: str, sink: Sink) -> str:
    """`os.environ["NAME"]` for the place of a call."""
    return f'{import_token("os", "", sink.module, sink.call)}.environ["{name}"]'


def _is_sample(entry: SettingEntry) -> bool:
    """Whether an entry only shows where a value goes."""
    return not entry.computed and not entry.origin and (not entry.value or is_placeholder(entry.value))


def _is_shared(path: str) -> bool:
    """Whether a file holds the settings of several programs, so that one of them may lack what another one has."""
    format_ = format_of(path)
    return format_ is not None and not format_.whole and not format_.in_sections


def spelled_at(value: Setting) -> Span | None:
    """Where a read spells the name of its setting; None where it does not do so plainly."""
    assert value.name_node is not None
    span, source = value.module.span(value.name_node), value.module.source(value.name_node)
    if isinstance(value.name_node, ast.Attribute):
        return Span(span.end - len(value.spelled), span.end)
    at = span.start + source.find(value.spelled)
    return Span(at, at + len(value.spelled)) if source.count(value.spelled) == 1 else None


def option_of(value: Setting, name: str) -> str:
    """The part of a setting's name that the code spells."""
    return name if value.section is None else option(name)


def _read(source: Setting, name: str, sink: Sink) -> str | None:
    """A read of another setting in the manner of a read; None where that cannot be repeated at the call."""
    if source.section is None:
        return _environment_read(name, sink)
    node, module = source.node, source.module
    if module is not sink.module or source.name_node is None:
        return None
    names = module.names
    here = sink.scope.function
    for used in ast.walk(node):
        if isinstance(used, ast.Name):
            owner = names.owner(names.scope_of[used], used.id)
            if owner is not None and owner.kind != "module" and owner is not here:
                return None
    start, inner = module.span(node).start, spelled_at(source)
    text = module.source(node)
    return text[: inner.start - start] + option_of(source, name) + text[inner.end - start :] if inner else None


def lower(plan: Plan, sink: Sink, to: Applicability, because: str) -> None:
    """Lower a plan's applicability for a stated reason."""
    if to == Applicability.MANUAL:
        plan.problem(sink, because)
    else:
        plan.note(because)
