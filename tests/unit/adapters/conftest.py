from pathlib import Path

import pytest

from tests.unit.adapters.importing import WriteText


@pytest.fixture
def write(tmp_path: Path) -> WriteText:
    """Write a text to a file of the test's folder."""

    def _write(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text, "utf-8")
        return path

    return _write
