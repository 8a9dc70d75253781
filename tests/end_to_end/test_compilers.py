"""The engine gives the same with every index checked, and compiled for any processor of its kind."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.samples.running import digests

ROOT = Path(__file__).parents[2]

SETTINGS = {
    "every index checked": {"NUMBA_BOUNDSCHECK": "1"},
    "any processor": {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": ""},
}


@pytest.fixture(scope="module")
def expected() -> list[str]:
    return digests()


@pytest.mark.parametrize("case", SETTINGS)
def test_compiled_otherwise_the_engine_says_the_same(tmp_path: Path, expected: list[str], case: str) -> None:
    places = os.pathsep.join(map(str, (ROOT / "src", ROOT)))
    # A cache of its own: the usual one does not tell these settings apart.
    surroundings = os.environ | SETTINGS[case] | {"NUMBA_CACHE_DIR": str(tmp_path), "PYTHONPATH": places}
    done = subprocess.run(
        [sys.executable, "-m", "tests.samples.running"],
        env=surroundings,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.split() == expected
