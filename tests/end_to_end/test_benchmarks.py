"""Every benchmark runs, and its two sides agree; how fast they are is not tested."""

import json
from pathlib import Path

import pytest

from benchmarks.catalog import MODULES
from tapewarden.cli import bench
from tapewarden.cli.main import main

NEEDS_PATHWAY = {"pathway"}
MAY_BE_NONE = ("growth", "dropped", "not accounted for", "exit code")


def run_bench(*arguments: str) -> int:
    with pytest.raises(SystemExit) as stop:
        main(["bench", *arguments])
    return int(stop.value.code or 0)


@pytest.mark.parametrize("name", MODULES)
def test_every_benchmark_gives_figures(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_bench(name, "--quick", "--json") == 0
    (report,) = json.loads(capsys.readouterr().out)
    assert report["name"] == name
    if name in NEEDS_PATHWAY and not report["figures"]:
        pytest.skip(report["notes"][0])
    assert report["figures"], report["notes"]
    assert all(figure["measured"] > 0 or figure["what"].endswith(MAY_BE_NONE) for figure in report["figures"])


def test_figures_are_shown_beside_their_targets(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_bench("books", "--quick") == 0
    shown = capsys.readouterr().out
    assert "kernel / dicts" in shown
    assert "at least 40" in shown


def test_an_unknown_benchmark_is_one_clear_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_bench("bokos") == 2
    error = capsys.readouterr().err
    assert error.startswith("tapewarden: no benchmark 'bokos'; there are books, engine")
    assert error.count("\n") == 1


def test_an_installed_package_refuses_to_measure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench, "CLONE", tmp_path)
    assert run_bench("books", "--quick") == 2
    assert "expected a clone of the repository" in capsys.readouterr().err


def test_the_page_is_not_written_from_little_work(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_bench("--quick", "--docs") == 2
    assert "--docs: expected benchmarks in full size, received --quick" in capsys.readouterr().err
