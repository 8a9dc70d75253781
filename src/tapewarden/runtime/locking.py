"""The lock of the built-in detectors: changed logic under an old version is refused.

``detectors.lock`` holds one line per detector: id, version, and a hash of its logic. The logic is what its
``DETECTOR`` reaches within its module (rules, parameters, state, constants), without comments, docstrings,
metadata and scenarios: those may change freely. What a rule uses of the engine is not part of it.
"""

from __future__ import annotations

import ast
import hashlib
import inspect
import sys
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Final, NamedTuple

from tapewarden.domain.errors import InputError
from tapewarden.engine.contract import Detector

LOCK_FILE: Final = Path(str(files("tapewarden.detectors"))) / "detectors.lock"

_ROOT: Final = "DETECTOR"
_FREE: Final = frozenset({"META", "SCENARIOS"})
_NOT_LOGIC: Final = frozenset({"ctx", "kind", "type_comment", "type_params", "type_ignores"})


class Lock(NamedTuple):
    """What is locked of one detector."""

    version: int
    logic: str


def lock_of(detector: Detector) -> Lock:
    """What a detector is like now. ``OSError`` if its source is not at hand."""
    return Lock(detector.meta.version, logic_hash(inspect.getsource(sys.modules[detector.step.__module__])))


def logic_hash(source: str) -> str:
    """Sixteen hexadecimal digits of the logic in a detector's module, the same on every Python."""
    definitions = {name: node for node in ast.parse(source).body for name in _defined(node)}
    reached: set[str] = set()
    waiting = [_ROOT]
    while waiting:
        name = waiting.pop()
        if name in definitions and name not in reached and name not in _FREE:
            reached.add(name)
            waiting += [node.id for node in ast.walk(definitions[name]) if isinstance(node, ast.Name)]
    shapes = "\n".join(f"{name}: {_shape(definitions[name])}" for name in sorted(reached))
    return hashlib.blake2b(shapes.encode(), digest_size=8).hexdigest()


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


def _defined(node: ast.stmt) -> Iterator[str]:
    """Names that a top-level statement defines, imports left out."""
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        yield node.name
    elif isinstance(node, (ast.Assign, ast.AnnAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            yield from (name.id for name in ast.walk(target) if isinstance(name, ast.Name))


def _shape(value: object) -> str:
    """A syntax tree as text, without positions, docstrings and what one Python version adds to another's."""
    if isinstance(value, ast.AST):
        children = [
            f"{name}={_shape(child)}"
            for name, child in ast.iter_fields(value)
            if name not in _NOT_LOGIC and child not in (None, [])
        ]
        return f"{type(value).__name__}({', '.join(children)})"
    if isinstance(value, list):
        return f"[{', '.join(_shape(child) for child in value if not _is_text(child))}]"
    return repr(value)


def _is_text(node: object) -> bool:
    """Whether a statement is a string standing by itself, such as a docstring."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )
