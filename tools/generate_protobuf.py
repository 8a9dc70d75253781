"""Rewrite the generated protobuf classes: `make proto`, or `python -m tools.generate_protobuf`.

The compiler names modules after the schema's own package, which is not where they stand in ours; their
imports are mended. A test fails while the generated code is not that of the schema.
"""

from __future__ import annotations

import importlib.resources
import re
import tempfile
from pathlib import Path
from typing import Final

from grpc_tools import protoc

ROOT: Final = Path(__file__).parents[1]
SCHEMA: Final = ROOT / "proto"
TARGET: Final = ROOT / "src" / "tapewarden" / "wire" / "v1"

_IMPORT: Final = re.compile(r"^from tapewarden\.v1 import", re.MULTILINE)


def generate() -> dict[str, str]:
    """The generated modules by their file names, as they should be; ``RuntimeError`` for a faulty schema."""
    files = sorted(SCHEMA.rglob("*.proto"))
    with tempfile.TemporaryDirectory() as folder:
        status = protoc.main(
            [
                "protoc",
                f"--proto_path={SCHEMA}",
                f"--proto_path={importlib.resources.files('grpc_tools') / '_proto'}",
                *(f"--{kind}_out={folder}" for kind in ("python", "pyi", "grpc_python")),
                *map(str, files),
            ]
        )
        if status != 0:
            raise RuntimeError("the schema has faults")
        return {
            path.name: _IMPORT.sub("from tapewarden.wire.v1 import", path.read_text(encoding="utf-8"))
            for path in sorted(Path(folder).rglob("*.py*"))
            if not _is_empty(path)
        }


def write(modules: dict[str, str]) -> None:
    """Replace the generated modules of the package by these."""
    for stale in TARGET.glob("*_pb2*"):
        stale.unlink()
    for name, text in modules.items():
        (TARGET / name).write_text(text, encoding="utf-8")


def _is_empty(path: Path) -> bool:
    """Whether this would be the services of a file that has none."""
    return path.name.endswith("_grpc.py") and "class " not in path.read_text(encoding="utf-8")


if __name__ == "__main__":
    write(generate())
