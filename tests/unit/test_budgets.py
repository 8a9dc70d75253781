import subprocess
from pathlib import Path

import pytest

from tools.check_budgets import MAX_FILE_LINES, MAX_FUNCTION_LINES, check_source, check_text, main

SOURCE = Path("src/example.py")


def found(source: str, path: Path = SOURCE) -> list[str]:
    """What is wrong with a module that, its docstring aside, consists of `source`."""
    return [
        f"{violation.line}: {violation.what}" for violation in check_source(path, f'"""Example."""\n{source}')
    ]


def function(body_lines: int, above: str = "", beside: str = "") -> str:
    """Source of a private function with `body_lines` lines under its `def`."""
    return f"{above}def _long() -> None:{beside}\n" + "    pass\n" * body_lines


def test_function_may_fill_its_budget() -> None:
    assert found(function(MAX_FUNCTION_LINES - 1)) == []


def test_function_over_its_budget_is_named_with_its_line() -> None:
    assert found(function(MAX_FUNCTION_LINES)) == ["2: _long has 61 lines, at most 60 allowed"]


def test_docstring_lines_are_free() -> None:
    docstring = '    """First.\n\n    Last.\n    """\n'
    source = "def _long() -> None:\n" + docstring + "    pass\n" * (MAX_FUNCTION_LINES - 1)
    assert found(source) == []


@pytest.mark.parametrize(
    "source",
    [
        function(99, above="# budget: one pass over the tape\n"),
        function(99, above="@compiled\n# budget: one pass over the tape\n"),
        function(99, above="# budget: one pass over the tape\n@compiled\n"),
        function(99, beside="  # budget: one pass over the tape"),
    ],
)
def test_function_with_a_reason_may_be_longer(source: str) -> None:
    assert found(source) == []


def test_exception_without_a_reason_does_not_count() -> None:
    assert found(function(99, above="# budget:\n")) == ["3: _long has 100 lines, at most 60 allowed"]


def test_file_over_its_budget_is_reported_once() -> None:
    assert found("\n" * MAX_FILE_LINES) == ["501: file of 501 lines, at most 500 allowed"]


def test_public_names_need_a_docstring() -> None:
    source = (
        "class Book:\n    def depth(self) -> int:\n        return 1\n\ndef touch() -> int:\n    return 1\n"
    )
    assert found(source) == [
        "2: Book has no docstring",
        "3: depth has no docstring",
        "6: touch has no docstring",
    ]


def test_module_needs_a_docstring() -> None:
    assert [violation.what for violation in check_source(SOURCE, "x = 1\n")] == ["module has no docstring"]


def test_private_nested_and_magic_names_need_no_docstring() -> None:
    source = (
        "class _Book:\n    def depth(self) -> int:\n        def inner() -> int:\n            return 1\n"
        "        return inner()\n    def __len__(self) -> int:\n        return 1\n"
    )
    assert found(source) == []


def test_overloads_and_setters_need_no_docstring() -> None:
    source = (
        'class Book:\n    """A book."""\n    @typing.overload\n    def at(self, price: int) -> int: ...\n'
        "    @depth.setter\n    def depth(self, value: int) -> None: ...\n"
    )
    assert found(source) == []


def test_tests_need_no_docstring() -> None:
    assert list(check_source(Path("tests/test_x.py"), "def test_x() -> None:\n    pass\n")) == []


def test_arguments_and_results_must_be_annotated() -> None:
    source = "class _Book:\n    def add(self, price, *sizes: int, side, **rest: int):\n        pass\n"
    assert found(source) == [
        "3: add: price is not annotated",
        "3: add: side is not annotated",
        "3: add: its result is not annotated",
    ]


@pytest.mark.parametrize(
    "line",
    ["see https://pypi" + ".org/simple", "files.python" + "hosted.org", "--find-links file:" + "///opt"],
)
def test_package_hosts_are_refused(line: str) -> None:
    assert [violation.line for violation in check_text(Path("notes.md"), f"fine\n{line}\n")] == [2]


@pytest.mark.parametrize("line", ["cd /ho" + "me/ada/tape", 'open("/ro' + 'ot/x")', "(/Us" + "ers/ada)"])
def test_paths_of_one_machine_are_refused(line: str) -> None:
    assert [str(violation) for violation in check_text(Path("notes.md"), line)] == [
        "notes.md:1: holds a path of one machine"
    ]


@pytest.mark.parametrize("line", ["tests/home/page.py", "https://example.org/home/", "../root/x", "$HOME/x"])
def test_relative_paths_and_addresses_are_fine(line: str) -> None:
    assert list(check_text(Path("notes.md"), line)) == []


def test_whole_project_is_checked_and_generated_code_is_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "market_pb2.py").write_text("def generated(x): pass\n")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\xff")
    assert main(tmp_path) == 0
    (tmp_path / "src" / "market.py").write_text("x = 1\n")
    assert main(tmp_path) == 1
    assert capsys.readouterr().out == (
        "Budgets: kept\nsrc/market.py:1: module has no docstring\nBudgets: 1 violations\n"
    )
