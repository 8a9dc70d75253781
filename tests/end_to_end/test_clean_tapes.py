"""The clean-tape gate: recorded markets, the detectors as they ship, and their budgets."""

from pathlib import Path

import pytest

from tapewarden.engine.registry import built_in_detectors
from tapewarden.evaluation.clean import CleanTape, rates, read_budgets
from tapewarden.evaluation.page import rate_table, tape_table
from tools.build_docs import between_markers
from tools.evaluate import PAGE, RECORDINGS, evaluate, main


@pytest.fixture(scope="module")
def tapes(shared_data: Path) -> list[CleanTape]:
    return list(evaluate(shared_data, built_in_detectors()))


def test_no_detector_exceeds_its_budget(tapes: list[CleanTape]) -> None:
    exceeded = [rate for rate in rates(tapes, built_in_detectors(), read_budgets()) if rate.exceeded]
    assert exceeded == []


UNRECORDED = {
    "FRT-01": "orders of clients",
    "MTC-01": "reference windows",
    "RMP-01": "two hours of steady trading by known accounts",
}
"""Detectors that need what no recorded market tells, and what that is."""


def test_every_detector_could_see_somewhere_unless_nobody_records_what_it_needs(
    tapes: list[CleanTape],
) -> None:
    blind = [rate.detector for rate in rates(tapes, built_in_detectors(), {}) if not rate.events]
    assert blind == list(UNRECORDED)


def test_the_page_shows_what_was_measured(tapes: list[CleanTape]) -> None:
    found = rates(tapes, built_in_detectors(), read_budgets())
    page = PAGE.read_text("utf-8")
    assert page == between_markers(page, "measured", [*tape_table(tapes), "", *rate_table(found)])


def test_recordings_that_are_not_there_are_counted_and_the_page_stays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = PAGE.read_bytes()
    assert main(tmp_path) == 0
    said = capsys.readouterr().err
    assert said.count("\nleft out: ") + 1 == len(RECORDINGS)
    assert "13 tapes left out: evaluation.md stays as it is" in said
    assert PAGE.read_bytes() == before
