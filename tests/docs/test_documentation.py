"""Every command and every snippet of the documentation runs, and prints what the page shows.

A page's blocks run in order, in an empty folder beside a copy of the samples: ``console`` blocks command by
command (``...`` in the output stands for anything, spacing does not matter), ``python`` blocks in one
namespace; a block with a file name after its language becomes that file.
"""

import io
import re
import shlex
import shutil
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

import pytest

from tapewarden.cli import main as entry
from tools.build_docs import ROOT, between_markers, build

ELSEWHERE = {
    "how-to/import-your-data.md": "tests/unit/adapters/test_documentation.py runs it in two folders",
    "how-to/inject-misconduct.md": "tests/unit/server/test_documentation.py runs it against a server",
    "how-to/publish-events.md": "tests/unit/client/test_documentation.py runs it against a server",
    "how-to/read-signals-without-our-code.md": "tests/unit/server/test_documentation.py runs it",
    "reference/scenarios.md": "tests/unit/test_scenario_page.py plays it; its snippet is a sketch",
}
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
RUN = [page for page in PAGES if str(page.relative_to(page.parents[1])) not in ELSEWHERE]


class Block(NamedTuple):
    """A fenced block: the word after the fence, the file name after that, the text."""

    language: str
    file: str
    text: str


def blocks(page: Path) -> Iterator[Block]:
    for match in re.finditer(r"^```(\w+)(?: ([\w./-]+))?\n(.*?)^```", page.read_text("utf-8"), re.M | re.S):
        yield Block(match[1], match[2] or "", match[3])


def commands(text: str) -> Iterator[tuple[str, str]]:
    """Each command of a console block and the output shown below it."""
    for part in re.split(r"^\$ ", text.replace("\\\n", ""), flags=re.M)[1:]:
        command, _, output = part.partition("\n")
        yield command, output


def run(command: str) -> str:
    """What a command prints; only those of tapewarden can be shown."""
    program, *arguments = shlex.split(command)
    assert program == "tapewarden", command
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(out), pytest.raises(SystemExit):
        entry.main(arguments)
    return out.getvalue()


def is_shown(expected: str, received: str) -> bool:
    pattern = ".*".join(re.escape(" ".join(part.split())) for part in expected.split("..."))
    pattern = pattern.replace(r"\ ", " ").replace(" ", r"\s*")
    return re.fullmatch(rf"\s*{pattern}\s*", " ".join(received.split()), re.S) is not None


@pytest.mark.parametrize("page", [page for page in RUN if list(blocks(page))], ids=lambda page: page.stem)
def test_commands_and_snippets_of_a_page_run(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "samples", tmp_path / "samples")
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, object] = {"__name__": "page"}
    for block in blocks(page):
        if block.file:
            Path(block.file).write_text(block.text, "utf-8")
        elif block.language == "console":
            for command, output in commands(block.text):
                received = run(command)
                assert not output or is_shown(output, received), f"$ {command}\n{received}"
        elif block.language == "python":
            exec(compile(block.text, str(page), "exec"), namespace)


def test_output_is_compared_by_its_words() -> None:
    assert is_shown("a b\n...\nd", "a   b\nc\nd\n")
    assert not is_shown("a b", "a b c")


@pytest.mark.parametrize("path", list(build()), ids=str)
def test_generated_parts_are_up_to_date(path: Path) -> None:
    assert (ROOT / path).read_text("utf-8") == build()[path], "run `make docs`"


def test_only_what_is_between_the_markers_is_rewritten() -> None:
    text = "a\n<!-- x -->\nold\n<!-- end of x -->\nb"
    assert between_markers(text, "x", ["new"]) == "a\n<!-- x -->\n\nnew\n\n<!-- end of x -->\nb"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text("utf-8"))
    missing = [one for one in targets if "://" not in one and not (page.parent / one).exists()]
    assert missing == []


def test_pages_that_run_elsewhere_are_there() -> None:
    assert all((ROOT / "docs" / page).exists() for page in ELSEWHERE)
