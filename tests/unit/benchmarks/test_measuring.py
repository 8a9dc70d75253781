from operator import eq
from pathlib import Path

import pytest

from benchmarks import page
from benchmarks.copies import twenty
from benchmarks.figures import DisagreementError, Figure, NotMeasuredError, Report, number_text
from benchmarks.rounds import Rounds, Timed, alternate
from tapewarden.domain.errors import ConfigurationError
from tests.samples import pulled_bait


def test_a_figure_below_its_target_says_so() -> None:
    assert Figure(what="rate", measured=1.4, unit="M", least=1.5).verdict == "below"
    assert Figure(what="rate", measured=1.5, unit="M", least=1.5).verdict == "ok"


def test_a_figure_above_its_limit_says_so() -> None:
    assert Figure(what="size", measured=161, unit="bytes", most=160).verdict == "above"
    assert Figure(what="size", measured=160, unit="bytes", most=160).verdict == "ok"


def test_a_figure_without_target_has_no_verdict() -> None:
    figure = Figure(what="size", measured=1, unit="bytes")
    assert (figure.verdict, figure.target) == ("", "")


@pytest.mark.parametrize(("number", "text"), [(1234567.8, "1,234,568"), (40, "40"), (0.1234, "0.123")])
def test_numbers_have_three_digits_that_count(number: float, text: str) -> None:
    assert number_text(number) == text


def test_the_ratio_is_the_median_of_the_rounds() -> None:
    rounds = Rounds({"slow": [10.0, 30.0, 20.0], "quick": [1.0, 1.0, 5.0]})
    assert rounds.ratio("slow", "quick") == 10
    assert rounds.median("slow") == 20


def test_sides_run_in_turn_in_opposite_orders() -> None:
    order: list[str] = []

    def side(name: str) -> Timed:
        order.append(name)
        return Timed("same", 1.0)

    alternate({"one": lambda: side("one"), "two": lambda: side("two")}, 2, eq)
    assert order == ["one", "two", "two", "one"]


def test_sides_that_disagree_are_refused() -> None:
    sides = {"one": lambda: Timed(1, 1.0), "two": lambda: Timed(2, 1.0)}
    with pytest.raises(DisagreementError, match="one and two: expected equal outputs"):
        alternate(sides, 1, eq)


def test_copies_fill_up_to_twenty_with_ids_of_their_own() -> None:
    detectors = twenty([pulled_bait.DETECTOR])
    assert len({detector.id for detector in detectors}) == 20
    assert {detector.step for detector in detectors} == {pulled_bait.step}


def test_there_are_no_more_copies_than_wanted() -> None:
    assert len(twenty([pulled_bait.DETECTOR], 2)) == 3


def test_nothing_can_be_copied_from_nothing() -> None:
    with pytest.raises(NotMeasuredError):
        twenty([])


def test_a_report_becomes_a_section_of_the_page() -> None:
    figure = Figure(what="kernel / dicts", measured=31, unit="x", least=40)
    lines = list(page.section(Report(name="books", method="How.", figures=(figure,), notes=("a note",))))
    assert "| kernel / dicts | 31 x | at least 40 | below |" in lines
    assert lines[-1] == "A note.\n"


def report(name: str, measured: float) -> Report:
    figure = Figure(what="rate", measured=measured, unit="M")
    return Report(name=name, method=f"How {name} are measured.", figures=(figure,), notes=("a note",))


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(page, "PAGE", tmp_path / "performance.md")
    page.write_page([report("books", 1), report("tape", 2)], 5, 50, 5_000)
    return tmp_path / "performance.md"


def test_a_part_of_the_page_is_measured_again_and_the_others_stay(written: Path) -> None:
    for name, measured in (("tape", 4), ("books", 3)):
        page.rewrite_section(report(name, measured))
    again = written.read_text()
    page.write_page([report("books", 3), report("tape", 4)], 5, 50, 5_000)
    assert written.read_text() == again


def test_a_part_measured_on_another_machine_is_refused(written: Path) -> None:
    written.write_text(written.read_text().replace("Measured on: ", "Measured on: another, "))
    with pytest.raises(ConfigurationError, match=r"expected 'Measured on: .*received 'Measured on: another,"):
        page.rewrite_section(report("books", 3))


def test_a_part_that_the_page_has_not_is_refused(written: Path) -> None:
    with pytest.raises(ConfigurationError, match="expected a part 'wire', received none"):
        page.rewrite_section(report("wire", 3))
