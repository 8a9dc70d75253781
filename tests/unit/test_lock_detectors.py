from pathlib import Path

import pytest

from tapewarden.runtime.locking import Lock, read_lock, write_lock
from tests.unit.engine.test_contract import DETECTOR
from tools import lock_detectors


@pytest.fixture
def lock_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A lock file for one detector, whose version is 1."""
    monkeypatch.setattr(lock_detectors, "built_in_detectors", lambda: (DETECTOR,))
    return tmp_path / "detectors.lock"


def test_new_detectors_are_locked(lock_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert lock_detectors.main(path=lock_file) == 0
    assert read_lock(lock_file)["TST-01"].version == 1
    assert "TST-01: expected version 1" in capsys.readouterr().out


def test_changed_logic_under_an_old_version_is_refused(lock_file: Path) -> None:
    write_lock({"TST-01": Lock(1, "0000")}, lock_file)
    assert lock_detectors.main(path=lock_file) == 1
    assert read_lock(lock_file)["TST-01"].logic == "0000"


def test_a_raised_version_is_locked(lock_file: Path) -> None:
    write_lock({"TST-01": Lock(0, "0000")}, lock_file)
    assert lock_detectors.main(path=lock_file) == 0
    assert read_lock(lock_file)["TST-01"].version == 1


def test_an_unreleased_version_may_be_locked_anew(lock_file: Path) -> None:
    write_lock({"TST-01": Lock(1, "0000")}, lock_file)
    assert lock_detectors.main(["TST-01"], lock_file) == 0
    assert read_lock(lock_file)["TST-01"].logic != "0000"
