"""The lock of the built-in detectors: changed logic under an old version is refused.

``detectors.lock`` holds one line per detector: id, version, and a hash of its logic. The logic is what its
``DETECTOR`` reaches: rules, parameters, state and constants, its module's and the engine's, without
comments, docstrings, annotations, metadata, scenarios and ``ready``: those may change freely, because no
signal depends on them. So a change of a shared
measure asks for a new version of every detector that uses it.
"""

from __future__ import annotations

import ast
import hashlib
import inspect
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Final, NamedTuple

from tapewarden.domain.errors import InputError
from tapewarden.engine.contract import Detector

LOCK_FILE: Final = Path(str(files("tapewarden.detectors"))) / "detectors.lock"

_ROOT: Final = "DETECTOR"
_ENGINE: Final = ("tapewarden.compiled.", "tapewarden.engine.")
_ANNOTATIONS: Final = frozenset({"annotation", "returns"})
_FREE: Final = frozenset({"META", "SCENARIOS"})
_FREE_ARGUMENT: Final = "ready"
_NOT_LOGIC: Final = frozenset({"ctx", "kind", "type_comment", "type_params", "type_ignores"})


class Lock(NamedTuple):
    """What is locked of one detector."""

    version: int
    logic: str


def lock_of(detector: Detector) -> Lock:
    """What a detector is like now. ``OSError`` if its source is not at hand."""
    return Lock(detector.meta.version, logic_hash(inspect.getsource(sys.modules[detector.step.__module__])))


def logic_hash(source: str, read: Callable[[str], str] | None = None) -> str:
    """Sixteen hexadecimal digits of the logic in a detector's module, the same on every Python.

    ``read`` gives the source of an engine's module by its name; the installed one if not given.
    """
    outline = cache(lambda name: _Outline.of(read(name) if read else _installed(name)))
    own = _Outline.of(source)
    shapes: dict[str, str] = {}
    waiting = [("", _ROOT)]
    while waiting:
        module, name = waiting.pop()
        here = outline(module) if module else own
        node = here.definitions.get(name)
        if node is None:
            waiting += [here.imports[name]] if name in here.imports else []
        elif f"{module}.{name}" not in shapes and (_is_logic(node) if module else name not in _FREE):
            shapes[f"{module}.{name}"] = _shape(node)
            waiting += [(module, used) for used in _used(node)]
    text = "\n".join(f"{name}: {shape}" for name, shape in sorted(shapes.items()))
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def read_lock(path: Path = LOCK_FILE) -> dict[str, Lock]:
    """The locked detectors by id; none if there is no file yet.

    Raises:
        InputError: Naming file and line, for anything but id, version and hash.
    """
    locks: dict[str, Lock] = {}
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    for row, line in enumerate(text.splitlines(), start=1):
        words = line.split()
        if len(words) != 3 or not words[1].isdecimal():
            raise InputError(str(path), "an id, a version and a hash", repr(line), row=row)
        locks[words[0]] = Lock(int(words[1]), words[2])
    return locks


def write_lock(locks: dict[str, Lock], path: Path = LOCK_FILE) -> None:
    """Write the lock file, in the order of the ids."""
    lines = [f"{name} {lock.version} {lock.logic}\n" for name, lock in sorted(locks.items())]
    path.write_text("".join(lines), encoding="utf-8")


def changed_under_old_version(detectors: Iterable[Detector], locks: dict[str, Lock]) -> list[str]:
    """One line for each detector whose logic changed while its version did not rise."""
    return [
        f"{detector.id}: expected a version above {locks[detector.id].version} because its logic changed, "
        f"received {detector.meta.version}"
        for detector in detectors
        if detector.id in locks
        and lock_of(detector).logic != locks[detector.id].logic
        and detector.meta.version <= locks[detector.id].version
    ]


def out_of_date(detectors: Iterable[Detector], locks: dict[str, Lock]) -> list[str]:
    """One line for each difference between the detectors and the lock file, besides changed logic."""
    now = {detector.id: lock_of(detector) for detector in detectors}
    return [
        f"{name}: expected version {now[name].version if name in now else 'none'} in detectors.lock, "
        f"received {locks[name].version if name in locks else 'none'}"
        for name in sorted(now.keys() | locks.keys())
        if (now[name].version if name in now else 0) != (locks[name].version if name in locks else 0)
    ]


class _Outline(NamedTuple):
    """What a module defines at its top, and what it imports from the engine, by name."""

    definitions: dict[str, ast.stmt]
    imports: dict[str, tuple[str, str]]

    @staticmethod
    def of(source: str) -> _Outline:
        body = ast.parse(source).body
        return _Outline(
            {name: node for node in body for name in _defined(node)},
            {
                alias.asname or alias.name: (node.module, alias.name)
                for node in body
                if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(_ENGINE)
                for alias in node.names
            },
        )


def _installed(name: str) -> str:
    spec = find_spec(name)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).read_text(encoding="utf-8")


def _defined(node: ast.stmt) -> Iterator[str]:
    """Names that a top-level statement defines, imports left out."""
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        yield node.name
    elif isinstance(node, (ast.Assign, ast.AnnAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            yield from (name.id for name in ast.walk(target) if isinstance(name, ast.Name))


def _is_logic(node: ast.stmt) -> bool:
    """Whether a definition of the engine is a rule, a row or a constant; the rest is machinery."""
    if isinstance(node, ast.FunctionDef):
        return any("rule" in ast.unparse(decorator) for decorator in node.decorator_list)
    return not isinstance(node, ast.ClassDef) or "Row" in [ast.unparse(base) for base in node.bases]


def _used(node: ast.AST) -> Iterator[str]:
    """Names in a definition, but for those that only annotate a function's arguments and result."""
    if isinstance(node, ast.Name):
        yield node.id
    for name, value in _fields(node):
        if not (isinstance(node, (ast.FunctionDef, ast.arg)) and name in _ANNOTATIONS):
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    yield from _used(child)


def _shape(value: object) -> str:
    """A syntax tree as text, without positions, docstrings and what one Python version adds to another's."""
    if isinstance(value, ast.AST):
        annotated = isinstance(value, (ast.FunctionDef, ast.arg))
        children = [
            f"{name}={_shape(child)}"
            for name, child in _fields(value)
            if name not in _NOT_LOGIC and child not in (None, []) and not (annotated and name in _ANNOTATIONS)
        ]
        return f"{type(value).__name__}({', '.join(children)})"
    if isinstance(value, list):
        return f"[{', '.join(_shape(child) for child in value if not _is_text(child))}]"
    return repr(value)


def _fields(node: ast.AST) -> Iterator[tuple[str, object]]:
    """The fields of a node, a call's without the argument that is no logic."""
    for name, value in ast.iter_fields(node):
        if name == "keywords":
            yield name, [keyword for keyword in value if keyword.arg != _FREE_ARGUMENT]
        else:
            yield name, value


def _is_text(node: object) -> bool:
    """Whether a statement is a string standing by itself, such as a docstring."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )
