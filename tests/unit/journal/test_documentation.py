import re
from pathlib import Path

from tapewarden.journal import __all__ as exported
from tapewarden.journal.frame import ALIGNMENT, HEADER, NO_SOURCE
from tapewarden.journal.journal import SEGMENT_BYTES
from tapewarden.journal.segment import FORMAT, HEAD, MAGIC, segment_path

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "journal-format.md").read_text(encoding="utf-8")
TYPES = {"8 bytes": ("8s", 8), "u16": ("H", 2), "u32": ("I", 4), "u64": ("Q", 8), "i64": ("q", 8)}


def layout(heading: str) -> str:
    """The structure that a table of the page describes; its offsets must follow from its types."""
    rows = re.findall(r"^\| (\d+) \| ([\w ]+) \|", PAGE.split(f"## {heading}\n")[1].split("\n## ")[0], re.M)
    end = 0
    codes = ""
    for offset, name in rows:
        assert int(offset) == end
        code, size = TYPES[name]
        codes += code
        end += size
    return f"<{codes}"


def test_the_page_lists_the_fields_of_the_code() -> None:
    assert layout("Segment head") == HEAD.format
    assert layout("Frame") == HEADER.format


def test_the_page_states_the_numbers_of_the_code() -> None:
    assert f"This page describes format **{FORMAT}**." in PAGE
    assert f"| `{MAGIC.decode()}` |" in PAGE
    assert (
        f"The body follows at offset {HEADER.size}, then zeros up to the next multiple of {ALIGNMENT}."
        in PAGE
    )
    assert f"{SEGMENT_BYTES:,} bytes unless told otherwise" in PAGE
    assert f"{NO_SOURCE:,} if no producer" in PAGE
    for sealed in (False, True):
        assert f"`{'N' * 20}{segment_path(Path(), 1, sealed=sealed).suffix}`" in PAGE


def test_what_the_package_exports_is_sorted() -> None:
    assert exported == sorted(exported)
