"""Remove a parameter that nothing reads any more, from the signature and from every call."""

from __future__ import annotations

import ast

from mi_lint.edits import TextEdit
from mi_lint.python.call import Argument, rewrite_call
from mi_lint.python.classes import is_static
from mi_lint.python.names import Scope
from mi_lint.python.project import Module, Project
from mi_lint.python.references import CallSite, References, argument_for
from mi_lint.textfile import Span

Removal = tuple[dict[str, list[TextEdit]], list[tuple[str, ast.AST]]]
_Function = ast.FunctionDef | ast.AsyncFunctionDef


def remove_parameter(project: Project, module: Module, scope: Scope, name: str) -> Removal:
    """Edits by path and the removed arguments; nothing at all unless every caller is known and plain."""
    function = scope.node
    if not isinstance(function, _Function) or not _removable(project, module, function, name):
        return {}, []
    sites = References(project).call_sites(module, function)
    if isinstance(sites, str) or not sites:
        return {}, []
    edits: dict[str, list[TextEdit]] = {module.path: [_from_signature(module, function, name)]}
    removed: list[tuple[str, ast.AST]] = []
    for site in sites:
        argument = argument_for(site, function, name)
        if isinstance(argument, str):
            return {}, []
        if argument is None:
            continue
        edit = _from_call(site, argument)
        if edit is None or any(edit.span.overlaps(other.span) for other in edits.get(site.module.path, ())):
            return {}, []
        edits.setdefault(site.module.path, []).append(edit)
        removed.append((site.module.path, argument))
    return edits, removed


def _removable(project: Project, module: Module, function: _Function, name: str) -> bool:
    """A plain parameter, of a function that no other class redefines."""
    args = function.args
    if args.posonlyargs or args.vararg or name not in [arg.arg for arg in [*args.args, *args.kwonlyargs]]:
        return False
    if args.kwonlyargs and [arg.arg for arg in args.kwonlyargs] == [name]:
        return False  # the bare `*` would have to go as well
    owner = module.names.inner[function].parent
    if owner is None or owner.kind != "class":
        return True
    if not is_static(function) and args.args and args.args[0].arg == name:
        return False  # the instance or the class, which Python passes by itself
    if function.name == "__init__":
        return True
    same = [
        scope
        for other in project.modules.values()
        for scope in other.names.scopes
        if scope.kind == "class" and function.name in scope.bindings
    ]
    return len(same) == 1


def _from_signature(module: Module, function: _Function, name: str) -> TextEdit:
    args = function.args
    defaults: dict[str, ast.expr] = {}
    for arg, default in zip(reversed(args.args), reversed(args.defaults), strict=False):
        defaults[arg.arg] = default
    for arg, keyword_default in zip(args.kwonlyargs, args.kw_defaults, strict=True):
        if keyword_default is not None:
            defaults[arg.arg] = keyword_default
    parameters = [*args.args, *args.kwonlyargs]
    index = next(i for i, arg in enumerate(parameters) if arg.arg == name)
    spans = []
    for arg in parameters:
        span = module.span(arg)
        spans.append(Span(span.start, module.span(defaults[arg.arg]).end if arg.arg in defaults else span.end))
    follows_star = bool(args.kwonlyargs) and index == len(args.args)
    if index + 1 < len(spans) and not (args.kwonlyargs and index + 1 == len(args.args)):
        return TextEdit(Span(spans[index].start, spans[index + 1].start), "")
    if index > 0 and not follows_star:
        return TextEdit(Span(spans[index - 1].end, spans[index].end), "")
    return TextEdit(Span(spans[index].start, _after_comma(module, spans[index].end)), "")


def _after_comma(module: Module, position: int) -> int:
    """The end of a comma and the blanks behind it, where one follows."""
    text = module.file.text
    at = position
    while at < len(text) and text[at] in " \t":
        at += 1
    if text[at : at + 1] != ",":
        return position
    at += 1
    while at < len(text) and text[at] in " \t":
        at += 1
    return at


def _from_call(site: CallSite, argument: ast.expr) -> TextEdit | None:
    call = site.call
    nodes = sorted([*call.args, *(k.value for k in call.keywords)], key=lambda node: (node.lineno, node.col_offset))
    kept = [index for index, node in enumerate(nodes) if node is not argument]
    names = {id(k.value): k.arg for k in call.keywords}
    arguments = [Argument(index, names.get(id(nodes[index])), None) for index in kept]
    span = site.module.span(call)
    try:
        text = rewrite_call(site.module.file.text[span.start : span.end], None, arguments)
    except ValueError:
        return None
    return TextEdit(span, text)
