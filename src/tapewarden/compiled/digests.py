"""Hashes of sources: under them machine code is cached, so that an edited rule never runs as it was."""

from __future__ import annotations

import hashlib
import importlib.util
from functools import cache
from pathlib import Path

import numba


@cache
def packages_digest(*names: str) -> str:
    """Hash of every module directly in these packages and of the compiler's version."""
    digest = hashlib.blake2b(numba.__version__.encode(), digest_size=8)
    for path in sorted(path for name in names for path in _folder(name).glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


@cache
def module_digest(name: str) -> str:
    """Hash of one module's source; of its name where it has no source file."""
    spec = importlib.util.find_spec(name)
    content = name.encode()
    if spec is not None and spec.origin is not None and Path(spec.origin).suffix == ".py":
        content = Path(spec.origin).read_bytes()
    return hashlib.blake2b(content, digest_size=8).hexdigest()


def _folder(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent
