"""Check the budgets of the code and what no file of the project may contain.

Run as `python tools/check_budgets.py`. Each violation is printed as `file:line: what`; the exit code is 1 if
there is any. The budgets: functions have at most 60 lines besides their docstring, files at most 500; every
public module, class and function has a docstring (tests excepted); everything is annotated. A function that
must be longer, such as a compiled kernel, says why in a comment `# budget: <reason>` on its first line or the
line above. No file names a package host or an absolute path of somebody's machine.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MAX_FUNCTION_LINES = 60
MAX_FILE_LINES = 500

REASON = re.compile(r"#\s*budget:\s*\S")
GENERATED = re.compile(r"_pb2(_grpc)?\.py$")
NEEDS_NO_DOCSTRING = {"overload", "setter", "deleter"}

PACKAGE_HOSTS = ("pypi", "pythonhosted", "npmjs", "crates", "anaconda", r"proxy\.golang", r"deb\.debian")

FORBIDDEN = {
    "names a package host": re.compile(rf"\b(?:{'|'.join(PACKAGE_HOSTS)})\.(?:org|com|io)\b"),
    "holds a path of one machine": re.compile(r"(?<![\w.$}])/(?:home|root|work|Users)/|\bfile:/{3}"),
}

Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = Function | ast.ClassDef


@dataclass(frozen=True, order=True)
class Violation:
    """One broken rule; `path` is relative to the root of the project, `line` counts from 1."""

    path: Path
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}"


def check_text(path: Path, text: str) -> Iterator[Violation]:
    """Find package hosts and absolute paths in the text of any file."""
    for number, line in enumerate(text.splitlines(), start=1):
        for what, pattern in FORBIDDEN.items():
            if pattern.search(line):
                yield Violation(path, number, what)


def check_source(path: Path, source: str) -> Iterator[Violation]:
    """Find what breaks the budgets in the source of a Python file."""
    lines = source.splitlines()
    if len(lines) > MAX_FILE_LINES:
        yield Violation(path, len(lines), f"file of {len(lines)} lines, at most {MAX_FILE_LINES} allowed")
    module = ast.parse(source)
    documented = path.parts[0] != "tests"
    public = path.stem in {"__init__", "__main__"} or not path.stem.startswith("_")
    if documented and public and ast.get_docstring(module) is None:
        yield Violation(path, 1, "module has no docstring")
    for node, shown in _definitions(module, public):
        if documented and shown and _lacks_docstring(node):
            yield Violation(path, node.lineno, f"{node.name} has no docstring")
        if isinstance(node, Function):
            yield from _check_function(path, node, lines)


def check_project(root: Path) -> list[Violation]:
    """Check every file under `root` that git tracks or would track."""
    command = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return sorted(
        violation
        for name in set(listed.split("\0")) - {""}
        if (root / name).is_file()
        for violation in _check_file(root, Path(name))
    )


def main(root: Path) -> int:
    """Print the violations of the project at `root`; give the exit code."""
    violations = check_project(root)
    for violation in violations:
        print(violation)
    print(f"Budgets: {len(violations)} violations" if violations else "Budgets: kept")
    return 1 if violations else 0


def _check_file(root: Path, path: Path) -> Iterator[Violation]:
    try:
        text = (root / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return  # not text
    yield from check_text(path, text)
    if path.suffix == ".py" and not GENERATED.search(path.name):
        yield from check_source(path, text)


def _definitions(node: ast.AST, public: bool) -> Iterator[tuple[Definition, bool]]:
    """Walk all functions and classes, each with whether users may reach it by public names alone."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Definition):
            shown = public and not child.name.startswith("_")
            yield child, shown
            yield from _definitions(child, shown and isinstance(child, ast.ClassDef))
        else:
            yield from _definitions(child, public)


def _lacks_docstring(node: Definition) -> bool:
    decorators = {ast.unparse(decorator).rpartition(".")[2] for decorator in node.decorator_list}
    return ast.get_docstring(node) is None and not decorators & NEEDS_NO_DOCSTRING


def _check_function(path: Path, node: Function, lines: list[str]) -> Iterator[Violation]:
    length = _length(node)
    if length > MAX_FUNCTION_LINES and not _has_reason(node, lines):
        yield Violation(
            path, node.lineno, f"{node.name} has {length} lines, at most {MAX_FUNCTION_LINES} allowed"
        )
    for name in _unannotated(node):
        yield Violation(path, node.lineno, f"{node.name}: {name} is not annotated")


def _length(node: Function) -> int:
    """Lines from `def` to the end, docstring left out."""
    length = _line_count(node)
    return length - _line_count(node.body[0]) if ast.get_docstring(node) is not None else length


def _line_count(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _has_reason(node: Function, lines: list[str]) -> bool:
    """Whether the lines from just above the first decorator to `def` give a reason for the length."""
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    return any(REASON.search(line) for line in lines[max(first - 2, 0) : node.lineno])


def _unannotated(node: Function) -> Iterator[str]:
    arguments = node.args
    ordered = [*arguments.posonlyargs, *arguments.args]
    if ordered and ordered[0].arg in {"self", "cls"}:
        ordered = ordered[1:]
    for argument in (*ordered, arguments.vararg, *arguments.kwonlyargs, arguments.kwarg):
        if argument is not None and argument.annotation is None:
            yield argument.arg
    if node.returns is None:
        yield "its result"


if __name__ == "__main__":
    sys.exit(main(Path(__file__).parents[1]))
