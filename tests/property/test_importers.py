"""Whatever garbage stands between valid rows, importers keep the valid ones and name the rest."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tapewarden.adapters.files import load_mapping
from tapewarden.adapters.files.cells import Table
from tapewarden.adapters.files.decimals import are_plain, plain_shapes, plain_units
from tapewarden.adapters.files.delimited import _read_carefully, _read_quickly
from tapewarden.adapters.files.rejects import RowError
from tapewarden.adapters.files.rows import units
from tapewarden.adapters.files.survey import DecimalSurvey
from tapewarden.domain.errors import InputError
from tapewarden.domain.numbers import MAX_UNITS, exponent_of, from_units, to_units
from tests.unit.adapters.importing import Imported, by_mapping, by_preset

MAPPING = """
[[instrument]]
symbol = "A"
venue = "X"
[[input]]
[input.fields]
time = { column = 1, unit = "ms" }
kind = 2
side = 3
price = 4
size = 5
order = 6
"""


def bitstamp(number: int) -> bytes:
    data = {"price": "236.47", "amount": "1.5", "datetime": "0", "id": number, "order_type": 0}
    return f"{1_430_438_404_000 + number} order_created {json.dumps(data)}".encode()


def binance(number: int) -> bytes:
    data = {
        "s": "BTCUSDT",
        "t": number,
        "p": "100.5",
        "q": "0.25",
        "T": 1_723_161_254_300,
        "m": True,
        "M": True,
    }
    message = json.dumps({"stream": "btcusdt@trade", "data": data})
    return f"{1_723_161_253_000_000_000 + number} {message}".encode()


def dump(number: int) -> bytes:
    return f"{number},236.47,1.5,354,1672531200001,True,True".encode()


def lobster(number: int) -> bytes:
    return f"34200.5,1,{number},21,2238100,1".encode()


def mapped(number: int) -> bytes:
    return f"1000,place,buy,236.47,1.5,{number}".encode()


def mapped_json(number: int) -> bytes:
    return json.dumps([1000, "place", "buy", 236.47, "1.5", number]).encode()


FORMATS: dict[str, tuple[str, str, Callable[[int], bytes]]] = {
    "bitstamp-l3": ("day.log", "order", bitstamp),
    "binance-raw": ("feed", "trade", binance),
    "binance-trades": ("BTCUSDT-trades-1.csv", "trade", dump),
    "lobster": ("A_2012-06-21_1_2_message_1.csv", "order", lobster),
    "csv": ("rows.csv", "order", mapped),
    "jsonl": ("rows.jsonl", "order", mapped_json),
}

VALID = {name: valid(5) for name, (_, _, valid) in FORMATS.items()}


def imported(name: str, lines: list[bytes]) -> Imported:
    with TemporaryDirectory() as folder:
        path = Path(folder) / FORMATS[name][0]
        path.write_bytes(b"\n".join(lines))
        if name not in ("csv", "jsonl"):
            return by_preset(name, path)
        mapping = Path(folder) / "map.toml"
        header = "files = '*'\nheader = false\n" if name == "csv" else "files = '*'\n"
        mapping.write_text(MAPPING.replace("[[input]]\n", "[[input]]\n" + header))
        return by_mapping(mapping, path)


@st.composite
def garbled(draw: st.DrawFn, name: str) -> bytes:
    """Random bytes, or a valid row with a piece cut out, doubled or replaced."""
    if draw(st.booleans()):
        return draw(st.binary(max_size=60))
    row = VALID[name]
    start = draw(st.integers(0, len(row)))
    end = draw(st.integers(start, len(row)))
    middle = draw(st.one_of(st.binary(max_size=8), st.just(row[start:end] * 2), st.just(b"1" + b"0" * 30)))
    return row[:start] + middle + row[end:]


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_garbage_never_costs_a_valid_row(name: str, data: st.DataObject) -> None:
    _, column, valid = FORMATS[name]
    garbage = data.draw(st.lists(garbled(name), min_size=1, max_size=6))
    lines = [valid(10_000)]
    for number, piece in enumerate(garbage, 10_001):
        # Zero bytes make a file binary, and line ends would make several rows of one.
        lines += [piece.translate(None, b"\0\r\n\x0b\x0c\x1c\x1d\x1e\x85"), valid(number)]
    result = imported(name, lines)
    wanted = range(10_000, 10_001 + len(garbage))
    assert [number for number in result.column(column) if number in wanted] == list(wanted)
    assert all(reject["field"] and reject["expected"] for reject in result.rejects)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.binary(max_size=30), max_size=5))
def test_garbage_in_a_json_array_never_crashes(pieces: list[bytes]) -> None:
    row = mapped_json(7)
    elements = b",".join([row, *(piece.replace(b"\0", b"") for piece in pieces), row])
    with TemporaryDirectory() as folder:
        path, mapping = Path(folder) / "rows.json", Path(folder) / "map.toml"
        path.write_bytes(b"[" + elements + b"]")
        mapping.write_text(MAPPING)
        try:
            result = by_mapping(mapping, path)
        except InputError:
            return
        assert result.column("order")[0] == 7


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_any_file_is_read_or_refused(content: bytes) -> None:
    refused: list[str] = []
    with TemporaryDirectory() as folder:
        for name, (file, _, _) in FORMATS.items():
            path = Path(folder) / file
            path.write_bytes(content)
            try:
                if name in ("csv", "jsonl"):
                    mapping = Path(folder) / "map.toml"
                    mapping.write_text(MAPPING)
                    load_mapping(mapping)
                    by_mapping(mapping, path)
                else:
                    by_preset(name, path)
            except InputError as refusal:
                refused.append(str(refusal))
    assert not any("\n" in line for line in refused)


def texts(table: Table) -> dict[str, list[str | None]]:
    return {name: column.to_pylist() for name, column in table.columns.items()}


FIELD = st.text(st.characters(exclude_characters='\n\r,"', exclude_categories=["Cs"]), max_size=5)


@settings(max_examples=200, deadline=None)
@given(
    rows=st.lists(st.lists(FIELD, min_size=2, max_size=2), min_size=1, max_size=8), width=st.integers(2, 3)
)
@example(rows=[["", ""]], width=2)
@example(rows=[[" ", ""], ["1", "2"]], width=2)
def test_quick_and_careful_reading_of_csv_give_the_same(rows: list[list[str]], width: int) -> None:
    block = "".join(",".join(row) + "\n" for row in rows).encode()
    names = ["a", "b", "c"][:width]
    rejected: list[int] = []

    def reject(row: int, error: RowError, line: bytes) -> None:
        rejected.append(row)

    quick = _read_quickly(block, 5, names, ",")
    careful = _read_carefully(block, 5, names, ",", reject)
    if quick is not None:
        assert not rejected
        assert texts(quick) == texts(careful)
        assert quick.numbers.tolist() == careful.numbers.tolist()
    elif width == 3:
        assert len(careful) == 0


@given(st.lists(st.tuples(st.integers(1, MAX_UNITS), st.integers(-12, 0)), min_size=1, max_size=20))
def test_surveyed_exponent_is_exact_and_the_coarsest_wherever_all_fit(values: list[tuple[int, int]]) -> None:
    decimals = [from_units(value, exponent) for value, exponent in values]
    survey = DecimalSurvey()
    survey.see_all(decimals)
    exponent = survey.exponent()

    def lost(at: int) -> int:
        count = 0
        for text in set(decimals):
            try:
                units(text, at, "price")
            except RowError:
                count += 1
        return count

    if any(lost(at) == 0 for at in range(-12, 1)) and all(value < 10**3 for value, _ in values):
        assert lost(exponent) == 0
        assert exponent == 0 or lost(exponent + 1) > 0


ODD_DECIMALS = st.text("0123456789.-e", max_size=6)
DECIMALS = st.from_regex(r"\A[0-9]{1,16}(\.[0-9]{1,16})?\Z")


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(DECIMALS, st.none(), ODD_DECIMALS), max_size=6), st.integers(-18, 1))
@example(["1", None], 0)
@example(["9007199254740991", "9007199254740992"], 0)
def test_columns_of_plain_decimals_convert_like_single_ones(texts: list[str | None], exponent: int) -> None:
    quick = plain_units(pa.array(texts, pa.string()), exponent)
    if quick is not None:
        expected = [-1 if text is None else to_units(text, exponent) for text in texts]
        assert quick.tolist() == expected


@settings(max_examples=300, deadline=None)
@given(st.lists(DECIMALS, min_size=1, max_size=6))
def test_columns_of_plain_decimals_need_the_exponents_of_single_ones(texts: list[str]) -> None:
    column = pa.array(texts, pa.string())
    if are_plain(column):
        needed = Counter(exponent for exponent, _ in plain_shapes(column).elements())
        assert needed == Counter(exponent_of(text) for text in texts)
