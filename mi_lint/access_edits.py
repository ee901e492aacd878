"""Write identities and role assignments into templates, in the manner of the file that they stand in."""

from __future__ import annotations

import re
from collections.abc import Iterable

from mi_lint.access import Granter, granted_type, host_name
from mi_lint.change import Access, Plan
from mi_lint.edits import TextEdit
from mi_lint.settings.items import HCL, JSON, Body
from mi_lint.settings.members import added, identity_block, line_indent, member_indent
from mi_lint.stacks import Placed, Stack, type_of
from mi_lint.textfile import Span, TextFile

_WORDS = re.compile(r"[A-Za-z0-9]+")
_COMMENT_LINE = re.compile(r"[ \t]*(?:#|//)")


def access_edits(granter: Granter, plans: Iterable[Plan]) -> dict[str, list[TextEdit]]:
    """The edits that all plans together need, each once."""
    found: dict[str, list[TextEdit]] = {}
    taken: dict[int, set[str]] = {}
    hosts: set[tuple[str, int]] = set()
    for access in dict.fromkeys(access for plan in plans for access in plan.accesses):
        stack = granter.stacks.of(access.path)
        if stack is None:
            continue
        host = stack.at(access.path, access.host)
        edits = found.setdefault(access.path, [])
        if access.identity and (access.path, access.host) not in hosts:
            hosts.add((access.path, access.host))
            edits += _identity(stack, host, access.identity)
        if access.role is not None:
            names = taken.setdefault(id(stack), {word for p in stack.placed for word in (p.resource.symbol,)})
            edits += _assignment(granter, stack, host, access, names)
    return found


# -- identities --------------------------------------------------------------------------------------------------------


def _identity(stack: Stack, host: Placed, identity: str) -> list[TextEdit]:
    file, body = host.file, host.resource.body
    if stack.dialect is HCL:
        return [_block(file, body, stack, identity)]
    quote = '"' if stack.dialect is JSON else "'"
    indent = member_indent(file, body)
    step = indent[len(line_indent(file, body.start)) :] or "  "
    kind = "SystemAssigned" if identity == "system" else "UserAssigned"
    sign = f"{quote}type{quote}" if stack.dialect is JSON else "type"
    lines = [f"{step}{sign}: {quote}{kind}{quote}"]
    if identity != "system":
        lines += [f"{step}userAssignedIdentities: {{", f"{step}{step}'${{{identity}.id}}': {{}}", f"{step}}}"]
    value = "\n".join(["{", *lines, "}"])
    return _before_properties(file, stack, body, value, indent)


def _before_properties(file: TextFile, stack: Stack, body: Body, value: str, indent: str) -> list[TextEdit]:
    """A member `identity`, before what a resource is about, where that stands on lines of its own."""
    item = body.value("properties")
    line = file.line_starts[file.line_column(item.name_span.start)[0] - 1] if item is not None else 0
    if item is None or file.text[line : item.name_span.start].strip(" \t\"'"):
        return added(file, stack.dialect, body, [("identity", value)])
    name, comma = ('"identity"', ",") if stack.dialect is JSON else ("identity", "")
    text = f"{indent}{name}: {value}{comma}".replace("\n", f"{file.newline}{indent}")
    return [TextEdit(Span(line, line), text + file.newline)]


def _block(file: TextFile, body: Body, stack: Stack, identity: str) -> TextEdit:
    """The block of an identity, before the first block of a resource; where it has none, at its end."""
    indent, outer, newline = member_indent(file, body), line_indent(file, body.start), file.newline
    text = identity_block(file, indent, identity)
    blocks = [b.start for p in stack.placed if p.resource.body is body for b in p.resource.all if _is_block(b, body)]
    if not blocks:
        end = file.line_starts[file.line_column(body.end - 1)[0] - 1]
        if file.text[end : body.end - 1].strip():  # the body is on one line
            inside = file.text[body.start + 1 : body.end - 1].strip()
            kept = f"{newline}{indent}{inside}{newline}" if inside else ""
            return TextEdit(Span(body.start + 1, body.end - 1), f"{kept}{newline}{text}{outer}")
        blank = newline if body.items and file.line_text(file.line_column(end)[0] - 1).strip() else ""
        return TextEdit(Span(end, end), blank + text)
    line = file.line_column(min(blocks))[0]
    while line > 1 and _COMMENT_LINE.match(file.line_text(line - 1)):
        line -= 1
    blank = newline if line > 1 and not file.line_text(line - 1).strip() else ""
    at = file.line_starts[line - 1]
    return TextEdit(Span(at, at), text + blank)


def _is_block(body: Body, parent: Body) -> bool:
    return body.parent is parent and bool(body.header)


# -- roles -------------------------------------------------------------------------------------------------------------


def _assignment(granter: Granter, stack: Stack, host: Placed, access: Access, taken: set[str]) -> list[TextEdit]:
    role = access.role
    assert role is not None
    grant = granter.grants[role.kind]
    name = _name(stack, host, access, granted_type(grant, stack.language), taken)
    values = {"NAME": name, "ROLE": role.name, "ID": role.id, "PRINCIPAL": access.principal}
    values |= {"RESOURCE": access.resource, "HOST": host_name(stack, host)}
    if stack.dialect is JSON:
        values |= _json_values(stack, access)
    text = dict(grant.inside)[stack.language].rstrip("\n")
    for key, value in values.items():
        text = text.replace(f"@{key}@", value)
    return [_after(stack, host, text)]


def _json_values(stack: Stack, access: Access) -> dict[str, str]:
    """A resource as a scope, and its name alone."""
    name = access.resource.partition(", ")[2][:-1]
    return {"SCOPE": f"format('{type_of(stack, access.resource)}/{{0}}', {name})", "RESOURCENAME": name}


def _name(stack: Stack, host: Placed, access: Access, type_: str, taken: set[str]) -> str:
    """A name that says who gets what on what, and that nothing else has."""
    assert access.role is not None
    target = re.sub(r"\[.*", "", access.resource)
    own, other = host.resource.symbol.rpartition(".")[2], target.rpartition(".")[2]
    words = _WORDS.findall(access.role.name.partition("(")[0])
    words = words[1:] if words[0] == "Azure" else words
    if stack.dialect is HCL:
        base = "_".join([own, other, *(word.lower() for word in words)])
        names = (base, *(f"{base}_{number}" for number in range(2, 99)))
    else:
        base = own + "".join(word[:1].upper() + word[1:] for word in (other, *words))
        names = (base, *(f"{base}{number}" for number in range(2, 99)))
    prefix = f"{type_}." if stack.dialect is HCL else ""
    name = next(name for name in names if prefix + name not in taken)
    taken.add(prefix + name)
    return name


def _after(stack: Stack, host: Placed, text: str) -> TextEdit:
    """A further resource, after a blank line below the host; in JSON as the next one in its list."""
    file, body = host.file, host.resource.body
    outer = line_indent(file, body.start)
    step = member_indent(file, body)[len(outer) :] or "  "
    lines = [_stepped(line, step) for line in text.splitlines()]
    if stack.dialect is JSON:
        joined = f"{file.newline}{outer}".join(lines)
        return TextEdit(Span(body.end, body.end), f",{file.newline}{outer}{joined}")
    end = body.end
    return TextEdit(Span(end, end), f"{2 * file.newline}{outer}" + f"{file.newline}{outer}".join(lines))


def _stepped(line: str, step: str) -> str:
    """A line with the indentation of the file: templates of packs have two blanks a level."""
    inner = line.lstrip(" ")
    return step * ((len(line) - len(inner)) // 2) + inner
