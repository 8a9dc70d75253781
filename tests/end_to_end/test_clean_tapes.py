"""The clean-tape gate: recorded markets, the detectors as they ship, and their budgets."""

from pathlib import Path

import pytest

from tapewarden.engine.registry import built_in_detectors
from tapewarden.evaluation.clean import CleanTape, rates, read_budgets
from tapewarden.evaluation.page import rate_table, tape_table
from tools.evaluate import BEGIN, END, PAGE, RECORDINGS, evaluate, main, rewritten


@pytest.fixture(scope="module")
def tapes(shared_data: Path) -> list[CleanTape]:
    return list(evaluate(shared_data, built_in_detectors()))


def test_no_detector_exceeds_its_budget(tapes: list[CleanTape]) -> None:
    exceeded = [rate for rate in rates(tapes, built_in_detectors(), read_budgets()) if rate.exceeded]
    assert exceeded == []


def test_every_detector_could_see_somewhere(tapes: list[CleanTape]) -> None:
    blind = [rate.detector for rate in rates(tapes, built_in_detectors(), {}) if not rate.events]
    assert blind == []


def test_the_page_shows_what_was_measured(tapes: list[CleanTape]) -> None:
    found = rates(tapes, built_in_detectors(), read_budgets())
    page = PAGE.read_text("utf-8")
    assert page == rewritten(page, [*tape_table(tapes), "", *rate_table(found)])


def test_only_what_is_between_the_markers_is_rewritten() -> None:
    assert rewritten(f"a\n{BEGIN}\nold\n{END}\nb\n", ["new"]) == f"a\n{BEGIN}\n\nnew\n\n{END}\nb\n"


def test_recordings_that_are_not_there_are_counted_and_the_page_stays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = PAGE.read_bytes()
    assert main(tmp_path) == 0
    said = capsys.readouterr().err
    assert said.count("\nleft out: ") + 1 == len(RECORDINGS)
    assert "13 tapes left out: evaluation.md stays as it is" in said
    assert PAGE.read_bytes() == before
