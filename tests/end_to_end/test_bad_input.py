"""Bad input on the command line: one clear line and nothing left behind, or bad rows counted, the rest kept.

The importers, tapes and configuration files have tests of their own for what is said of which mistake; these
hold every command to the same manners.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from tapewarden.adapters.files import PRESETS
from tapewarden.cli.main import main
from tests.unit.tape.samples import events, write
from tests.unit.tape.spoiled import UNUSABLE

BINARY = bytes(range(256)) * 16

MAPPING = """
[[instrument]]
symbol = "BTC-EUR"
venue = "TEST"

[[input]]
files = "*.csv"

[input.fields]
time = { column = "time", unit = "ms" }
kind = { column = "kind", values = { new = "place", del = "cancel" } }
order = "id"
account = "account"
side = "side"
price = "price"
size = "size"
"""
HEADER = "time,kind,id,account,side,price,size"
GOOD = ("1700000000000,new,1,ann,buy,100.50,2", "1700000000010,new,2,bob,sell,101.25,3")


class Outcome(NamedTuple):
    """How a command ended, and the files it left behind."""

    code: int
    out: str
    err: str
    left: list[str]


class Place:
    """A folder to read from and one to write to."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.written = folder / "written"
        self.written.mkdir()
        self._capsys = capsys

    def run(self, *arguments: object) -> Outcome:
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as stop:
            main([str(argument) for argument in arguments])
        assert isinstance(stop.value.code, int)
        out, err = self._capsys.readouterr()
        return Outcome(stop.value.code, out, err, sorted(path.name for path in self.written.iterdir()))

    def refuses(self, *arguments: object) -> str:
        """Run a command that must refuse its input; give the line it says."""
        code, out, err, left = self.run(*arguments)
        assert (code, out, left) == (2, "", [])
        assert err.startswith("tapewarden: ")
        assert err.count("\n") == 1
        assert "Traceback" not in err
        return err

    def file(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def orders(self, *rows: str) -> tuple[object, ...]:
        """The words of a command that imports these rows."""
        source = self.file("orders.csv", "\n".join([HEADER, *rows, ""]))
        mapping = self.file("map.toml", MAPPING)
        target = ("--out", self.written / "tape.parquet", "--rejects", self.written / "rejects.jsonl")
        return "import", source, "--mapping", mapping, *target

    @property
    def tape(self) -> Path:
        return write(self.folder / "tape.parquet", events())


@pytest.fixture
def place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Place:
    return Place(tmp_path, capsys)


# --- what cannot be read at all --------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["replay", "convert", "lives"])
@pytest.mark.parametrize("case", UNUSABLE)
def test_an_unusable_tape_is_refused_by_every_command(place: Place, case: str, command: str) -> None:
    spoil, message = UNUSABLE[case]
    path = spoil(place.tape)
    written = place.written
    words: dict[str, tuple[object, ...]] = {
        "replay": ("replay", path, "--signals", written / "signals.jsonl"),
        "convert": ("tape", "convert", path, written / "other.jsonl"),
        "lives": ("tape", "lives", path, "--out", written / "lives.jsonl"),
    }
    assert message in place.refuses(*words[command])


@pytest.mark.parametrize("case", UNUSABLE)
def test_a_check_refuses_an_unusable_tape_or_finds_what_is_wrong(place: Place, case: str) -> None:
    path = UNUSABLE[case][0](place.tape)
    code, out, err, _ = place.run("tape", "check", path)
    # Rows that can be read are for the check to judge: their faults are findings.
    assert (code, bool(out), err.count("\n")) in {(2, False, 1), (1, True, 0)}


SPOILED_FILES: dict[str, Callable[[Path], object]] = {
    "missing": lambda path: None,
    "a directory": Path.mkdir,
    "empty": lambda path: path.write_bytes(b""),
    "binary": lambda path: path.write_bytes(BINARY),
    "zeros": lambda path: path.write_bytes(bytes(4096)),
    "half a gzip file": lambda path: path.write_bytes(b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03K"),
    "half a zstd file": lambda path: path.write_bytes(b"\x28\xb5\x2f\xfd\x24\x05"),
    "a line without end": lambda path: path.write_bytes(b"1," * 10_000_000),
}


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("case", SPOILED_FILES)
def test_an_unusable_file_is_refused_by_every_preset(place: Place, preset: str, case: str) -> None:
    path = place.folder / "AMZN_2012-06-21_34200000_57600000_message_1.csv"
    SPOILED_FILES[case](path)
    out = ("--out", place.written / "tape.parquet", "--rejects", place.written / "rejects.jsonl")
    assert str(path) in place.refuses("import", path, "--format", preset, *out)


@pytest.mark.parametrize("case", SPOILED_FILES)
def test_an_unusable_file_is_refused_by_a_mapping(place: Place, case: str) -> None:
    words = place.orders()
    source = Path(str(words[1]))
    source.unlink()
    SPOILED_FILES[case](source)
    assert str(source) in place.refuses(*words)


def test_a_missing_column_is_refused(place: Place) -> None:
    words = place.orders()
    place.file("orders.csv", "time,kind,id,account,side,prise,size\n")
    assert "prise" in place.refuses(*words)


MAPPINGS: dict[str, str | bytes] = {
    "an unknown key": MAPPING.replace("account =", "acount ="),
    "no TOML": MAPPING.replace("[input.fields]", "[input.fields"),
    "binary": BINARY,
    "empty": "",
}


@pytest.mark.parametrize("case", MAPPINGS)
def test_an_unusable_mapping_is_refused(place: Place, case: str) -> None:
    words = place.orders(*GOOD)
    path = place.file("map.toml", MAPPINGS[case])
    assert "map.toml" in place.refuses(*words)
    path.unlink()
    path.mkdir()
    assert "map.toml" in place.refuses(*words)


CONFIGURATIONS: dict[str, tuple[str | bytes, str]] = {
    "an unknown section": ("[detector.SPF-01]\n", "detectors"),
    "an unknown detector": ("[detectors.SPF-99]\nenabled = true\n", "did you mean"),
    "an unknown parameter": ("[detectors.SPF-01]\nratioo = 4.0\n", "ratioo"),
    "a parameter of another type": ('[detectors.SPF-01]\nenabled = "perhaps"\n', "perhaps"),
    "not a number": ("[detectors.PMP-01]\nquiet_z = nan\n", "PMP-01"),
    "no TOML": ("[detectors\n", "config.toml"),
    "binary": (BINARY, "config.toml"),
}


@pytest.mark.parametrize("case", CONFIGURATIONS)
def test_a_wrong_configuration_is_refused(place: Place, case: str) -> None:
    content, part = CONFIGURATIONS[case]
    config = place.file("config.toml", content)
    words = ("replay", place.tape, "--config", config, "--signals", place.written / "signals.jsonl")
    assert part in place.refuses(*words)


@pytest.mark.parametrize("words", [("show",), ("test",), ("play", "--out", "tape.parquet")])
def test_a_wrong_detector_is_refused_with_the_nearest_one(place: Place, words: tuple[str, ...]) -> None:
    name, *options = words
    assert "did you mean" in place.refuses("detectors", name, "SPF-1", *options)


def test_a_wrong_detector_of_a_replay_is_refused_with_the_nearest_one(place: Place) -> None:
    signals = ("--signals", place.written / "signals.jsonl")
    assert "did you mean" in place.refuses("replay", place.tape, "--detectors", "SPF-1", *signals)


def test_a_wrong_scenario_is_refused(place: Place) -> None:
    out = ("--out", place.written / "tape.parquet")
    assert "no such thing" in place.refuses(
        "detectors", "play", "SPF-01", "--scenario", "no such thing", *out
    )


@pytest.mark.parametrize("target", ["no/such/folder/out.jsonl", "folder.jsonl"])
@pytest.mark.parametrize("command", ["import", "replay", "convert", "play", "lives"])
def test_a_place_where_nothing_can_be_written_is_refused(place: Place, command: str, target: str) -> None:
    (place.folder / "folder.jsonl").mkdir()
    path, tape = place.folder / target, place.tape
    words: dict[str, tuple[object, ...]] = {
        "import": (*place.orders(*GOOD), "--out", path),
        "replay": ("replay", tape, "--signals", path),
        "convert": ("tape", "convert", tape, path),
        "play": ("detectors", "play", "SPF-01", "--out", path),
        "lives": ("tape", "lives", tape, "--out", path),
    }
    place.refuses(*words[command])


# --- bad rows among good ones ----------------------------------------------------------------------------

BAD_ROWS = {
    "price not a number": ("1700000000020,new,3,ann,buy,NaN,2", "price"),
    "price infinite": ("1700000000020,new,3,ann,buy,inf,2", "price"),
    "price negative": ("1700000000020,new,3,ann,buy,-100.50,2", "price"),
    "price zero": ("1700000000020,new,3,ann,buy,0,2", "price"),
    "price of 31 digits": ("1700000000020,new,3,ann,buy,1" + "0" * 30 + ",2", "price"),
    "price of 10^30": ("1700000000020,new,3,ann,buy,1e30,2", "price"),
    "price with an endless exponent": ("1700000000020,new,3,ann,buy,1e999999999,2", "price"),
    "price of 10^-30": ("1700000000020,new,3,ann,buy,1e-30,2", "price"),
    "size not a number": ("1700000000020,new,3,ann,buy,100.50,nan", "size"),
    "size negative": ("1700000000020,new,3,ann,buy,100.50,-2", "size"),
    "size of 10^30": ("1700000000020,new,3,ann,buy,100.50,1e30", "size"),
    "no size": ("1700000000020,new,3,ann,buy,100.50,", "size"),
    "no order": ("1700000000020,new,,ann,buy,100.50,2", "order"),
    "no side": ("1700000000020,new,3,ann,,100.50,2", "side"),
    "unknown kind": ("1700000000020,what,3,ann,buy,100.50,2", "kind"),
    "time of another age": ("99999999999999999999,new,3,ann,buy,100.50,2", "time"),
    "time negative": ("-1,new,3,ann,buy,100.50,2", "time"),
    "too few fields": ("1700000000020,new,3", "row"),
    "too many fields": ("1700000000020,new,3,ann,buy,100.50,2,x", "row"),
    "half a quote": ('1700000000020,new,"3,ann,buy,100.50,2', "row"),
}


@pytest.mark.parametrize("case", BAD_ROWS)
def test_a_bad_row_is_counted_and_costs_no_other(place: Place, case: str) -> None:
    row, field = BAD_ROWS[case]
    words = place.orders(GOOD[0], row, GOOD[1])
    code, out, err, left = place.run(*words, "--json")
    assert (code, err, left) == (0, "", ["rejects.jsonl", "tape.parquet"])
    summary = json.loads(out)
    assert (summary["events"], summary["rejects_by_field"]) == (2, {field: 1})
    (reject,) = map(json.loads, (place.written / "rejects.jsonl").read_text("utf-8").splitlines())
    assert (reject["row"], reject["field"]) == (3, field)


@pytest.mark.parametrize("case", BAD_ROWS)
def test_a_strict_import_stops_at_a_bad_row(place: Place, case: str) -> None:
    row, field = BAD_ROWS[case]
    words = place.orders(GOOD[0], row, GOOD[1])
    assert f"row 3, field '{field}'" in place.refuses(*words, "--strict")


ODD_ROWS: dict[str, tuple[str, dict[str, int]]] = {
    "an id twice": ("1700000000020,new,1,ann,buy,100.50,2", {"duplicate": 1}),
    "time running backwards": ("1600000000000,new,3,ann,buy,100.50,2", {"late": 1}),
    "an unknown account": ("1700000000020,new,3,,buy,100.50,2", {}),
    "an unknown order": ("1700000000020,del,9,ann,buy,100.50,2", {"unknown_order": 1}),
    "more canceled than remained": ("1700000000020,del,2,bob,sell,101.25,9", {"overfill": 1}),
}
"""Rows that can be taken, and that the engine finds odd: the quality facts they give."""


@pytest.mark.parametrize("case", ODD_ROWS)
def test_an_odd_row_is_kept_and_becomes_a_fact_about_the_data(place: Place, case: str) -> None:
    row, facts = ODD_ROWS[case]
    assert place.run(*place.orders(*GOOD, row), "--strict").code == 0
    code, out, err, _ = place.run("replay", place.written / "tape.parquet", "--json")
    assert (code, err) == (0, "")
    summary = json.loads(out)
    assert summary["events"] == 3
    assert [one["quality"] for one in summary["instruments"]] == [facts]
