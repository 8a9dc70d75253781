from enum import IntEnum, IntFlag
from pathlib import Path

from tapewarden.domain.codes import REASONS
from tapewarden.domain.kinds import EventKind, Flag, Initiator, Side
from tapewarden.tape import __all__ as exported
from tapewarden.tape.schema import COLUMNS, FORMAT, GROUP_ROWS

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "tape-format.md").read_text(encoding="utf-8")


def test_the_page_lists_the_columns_of_the_code() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| `") and line.count("|") == 5]
    assert rows == [
        f"| `{column.name}` | {column.type} | {'null' if column.nullable else '—'} | {column.meaning} |"
        for column in COLUMNS
    ]


def test_the_page_lists_the_codes_of_the_code() -> None:
    enumerations: list[type[IntEnum] | type[IntFlag]] = [EventKind, Initiator, Side, Flag, *REASONS.values()]
    for codes in enumerations:
        members = [code for code in codes if codes is not Flag or code.value]
        listed = ", ".join(f"{code.value} {code.name}" for code in members)
        assert f"| `{codes.__name__}` | {listed} |" in PAGE


def test_the_page_describes_this_format() -> None:
    assert f"This page describes format **{FORMAT}**." in PAGE
    assert f"Row groups hold {GROUP_ROWS:,} rows" in PAGE


def test_what_the_package_exports_is_sorted() -> None:
    assert exported == sorted(exported)
