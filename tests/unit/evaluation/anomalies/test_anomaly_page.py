from pathlib import Path

import pytest

from tools import evaluate_anomaly


def test_without_the_sets_the_page_stays_and_each_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "anomaly.md"
    page.write_text("as it was", "utf-8")
    monkeypatch.setattr(evaluate_anomaly, "PAGE", page)
    assert evaluate_anomaly.main(tmp_path) == 0
    error = capsys.readouterr().err.splitlines()
    assert [line.partition(";")[0] for line in error] == [
        f"left out: outliers: no anomaly_pyod17 in {tmp_path.name}",
        f"left out: streams: no anomaly_nab in {tmp_path.name}",
    ]
    assert page.read_text("utf-8") == "as it was"


def test_published_rows_are_taken_as_they_stand(shared_data: Path) -> None:
    rows = evaluate_anomaly.scoreboard(shared_data / "anomaly_nab" / "scoreboard.md")
    assert len(rows) == len(evaluate_anomaly.PUBLISHED)
    assert "| published, all 58 series: Windowed Gaussian | 39.6 | 20.9 | 47.4 |" in rows
    assert all(row.count("|") == 5 for row in rows)


def test_the_archive_holds_labelled_series(shared_data: Path) -> None:
    series = evaluate_anomaly.read_archive(shared_data / "anomaly_nab" / "nab_dev.tar.xz")
    assert len(series) == 35
    assert sum(len(one.windows) for one in series) == 50
    assert all(0 <= first < last < len(one.values) for one in series for first, last in one.windows)
