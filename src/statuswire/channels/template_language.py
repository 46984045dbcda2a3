"""The part of Jinja's language that user templates may use: one that always ends, soon, and reaches nothing of ours.

Jinja's sandbox keeps a template from our objects; it does not keep it from taking for ever (`range`, `'x' * 10**9`,
loops in loops, `x ~ x` forty times over). So a template is a tree of ALLOWED nodes, looked at before anything of it is
compiled or folded, and what remains is metered at run time:

- lists hold texts and numbers only, so that no value is deeper than those that it was given;
- nothing can be called, `*`, `**` and `%` do not exist, `+`, `-`, `/` and `//` take numbers only, and of an object only
  what stands in a mapping, a sequence or `loop` can be reached;
- each turn of a loop costs a step for every node in the loop, so that loops in loops pay for each other;
- filters, `~` and `in` cost by what they handle, and no text that they make is longer than OUTPUT_LIMIT.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any, Final

from jinja2 import StrictUndefined, Template, TemplateRuntimeError, Undefined, nodes
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from statuswire.channels.template_filters import FILTERS

SIZE_LIMIT: Final = 16 * 1024
"""Bytes that a template may have."""

DEPTH_LIMIT: Final = 40
"""How deep its parts may be nested."""

ALLOWED: Final = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.If,
    nodes.For,
    nodes.Assign,
    nodes.Name,
    nodes.Const,
    nodes.List,
    nodes.Tuple,
    nodes.Getattr,
    nodes.Getitem,
    nodes.Slice,
    nodes.Filter,
    nodes.Keyword,
    nodes.Test,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.CondExpr,
    nodes.Concat,
    nodes.Add,
    nodes.Sub,
    nodes.Div,
    nodes.FloorDiv,
    nodes.Neg,
    nodes.Pos,
)
TESTS: Final = ("defined", "undefined", "none", "string", "number", "odd", "even")
_OF_LOOP: Final = frozenset({"index", "index0", "revindex", "revindex0", "first", "last", "length"})
_MEMBERSHIP: Final = frozenset({"in", "notin"})


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a template, and on which of its lines; the first is 1."""

    line: int
    text: str


class Language(ImmutableSandboxedEnvironment):
    """Jinja with our filters and tests only, strict about what is not there, and without a way to attributes."""

    intercepted_binops = frozenset({"+", "-", "/", "//"})

    def __init__(self) -> None:
        super().__init__(autoescape=False, undefined=StrictUndefined, optimized=False, cache_size=0)
        self.globals = {}
        self.filters = dict(FILTERS)
        self.tests = {name: self.tests[name] for name in TESTS}

    def getattr(self, obj: Any, attribute: str) -> Any:
        """What a mapping holds under the name, and the counters of `loop`; methods are not to be had."""
        if isinstance(obj, Undefined):
            str(obj)  # raises, and names what is missing
        if isinstance(obj, Mapping) and attribute in obj:
            return obj[attribute]
        if isinstance(obj, LoopContext) and attribute in _OF_LOOP:
            return getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, Undefined):
            str(obj)
        if isinstance(obj, Mapping | list | tuple | str):
            try:
                return obj[argument]
            except (LookupError, TypeError):
                pass  # undefined, as below
        return self.undefined(obj=obj, name=argument)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if not (isinstance(left, int | float) and isinstance(right, int | float)):
            raise TemplateRuntimeError(f"`{operator}` takes numbers; texts are joined by `~`")
        return super().call_binop(context, operator, left, right)


LANGUAGE: Final = Language()


def compiled(text: str) -> Template:
    """Raises TemplateSyntaxError and, for what no parser likes, RecursionError, MemoryError, ValueError, SyntaxError.

    For templates in which `faults` found nothing.
    """
    code = LANGUAGE.compile(_Metering().visit(LANGUAGE.parse(text)))
    return Template.from_code(LANGUAGE, code, LANGUAGE.make_globals(None))


def faults(tree: nodes.Template, names: Iterable[str]) -> list[Problem]:
    """What the tree has that a template may not have; `names` are the variables there are."""
    known = {*names, "loop", *(node.name for node in tree.find_all(nodes.Name) if node.ctx == "store")}
    if _depth(tree) > DEPTH_LIMIT:
        return [Problem(1, f"is nested deeper than {DEPTH_LIMIT}")]
    found = [Problem(node.lineno, text) for node in _all(tree) if (text := _fault(node, known))]
    return sorted(found, key=lambda problem: problem.line)


def _fault(node: nodes.Node, known: set[str]) -> str:
    """What is wrong with this node by itself; empty where nothing is."""
    if not isinstance(node, ALLOWED):
        return f"may not use {_WORDS.get(type(node), type(node).__name__.lower())}"
    if isinstance(node, nodes.Const) and isinstance(node.value, float) and not isfinite(node.value):
        return "holds a number that cannot be read"
    if isinstance(node, nodes.Name) and (node.name not in known or node.name.startswith("_")):
        return f"knows no `{node.name}`"
    if isinstance(node, nodes.Filter):
        return _fault_of_filter(node)
    if isinstance(node, nodes.Test) and node.name not in TESTS:
        return f"knows no test `{node.name}`"
    if isinstance(node, nodes.For) and node.recursive:
        return "may not use a recursive loop"
    if isinstance(node, nodes.List | nodes.Tuple) and not _is_flat(node):
        return "may have nothing but texts and numbers in a list"
    is_chain = isinstance(node, nodes.Compare) and len(node.ops) > 1
    return "may compare with `in` only by itself" if is_chain and _has_membership(node) else ""


def _is_flat(node: nodes.List | nodes.Tuple) -> bool:
    """Lists of lists could double at each step (`[a, a]`), and to write out 40 of those takes for ever. A tuple that is
    stored to takes a list apart."""
    is_target = isinstance(node, nodes.Tuple) and node.ctx == "store"
    return is_target or all(isinstance(item, nodes.Const) for item in node.items)


def _fault_of_filter(node: nodes.Filter) -> str:
    if node.name not in FILTERS or node.name.startswith("_"):
        return f"knows no filter `{node.name}`"
    return "may not spread arguments" if node.dyn_args is not None or node.dyn_kwargs is not None else ""


_WORDS: Final = {
    nodes.Call: "a call",
    nodes.Mul: "`*`",
    nodes.Pow: "`**`",
    nodes.Mod: "`%`",
    nodes.Include: "include",
    nodes.Import: "import",
    nodes.FromImport: "import",
    nodes.Extends: "extends",
    nodes.Macro: "a macro",
    nodes.AssignBlock: "a set section",
    nodes.FilterBlock: "a filter section",
    nodes.NSRef: "a name with a dot in set",
}


def _has_membership(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Compare) and any(operand.op in _MEMBERSHIP for operand in node.ops)


def _all(tree: nodes.Node) -> Iterator[nodes.Node]:
    """Every node in the order of the text, without recursion."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(list(node.iter_child_nodes())))


def _depth(tree: nodes.Node) -> int:
    deepest, waiting = 0, [(tree, 1)]
    while waiting:
        node, depth = waiting.pop()
        deepest = max(deepest, depth)
        waiting.extend((child, depth + 1) for child in node.iter_child_nodes())
    return deepest


class _Metering(NodeTransformer):
    """Puts our meters where the tree can take time: loops, `~`, `in`."""

    def visit_For(self, node: nodes.For) -> nodes.Node:
        weight = sum(1 for _ in _all(node))
        self.generic_visit(node)
        node.iter = _metered(node.iter, "_turns", weight)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:
        self.generic_visit(node)
        return _metered(nodes.List(node.nodes, lineno=node.lineno), "_joined")

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:
        self.generic_visit(node)
        if not _has_membership(node):
            return node
        found = _metered(node.ops[0].expr, "_holds", node.expr)
        return found if node.ops[0].op == "in" else nodes.Not(found, lineno=node.lineno)


def _metered(node: nodes.Node, name: str, argument: nodes.Expr | int | None = None) -> nodes.Filter:
    given = nodes.Const(argument, lineno=node.lineno) if isinstance(argument, int) else argument
    arguments = [] if given is None else [given]
    assert isinstance(node, nodes.Expr)
    return nodes.Filter(node, name, arguments, [], None, None, lineno=node.lineno)
