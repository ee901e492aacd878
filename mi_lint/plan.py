"""Decide per connection: all of it moves to managed identity, or none of it, and why."""

from __future__ import annotations

import ast
import re

from mi_lint.called import calls_method, needed_roles
from mi_lint.chain import Chain, lower
from mi_lint.change import Dropped, Plan
from mi_lint.delegated import sign
from mi_lint.edits import TextEdit
from mi_lint.entry_names import named, place_in
from mi_lint.findings import Applicability, Precondition
from mi_lint.following import NO_PLACE, follows
from mi_lint.headers import share_headers
from mi_lint.identity import Options, has_style, packages
from mi_lint.link import Connection, secret_parts
from mi_lint.needs import resource_of, role_needed, setting_needed, vault_left
from mi_lint.other_identity import note_other_identities
from mi_lint.patched import note_patches
from mi_lint.placement import Placer
from mi_lint.python.closing import closing_of
from mi_lint.python.form import PLAIN, CallForm, call_form
from mi_lint.python.project import Module
from mi_lint.python.sinks import Sink, all_texts, is_emulator_text, shapes_of
from mi_lint.python.values import (
    Carried,
    Composed,
    Nothing,
    Setting,
    Unknown,
    Value,
    VaultSecret,
    Wrapped,
    leaves,
    walk,
)
from mi_lint.renames import NameRegistry
from mi_lint.rulebook.model import Block
from mi_lint.section_uses import other_strings, whole_uses
from mi_lint.switch import identity_branch
from mi_lint.workspace import Workspace


def plan_connection(workspace: Workspace, connection: Connection, options: Options, names: NameRegistry) -> Plan:
    """Everything that changes for one connection, or the problems that make it manual."""
    plan = Plan(connection)
    for sink in connection.sinks:
        plan.limit = min(plan.limit, sink.rule.applicability)
        if sink.rule.applicability == Applicability.REVIEW and sink.rule.traps:
            plan.note(sink.rule.traps[0])
        _check_sink(workspace, plan, sink, options)
    if plan.problems:
        return plan
    for sink in connection.sinks:
        form = call_form(sink, workspace.known.pack(sink.rule), _given_token(workspace, sink))
        if isinstance(form, str):
            plan.problem(sink, form)
        else:
            plan.calls.append(form)
            sign(plan, form)
            if sink.bound.stars:
                plan.note("the call unpacks further arguments: make sure that none of them is a credential")
            plan.dropped.extend(Dropped(form.module, node) for node in form.dropped)
    share_headers(workspace, plan)
    _check_styles(workspace, plan, options)
    if plan.problems:
        return plan
    chained = [form for form in plan.calls if form.primary]
    if chained:
        Chain(workspace, plan, names, options).run(chained)
    _keep_wrappers(workspace, plan)
    _unclosed(workspace, plan, options)
    _secret_settings(workspace, plan)
    _environment(workspace, plan)
    _mentions(workspace, plan, names)
    note_patches(workspace, plan)
    note_other_identities(workspace, plan, options)
    _preconditions(workspace, plan, options)
    return plan


def _given_token(workspace: Workspace, sink: Sink) -> Value | None:
    """The value of the credential that a call passes beside a connection string, or options have beside a secret."""
    new = sink.form.new
    if new is None or not (sink.is_connection_string or sink.written is not None):
        return None
    for parameter in new.parameters:
        argument = sink.bound.arguments.get(parameter.name)
        if parameter.credential == PLAIN and argument is not None:
            return workspace.flow.trace(sink.module, argument)
    return None


# -- may this call move? -----------------------------------------------------------------------------------------------


def _check_sink(workspace: Workspace, plan: Plan, sink: Sink, options: Options) -> None:
    rule = sink.rule
    if sink.form.new is None or rule.applicability == Applicability.MANUAL:
        plan.problem(sink, sink.problem or rule.advice or rule.summary)
        return
    if sink.note:
        plan.note(sink.note)
    if sink.problem:
        plan.problem(sink, sink.problem)
    if not sink.certain:
        plan.problem(
            sink, "its name comes from a star import, or an import with a fallback: mi-lint cannot be sure what it is"
        )
    line = identity_branch(workspace, sink)
    if line is not None:
        place = f"{sink.module.path}:{line}"
        plan.problem(
            sink, f"the code can sign in with an identity already, at {place}: remove the branch with the secret"
        )
    if rule.following is not None and follows(sink.module, sink.call) is None:
        plan.problem(sink, NO_PLACE)
    if _in_chain(workspace, sink):
        plan.problem(sink, "it is one of several credentials in a chain: take it out of the chain")
    if rule.delegation is not None and sink.signing is None:
        return
    if not sink.is_connection_string and not (sink.signing is not None and sink.signing.read is not None):
        _check_value(workspace, plan, sink)
    for block in rule.blocks:
        if block.identity == options.identity or _fires(workspace, plan, sink, block):
            lower(plan, sink, block.lowers, block.because)


def _in_chain(workspace: Workspace, sink: Sink) -> bool:
    """Whether a credential that would be replaced as a whole is an argument of another credential."""
    parent = sink.module.names.parents.get(sink.call)
    if sink.form.new is None or sink.form.new.symbol or not isinstance(parent, ast.Call):
        return False
    symbol = workspace.project.qualified(sink.module, parent.func)
    return symbol is not None and workspace.known.is_token(symbol.name)


def _check_value(workspace: Workspace, plan: Plan, sink: Sink) -> None:
    """A value that is not derived from needs only to be known for what it is."""
    for value in walk(sink.value):
        if isinstance(value, Unknown) and (not _only_wrapped(sink.value) or _is_parameter(value)):
            plan.problem(sink, value.reason)
        elif isinstance(value, Unknown):
            plan.note("the secret inside the key credential is made elsewhere: remove what makes it")
        if isinstance(value, VaultSecret):
            name = f" '{value.name}'" if value.name else ""
            plan.note(f"the secret came from a vault{name}: delete it there once nothing reads it any more")
            plan.preconditions.append(vault_left(value))
        if isinstance(value, Setting):
            for entry in workspace.entries.get(value.name, []):
                if is_emulator_text(workspace.known, sink.rule, entry.value):
                    plan.problem(
                        sink, f"{entry.path} sets {value.name} to an emulator, which takes no tokens by default"
                    )
    if "token" in shapes_of(sink.value):
        plan.problem(sink, "the call already takes either a key or a token: remove the key branch")
    elif "none" in shapes_of(sink.value) and any(isinstance(v, Nothing) for v in leaves(sink.value)):
        plan.note("the secret was optional here: without one the call was anonymous, now it always signs in")


def _is_parameter(value: Unknown) -> bool:
    """Whether callers that are not known give the value: they would give a secret that nothing takes any more."""
    names = value.module.names
    if not isinstance(value.node, ast.Name):
        return False
    return any(b.kind == "param" for b in names.bindings(names.scope_of[value.node], value.node.id))


def _only_wrapped(value: Value) -> bool:
    """Whether every way to the value passes a wrapper, so that it does not matter where its secret comes from."""
    if isinstance(value, Wrapped):
        return True
    inners = value.inners if isinstance(value, Carried) else ()
    return bool(inners) and all(_only_wrapped(inner) for inner in inners)


def _fires(workspace: Workspace, plan: Plan, sink: Sink, block: Block) -> bool:
    if block.keywords:
        given = {keyword.arg for keyword in sink.call.keywords} | set(sink.bound.arguments)
        return bool(given & set(block.keywords))
    if block.parameter:
        argument = sink.bound.arguments.get(block.parameter)
        if argument is None:
            return False
        texts = all_texts(workspace.flow, sink.module, argument)
        return any(re.search(block.matches, text[:2000]) for text in texts)
    if block.reads:
        return any(_client_read(sink, chain.split("."), _signed_reads(plan)) for chain in block.reads)
    if block.methods or block.calls:
        return _called(workspace, sink.module, block, _signed_calls(plan))
    return False  # parts are judged where the connection string is known


def _signed_reads(plan: Plan) -> set[ast.expr]:
    """Where an account key is read that a delegated key replaces."""
    signings = (sink.signing for sink in plan.connection.sinks)
    return {signing.read for signing in signings if signing is not None and signing.read is not None}


def _signed_calls(plan: Plan) -> set[ast.Call]:
    return {sink.call for sink in plan.connection.sinks if sink.signing is not None}


def _client_read(sink: Sink, chain: list[str], moved: set[ast.expr]) -> bool:
    """Whether a chain of attributes is read from the client that a call creates, or from one that cannot be told."""
    names = sink.module.names
    for node in names.scope_of:
        if node not in moved and isinstance(node, ast.Attribute) and node.attr == chain[-1]:
            base = _chain_base(sink, node, chain)
            if base is not None and _may_be_client(sink, base):
                return True
    return False


def _chain_base(sink: Sink, node: ast.expr, chain: list[str]) -> ast.expr | None:
    """What a chain of attributes is read from, a variable for its first part being followed; None if it is another."""
    names = sink.module.names
    for wanted in reversed(chain):
        if isinstance(node, ast.Name):
            bindings = names.bindings(names.scope_of[node], node.id)
            value = bindings[0].value if len(bindings) == 1 else None
            node = value if value is not None else node
        if not (isinstance(node, ast.Attribute) and node.attr == wanted):
            return None
        node = node.value
    return node


def _may_be_client(sink: Sink, base: ast.expr) -> bool:
    """Whether an expression may be the client of a call: not if it is plainly something that another call created."""
    names = sink.module.names
    bindings = names.bindings(names.scope_of[base], base.id) if isinstance(base, ast.Name) else []
    if len(bindings) != 1 or bindings[0].kind != "assign":
        return True
    value = bindings[0].value
    created = isinstance(value, ast.Call) and sink.module.source(value.func)[:1].isupper()
    return value is sink.call or not created


def _called(workspace: Workspace, module: Module, block: Block, moved: set[ast.Call]) -> bool:
    """Whether a method or function is called where the client may be: in its module, or one that imports it."""
    if any(calls_method(workspace, module, method) for method in block.methods):
        return True
    if not block.calls:
        return False
    modules = [workspace.project.modules[path] for path in workspace.project.importers(module.path)]
    calls = ((other, node) for other in modules for node in other.names.scope_of if isinstance(node, ast.Call))
    symbols = (workspace.project.qualified(other, node.func) for other, node in calls if node not in moved)
    return any(symbol is not None and symbol.name in block.calls for symbol in symbols)


# -- wrappers that become the credential -------------------------------------------------------------------------------


def _keep_wrappers(workspace: Workspace, plan: Plan) -> None:
    """`credential = KeyCredential(key)` becomes `credential = IDENTITY` when only calls of this plan use it."""
    by_node = {form.sink.secret: form for form in plan.calls if not form.primary and form.sink.secret is not None}
    kept: set[ast.AST] = set()
    for form in plan.calls:
        if not _carries_wrapper(form):
            continue
        group = _wrapper_group(workspace, form, by_node)
        if group is None:
            continue
        wrapped = [v for v in walk(form.sink.value) if isinstance(v, Wrapped)]
        for value in wrapped:
            assert isinstance(value.node, ast.expr)
            if (value.module, value.node) not in plan.identities:
                plan.identities.append((value.module, value.node))
            plan.dropped.append(Dropped(value.module, value.node))
        for member in group:
            for argument in member.arguments:
                if argument.role == "identity":
                    argument.role = "carried"
            kept.update(member.dropped)
            member.dropped.clear()
    inside = {node for _, node in plan.identities}
    plan.dropped = [d for d in plan.dropped if d.node not in kept or d.node in inside]


def _carries_wrapper(form: CallForm) -> bool:
    value = form.sink.value
    plain = not form.primary and form.credential == PLAIN and not form.whole and not form.sink.form.is_async
    return (
        plain
        and isinstance(value, Carried)
        and _only_wrapped(value)
        and any(a.role == "identity" for a in form.arguments)
    )


def _wrapper_group(workspace: Workspace, form: CallForm, by_node: dict[ast.expr, CallForm]) -> list[CallForm] | None:
    """The calls that share the carriers of a wrapper; None if anything else uses one of them too."""
    group: list[CallForm] = []
    through: set[ast.AST] = set()
    for other in by_node.values():
        through |= {value.node for value in walk(other.sink.value) if isinstance(value, Carried)}
    for value in walk(form.sink.value):
        if not isinstance(value, Carried) or not _only_wrapped(value):
            continue  # below the wrapper lies the secret's own chain
        for reference in workspace.references.of(value.carrier):
            if reference.kind == "doubtful":
                return None
            if reference.kind in ("store", "import", "keyword"):
                continue
            if reference.node not in through:
                return None
            member = by_node.get(reference.node) if isinstance(reference.node, ast.expr) else None
            if member is not None:
                if not _carries_wrapper(member):
                    return None
                group.append(member)
    return group


def _check_styles(workspace: Workspace, plan: Plan, options: Options) -> None:
    for form in plan.calls:
        kind, family = form.credential.kind, form.credential.argument
        if kind == "identity" and not has_style(options, workspace.known.identities, family):
            plan.problem(form.sink, f"there is no form of the credential style '{options.credential}' for it")


def _unclosed(workspace: Workspace, plan: Plan, options: Options) -> None:
    for form in plan.calls:
        sink = form.sink
        unclosed = sink.form.is_async and not form.whole and closing_of(sink.module, sink.call) is None
        if unclosed and form.wants_identity and Placer(workspace, sink.module, options).existing(form) is None:
            plan.note("nothing in reach closes this async client: close its credential where the client is closed")


# -- what the plan presupposes -----------------------------------------------------------------------------------------


def _secret_settings(workspace: Workspace, plan: Plan) -> None:
    for form in plan.calls:
        for value in walk(form.sink.value):
            if isinstance(value, Setting):
                plan.secret_settings.add(value.name)
            if isinstance(value, Composed):
                for part in secret_parts(value, form.sink, workspace.known):
                    inner = walk(workspace.flow.trace(value.module, part))
                    plan.secret_settings.update(item.name for item in inner if isinstance(item, Setting))


def _environment(workspace: Workspace, plan: Plan) -> None:
    """Secrets that a library reads from the environment by itself: they would still be used, so they go too."""
    names = {name for sink in plan.connection.sinks for name in sink.rule.environment}
    for name in sorted(names - plan.secret_settings - {change.old for change in plan.settings}):
        for entry in workspace.entries.get(name, [])[:1]:
            line = workspace.text(entry.path).line_column(entry.name_span.start)[0]
            plan.secret_settings.add(name)
            plan.note(
                f"{entry.path}:{line} sets {name}, which the library reads by itself and which comes before the "
                "identity: see that nothing else needs it"
            )


def _mentions(workspace: Workspace, plan: Plan, registry: NameRegistry) -> None:
    """A setting that other files name too moves there by hand, so a person has to look."""
    names = plan.secret_settings | {change.old for change in plan.settings}
    for name in sorted(names):
        _other_strings(workspace, plan, name)
        section = workspace.section_of(name)
        if section is not None:
            _other_uses(workspace, plan, workspace.reads[name][0])
        declared = registry.declared.get(name, frozenset())
        places = [place for place in workspace.mentions(name) if place[0] not in declared]
        if places:
            listed = ", ".join(f"{path}:{line}" for path, line in places[:5])
            more = f" and {len(places) - 5} more" if len(places) > 5 else ""
            plan.note(f"{named(name, section)} is also named in {listed}{more}: change it there too")


def _other_uses(workspace: Workspace, plan: Plan, setting: Setting) -> None:
    """What may see an option of a section without naming it plainly."""
    for place in other_strings(workspace, setting):
        plan.note(f"{setting.spelled} is also named at {place}, outside a plain read of the option")
    for place in whole_uses(workspace, setting):
        plan.note(f"the section {place_in(setting.section or '')} is used as a whole at {place}")


def _other_strings(workspace: Workspace, plan: Plan, name: str) -> None:
    """Strings in Python that are the setting's name without being a read of it: a list of names, a test's fixture."""
    known = {read.name_node for read in workspace.reads.get(name, [])}
    for module, node in workspace.references.strings(name):
        if node in known or node in plan.renamed_keys or _in_decorator(module, node):
            continue
        plan.note(f"{name} is also named in {module.path}:{node.lineno}, outside a plain read of the setting")
        new = plan.renamed_strings.get(name)
        if new is not None:
            source = module.source(node)
            if source.count(name) == 1:
                plan.edit(module, TextEdit(module.span(node), source.replace(name, new)))


def _in_decorator(module: Module, node: ast.expr) -> bool:
    """Whether an argument of a decorator is named: a declaration, which keeps the name."""
    keyword = module.names.parents.get(node)
    call = module.names.parents.get(keyword) if isinstance(keyword, ast.keyword) else None
    owner = module.names.parents.get(call) if isinstance(call, ast.Call) else None
    return isinstance(owner, ast.FunctionDef | ast.AsyncFunctionDef) and call in owner.decorator_list


def _takes_identity(form: CallForm) -> bool:
    """Whether the new call is given a credential, rather than a value that says how to sign in."""
    new = form.sink.form.new
    if form.sink.rule.following is not None:
        return True
    return new is None or not new.symbol or any(parameter.credential is not None for parameter in new.parameters)


def _roles(workspace: Workspace, plan: Plan) -> dict[CallForm, list[Precondition]]:
    """The roles of each call, less those that another call of the connection has need of more than."""
    needed = {form: needed_roles(workspace, form.sink) for form in plan.calls}
    covered: dict[str, set[str]] = {}
    for form, roles in needed.items():
        covered.setdefault(form.sink.rule.service, set()).update(name for role in roles for name in role.covers)
    found = {}
    for form, roles in needed.items():
        pack, on = workspace.known.pack(form.sink.rule), resource_of(workspace, plan, form.sink)
        kept = [role for name, role in pack.roles if role in roles and name not in covered[pack.service]]
        found[form] = [role_needed(pack, role, on) for role in kept]
    return found


def _preconditions(workspace: Workspace, plan: Plan, options: Options) -> None:
    found: dict[Precondition, None] = {}
    roles = _roles(workspace, plan)
    for form in plan.calls:
        pack = workspace.known.pack(form.sink.rule)
        found |= dict.fromkeys(roles[form])
        for name, version in pack.packages:
            found[Precondition("package", f"{name}{version}", (("name", name), ("version", version)))] = None
        family = form.credential.argument if form.credential.kind == "identity" else ""
        wanted = packages(options, workspace.known.identities, form.sink.form.is_async, family)
        for name, version in wanted if _takes_identity(form) else ():
            found[Precondition("package", f"{name}{version}", (("name", name), ("version", version)))] = None
    for change in plan.settings:
        found[setting_needed(workspace, change)] = None
    if options.client_id_setting and any(_takes_identity(form) for form in plan.calls):
        text = f"the setting {options.client_id_setting} holds the client id of the user-assigned identity"
        found[Precondition("setting", text, (("name", options.client_id_setting),))] = None
    plan.preconditions.extend(found)
