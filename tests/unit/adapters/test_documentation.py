"""The pages on importing say what the program does."""

import re
import shlex
from pathlib import Path

import pytest

from tapewarden.adapters.files import PRESETS
from tapewarden.adapters.files.mapping import vocabulary
from tapewarden.cli import main as entry

ROOT = Path(__file__).parents[3]
GUIDE = (ROOT / "docs" / "how-to" / "import-your-data.md").read_text("utf-8")
REFERENCE = (ROOT / "docs" / "reference" / "import-mapping.md").read_text("utf-8")
EXAMPLE = ROOT / "samples" / "example-exchange"


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)


def test_guide_shows_the_mapping_of_the_sample() -> None:
    assert blocks("toml") == [(EXAMPLE / "mapping.toml").read_text("utf-8")]


def test_guide_shows_the_first_rows_of_the_samples() -> None:
    samples = [path.read_text("utf-8") for path in EXAMPLE.glob("*.csv")]
    for block in blocks("csv"):
        assert any(sample.startswith(block) for sample in samples)


@pytest.mark.parametrize(("place", "folder"), [(0, ROOT), (1, EXAMPLE)])
def test_commands_of_the_guide_print_what_it_shows(
    place: int,
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    command, _, expected = (
        blocks("console")[place].replace("\\\n", "").removeprefix("$ tapewarden ").partition("\n")
    )
    *arguments, out = shlex.split(command)
    monkeypatch.chdir(folder)
    with pytest.raises(SystemExit) as stop:
        entry.main([*arguments, str(tmp_path / out)])
    assert stop.value.code == 0
    assert capsys.readouterr().out == expected


def test_guide_lists_every_preset() -> None:
    assert re.findall(r"^\| `([\w-]+)` \|", GUIDE, re.MULTILINE) == list(PRESETS)


def test_reference_names_every_field_and_every_word() -> None:
    words = {word for table in vocabulary.WORDS.values() for word in table} | set(vocabulary.LINKS)
    missing = [word for word in (*vocabulary.FIELDS, *words) if f"`{word}`" not in REFERENCE]
    assert missing == []


def test_samples_are_small_and_carry_their_license() -> None:
    samples = ROOT / "samples"
    assert sum(path.stat().st_size for path in samples.rglob("*") if path.is_file()) < 2_000_000
    assert "MIT License" in (samples / "NOTICE").read_text("utf-8")
