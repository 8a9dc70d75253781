"""Simulation, lessons and health on a real screen, against a real market."""

from tests.desktop.driving import Driver


def test_a_scheme_is_let_loose_by_a_key_and_appears_in_the_log_as_simulated(driver: Driver) -> None:
    driver.press("alt+5")
    driver.until(lambda: driver.snapshot["scenarios"])
    before = len(driver.snapshot["log"])
    driver.press("F7")
    driver.until(lambda: len(driver.snapshot["log"]) > before)
    assert "same-owner was let loose" in driver.snapshot["notice"]
    assert driver.snapshot["log"][0][1:3] == ["SIM", "same-owner"]


def test_the_scenario_under_the_cursor_is_let_loose(driver: Driver) -> None:
    driver.press("alt+5")
    driver.until(lambda: driver.snapshot["scenarios"])
    driver.press("l", "Down", "F8")
    driver.until(lambda: "two-executions was let loose" in driver.snapshot["notice"])


def test_a_reset_asks_first_and_escape_keeps_everything(driver: Driver) -> None:
    driver.press("alt+5", "F9")
    driver.until(lambda: driver.snapshot["question"] is not None)
    assert any("run 1" in one for one in driver.snapshot["question"].cleared)
    driver.press("Escape")
    assert (driver.snapshot["view"], driver.snapshot["question"]) == ("Simulation", None)


def test_a_second_market_is_refused_in_the_status_line(driver: Driver) -> None:
    driver.press("alt+5")
    driver.until(lambda: driver.snapshot["scenarios"])
    driver.press("F5")
    assert "A market is running: F9" in driver.snapshot["notice"]


def test_the_lesson_stays_in_sight_wherever_it_leads(driver: Driver) -> None:
    driver.press("F2", "F2")
    driver.until(lambda: driver.snapshot["lesson"].note == "A market runs.")
    driver.press("F2", "F3")
    assert driver.snapshot["view"] == "Trade Stream"
    driver.press("F2")
    assert driver.snapshot["lesson"].choices
    driver.press("1")
    assert driver.snapshot["lesson"].note.startswith("No, not 1.")
    driver.press("2")
    assert driver.snapshot["lesson"].note.startswith("Right:")
    driver.press("alt+6")
    driver.until(lambda: driver.snapshot["figures"])
    assert driver.snapshot["lesson"].title.startswith("Lesson 1")
    driver.press("shift+F2")
    assert driver.snapshot["lesson"] is None


def test_health_tells_what_can_be_seen_and_at_length_what_is_chosen(driver: Driver) -> None:
    driver.press("alt+6")
    driver.until(lambda: driver.snapshot["figures"])
    assert driver.snapshot["figures"][0][0] == "Coverage"
    detectors, markets, sources, _ = driver.snapshot["tables"]
    assert detectors[0][0] == "WSH-01"
    assert markets[0][0].endswith("@SIM")
    assert sources[0][0] == "simulator"
    driver.press("n", "n")
    driver.until(lambda: driver.snapshot["detail"].startswith("simulator: number"))
