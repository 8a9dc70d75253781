"""PND-02 and PRC-01 on recorded markets: the figures of `docs/explanation/pumps.md`, and quiet markets."""

import gzip
import json
from pathlib import Path

import pytest

from benchmarks.pumps import page_tables, published_feature, recordings
from benchmarks.recorded import read_files
from tapewarden.detectors import price_move, pump, same_owner, self_match
from tapewarden.domain.kinds import MINUTE
from tapewarden.domain.signal import Signal
from tapewarden.engine.contract import Detector
from tapewarden.runtime.running import Tape, run_tape

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "pumps.md"


def imported(preset: str, path: Path) -> Tape:
    directory, batch = read_files(preset, path)
    return Tape(batch, directory)


def signals_of(detectors: list[Detector], tape: Tape) -> list[Signal]:
    return run_tape(detectors, tape, batches=tape.batch.split(1000))


def test_four_announced_pumps_are_found_within_a_minute_with_one_false_alarm(shared_data: Path) -> None:
    for recording in recordings(shared_data):
        signals = signals_of([pump.DETECTOR], Tape(recording.batch, recording.directory))
        delays = [signal.end_ns - recording.announced for signal in signals]
        found = [delay for delay in delays if 0 <= delay <= MINUTE]
        assert len(found) == 1
        assert len(delays) - len(found) == (recording.symbol == "DLT")


def test_a_pump_is_a_sudden_move_of_the_market_too(shared_data: Path) -> None:
    for recording in recordings(shared_data):
        signals = signals_of([price_move.DETECTOR], Tape(recording.batch, recording.directory))
        assert any(0 <= signal.end_ns - recording.announced <= MINUTE for signal in signals)
        assert len(signals) <= 2 * recording.days
        assert not any(signal.actor or signal.parties for signal in signals)


@pytest.mark.parametrize(("symbol", "label"), [("AST", 0.549), ("STORJ", 0.652)])
def test_counting_chunks_with_a_buy_gives_the_published_feature(
    shared_data: Path, symbol: str, label: float
) -> None:
    (recording,) = (one for one in recordings(shared_data) if one.symbol == symbol)
    assert published_feature(recording) == pytest.approx(label, abs=0.0005)


def test_the_page_has_the_figures_of_a_fresh_run(shared_data: Path) -> None:
    page = PAGE.read_text(encoding="utf-8")
    for table in page_tables(shared_data).split("\n\n"):
        assert table in page


def test_a_quiet_altcoin_market_stays_quiet(shared_data: Path, tmp_path: Path) -> None:
    archive = gzip.decompress((shared_data / "cex_trades_misc" / "XRP_ETH-trades.json.gz").read_bytes())
    lines = ["symbol,timestamp,side,price,amount"]
    for ts, _, _, side, price, amount, _ in json.loads(archive, parse_float=str):
        lines.append(f"XRP/ETH,{ts},{side},{price},{amount}")
    path = tmp_path / "XRP_ETH.csv"
    path.write_text("\n".join(lines))
    assert signals_of([pump.DETECTOR], imported("binance-trades", path)) == []


@pytest.mark.parametrize(
    ("preset", "name"),
    [
        ("binance-raw", "cm_btcusd_perp_20240808.gz"),
        ("binance-raw", "spot_btcusdt_20240808.gz"),
        ("binance-raw", "spot_ethusdt_20240808.gz"),
        ("binance-raw", "usdm_btcusdt_20240808.gz"),
    ],
)
def test_minutes_of_liquid_markets_stay_quiet(shared_data: Path, preset: str, name: str) -> None:
    detectors = [pump.DETECTOR, price_move.DETECTOR, self_match.DETECTOR, same_owner.DETECTOR]
    assert signals_of(detectors, imported(preset, shared_data / "binance_raw_feeds" / name)) == []
