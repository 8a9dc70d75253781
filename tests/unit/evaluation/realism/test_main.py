import subprocess
import sys
from pathlib import Path

import pytest

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.kinds import SECOND, EventKind, Side, Tier
from tapewarden.evaluation.realism.__main__ import main
from tapewarden.evaluation.realism.measuring import FACTS, measure
from tapewarden.evaluation.realism.page import definition_table
from tapewarden.evaluation.realism.pictures import pictures
from tapewarden.tape import write_tape
from tests.strategies import small_directory
from tests.unit.evaluation.realism.making import START, chance, record, trades


@pytest.fixture
def tape(tmp_path: Path) -> Path:
    rng = chance()
    count = 1_500
    batch = EventBatch.of(
        count,
        kind=EventKind.TRADE,
        instrument=0,
        side=rng.choice([Side.BUY, Side.SELL], count),
        price=1_000,
        size=rng.integers(1, 10**6, count),
        ts_event=START + (SECOND * rng.exponential(1, count)).cumsum().astype("int64"),
    )
    path = tmp_path / "made.parquet"
    with write_tape(path, small_directory(), tier=Tier.T0) as writer:
        writer.write(batch)
    return path


def test_the_command_prints_a_row_for_every_fact(tape: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tape), str(tape)]) == 0
    out = capsys.readouterr().out
    for facts in FACTS.values():
        for fact in facts:
            assert f"| {fact.name} | {fact.band} |" in out
    assert "| order-flow persistence | 0.3 to 0.8 | **missed** ∞ (1,500) |" in out
    assert "needs a book (T1)" in out


def test_the_command_draws_what_the_tapes_allow(tape: Path, tmp_path: Path) -> None:
    assert main([str(tape), "--pictures", str(tmp_path / "out")]) == 0
    drawn = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert drawn == ["realism-flow.svg", "realism-orders.svg"]
    again = tmp_path / "again"
    assert main([str(tape), "--pictures", str(again)]) == 0
    assert [(again / name).read_bytes() for name in drawn] == [
        (tmp_path / "out" / name).read_bytes() for name in drawn
    ]


def test_the_command_refuses_what_is_no_tape(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "missing.parquet")]) == 2
    assert "no such file" in capsys.readouterr().err


@pytest.mark.parametrize("missing", ["scipy", "matplotlib"])
def test_the_command_says_what_to_install(missing: str) -> None:
    code = (
        f"import sys; sys.modules[{missing!r}] = None\n"
        "from tapewarden.evaluation.realism.__main__ import main\n"
        "sys.exit(main(['any.parquet']))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert done.returncode == 2
    assert "tapewarden[evaluation]" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_tape_that_is_too_short_gives_no_picture_and_says_why_everywhere() -> None:
    short = record(trades(count=10))
    assert pictures([short]) == {}
    assert all(result.why for result in measure([short])[0])


def test_every_fact_names_the_source_of_its_formula() -> None:
    assert all(fact.source and fact.statistic for facts in FACTS.values() for fact in facts)
    assert len(list(definition_table())) == 2 + sum(map(len, FACTS.values()))
