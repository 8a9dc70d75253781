"""Rules with one condition taken out, to see whether some scenario notices.

A condition is an operand of ``and`` or ``or``, one link of a chained comparison, or a test that stands
alone. Operands are replaced by what leaves the others to decide (true in ``and``, false in ``or``), a
lone test by true and by false. Functions mutated are the rules of the detector's module.
"""

from __future__ import annotations

import ast
import copy
import inspect
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Final

from tapewarden.engine.contract import Detector

_SUFFIX: Final = "_mutant"


@dataclass(frozen=True, slots=True)
class Mutant:
    """A module's syntax tree with one condition replaced; ``line`` and ``condition`` are the original's."""

    line: int
    condition: str
    replaced_by: str
    tree: ast.Module

    def __str__(self) -> str:
        return f"line {self.line}: {self.condition} -> {self.replaced_by}"


def mutants(detector: Detector) -> Iterator[Mutant]:
    """Every way to take one condition out of a detector's rules. ``OSError`` if its source is not at hand."""
    module = sys.modules[detector.step.__module__]
    tree = ast.parse(inspect.getsource(module))
    for function in tree.body:
        if isinstance(function, ast.FunctionDef) and _is_rule(function):
            for site in _sites(function):
                yield _mutant(tree, function, site)


@contextmanager
def imported(detector: Detector, mutant: Mutant) -> Iterator[Detector]:
    """The detector as the mutant's module defines it, importable by name while the context lasts."""
    original = sys.modules[detector.step.__module__]
    name = original.__name__ + _SUFFIX
    module = ModuleType(name, original.__doc__)
    module.__spec__ = ModuleSpec(name, loader=None)
    sys.modules[name] = module
    try:
        exec(compile(mutant.tree, original.__file__ or name, "exec"), module.__dict__)
        yield module.__dict__["DETECTOR"]
    finally:
        del sys.modules[name]


@dataclass(frozen=True, slots=True)
class _Site:
    """A condition, and the expression that stands for it when it is taken out."""

    condition: ast.expr
    replacement: ast.expr
    shown: str


def _is_rule(function: ast.FunctionDef) -> bool:
    names = [ast.unparse(decorator) for decorator in function.decorator_list]
    return function.name in {"opens", "step"} or any(name.rpartition(".")[2] == "rule" for name in names)


def _sites(function: ast.FunctionDef) -> Iterator[_Site]:
    parents = {child: node for node in ast.walk(function) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(function):
        if isinstance(node, ast.expr) and _is_condition(node, parents[node]):
            if isinstance(node, ast.Compare) and len(node.ops) > 1:
                yield from _links(node)
            else:
                for value in _values(parents[node]):
                    yield _Site(node, ast.Constant(value), str(value))


def _is_condition(node: ast.expr, parent: ast.AST) -> bool:
    if isinstance(node, ast.BoolOp) or _is_negation(parent):
        return False  # the operands are, or the negation as a whole
    if isinstance(node, ast.Compare) or _is_negation(node) or isinstance(parent, ast.BoolOp):
        return True
    return isinstance(parent, (ast.If, ast.IfExp, ast.While)) and node is parent.test


def _is_negation(node: ast.AST) -> bool:
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)


def _values(parent: ast.AST) -> tuple[bool, ...]:
    """What a condition is replaced by: what leaves the other operands to decide, otherwise both."""
    if isinstance(parent, ast.BoolOp):
        return (isinstance(parent.op, ast.And),)
    return (False,) if isinstance(parent, ast.While) else (True, False)  # a true `while` would never end


def _links(chain: ast.Compare) -> Iterator[_Site]:
    """A chained comparison without one of its links."""
    terms = [chain.left, *chain.comparators]
    links = [ast.Compare(terms[i], [operator], [terms[i + 1]]) for i, operator in enumerate(chain.ops)]
    for left_out in range(len(links)):
        rest: list[ast.expr] = [link for i, link in enumerate(links) if i != left_out]
        kept = rest[0] if len(rest) == 1 else ast.BoolOp(ast.And(), rest)
        yield _Site(chain, kept, ast.unparse(kept))


def _mutant(tree: ast.Module, function: ast.FunctionDef, site: _Site) -> Mutant:
    place = _place(site.condition)

    class Replace(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> ast.AST:
            return site.replacement if _place(node) == place else self.generic_visit(node)

    changed = copy.deepcopy(function)  # alone: a module is copied far more slowly
    Replace().visit(changed)
    ast.fix_missing_locations(changed)
    body = [changed if node is function else node for node in tree.body]
    return Mutant(site.condition.lineno, ast.unparse(site.condition), site.shown, ast.Module(body, []))


def _place(node: ast.AST) -> tuple[object, ...]:
    """Kind and position: what tells a node of one tree from all others, and is kept by a copy."""
    if not isinstance(node, ast.expr):
        return ()
    return type(node), node.lineno, node.col_offset, node.end_lineno, node.end_col_offset
