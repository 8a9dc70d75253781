"""The worked example of a package with detectors of its own is installed, found, and held to the contract."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tapewarden.engine.contract import Detector
from tapewarden.engine.registry import find_detectors, select
from tapewarden.runtime.conformance import CHECKS, Check

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs" / "examples" / "third_party_detector"
GUIDE = (ROOT / "docs" / "how-to" / "add-a-detector.md").read_text("utf-8")
IDS = ("ACM-01", "ACM-02")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the package was installed."""
    place = tmp_path_factory.mktemp("third_party")
    shutil.copytree(EXAMPLE, place / "source", ignore=shutil.ignore_patterns("build", "*.egg-info"))
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check"]
    target = ["--target", str(place / "installed"), str(place / "source")]
    subprocess.run([sys.executable, "-m", "pip", "install", *options, *target], check=True)
    return place / "installed"


@pytest.fixture
def detectors(installed: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Detector, ...]:
    monkeypatch.syspath_prepend(installed)
    return select(find_detectors(), IDS)


def test_an_installed_package_is_found_by_the_command(installed: Path) -> None:
    path = os.pathsep.join([str(installed), str(ROOT / "src")])
    command = [sys.executable, "-m", "tapewarden", "detectors", "list"]
    environment = {**os.environ, "PYTHONPATH": path}
    listed = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
    assert all(name in listed for name in IDS)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
@pytest.mark.parametrize("name", IDS)
def test_its_detectors_pass_every_check(detectors: tuple[Detector, ...], name: str, check: Check) -> None:
    (detector,) = select(detectors, [name])
    assert check.failures(detector) == []


def test_one_is_compiled_and_one_is_plain_python(detectors: tuple[Detector, ...]) -> None:
    assert [detector.compiled for detector in detectors] == [True, False]


def test_the_guide_shows_the_rule_as_it_is() -> None:
    source = (EXAMPLE / "src" / "acme_rules" / "flashed.py").read_text("utf-8")
    shown = GUIDE[GUIDE.index("@rule\ndef opens") : GUIDE.index("```\n\n- `opens`")]
    assert shown in source
    assert "\n".join(GUIDE.split("```toml\n")[1].split("```")[0].splitlines()[1:]) in (
        EXAMPLE / "pyproject.toml"
    ).read_text("utf-8")
