from pathlib import Path

import pytest

from tapewarden.adapters.files import importer_of, load_mapping
from tapewarden.domain.errors import ConfigurationError
from tests.unit.adapters.importing import WriteText

GOOD = """
[[instrument]]
symbol = "A"
venue = "X"
[[input]]
files = "*.csv"
[input.fields]
time = { column = "at", unit = "ms" }
kind = { column = "what", values = { NEW = "place" } }
[accounts]
account = "name"
[[accounts.links]]
column = "others"
"""


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ('files = "*.csv"', 'file = "*.csv"', r"input\[1\]\.file: no such key, .*nearest is 'files'"),
        ("accounts", "acounts", "acounts: no such key, .*nearest is 'accounts'"),
        ("kind = {", "kinds = {", r"fields\.kinds: no such field, .*nearest is 'kind'"),
        ('unit = "ms"', 'unit = "millis"', "received 'millis', expected one of s, ms, us, ns, iso"),
        ('unit = "ms"', 'units = "ms"', r"time\.units: no such key, .*nearest is 'unit'"),
        ('unit = "ms"', 'zone = "Europe/Wien"', "nearest is 'Europe/"),
        ('"place"', '"placed"', r"values\.NEW: received 'placed', .*nearest is 'place'"),
        ('column = "what"', 'colum = "what"', "either a column or a constant"),
        ('column = "what"', "column = 0", "name of a column or its place from 1, received 0"),
        ('column = "what"', "column = true", "name of a column"),
        ('time = { column = "at", unit = "ms" }', "", r"fields\.time: expected a column or a constant"),
        ('venue = "X"', "", r"instrument\[1\]\.venue: expected a text, received nothing"),
        ('venue = "X"', "venue = 5", "expected a text, received 5"),
        ('venue = "X"', 'venue = "X"\nprice_exponent = -2', "size_exponent: expected a whole number"),
        (
            'venue = "X"',
            'venue = "X"\nprice_exponent = 99\nsize_exponent = 0',
            "price_exponent: expected -18",
        ),
        ('files = "*.csv"', 'files = "*.csv"\nheader = "yes"', "expected true or false, received 'yes'"),
        ('files = "*.csv"', 'files = "*.csv"\ndelimiter = "::"', "expected one character"),
        ('files = "*.csv"', 'files = "*.csv"\nsort = "newest"', "expected one of none, time, reversed"),
        ('column = "others"', 'column = "others"\nkind = "devices"', "nearest is 'device'"),
        ('column = "others"', 'column = "others"\nconfidence = "2"', "confidence: expected more than 0"),
        ('account = "name"', "", r"accounts\.account: expected the name of a column"),
        ("[[input]]", "[input]", r"input: expected tables \[\[input\]\]"),
        ("[[input]]", "[[input", "TOML|Expected|expected"),
    ],
)
def test_wrong_key_or_value_is_refused_where_it_stands(
    write: WriteText, right: str, wrong: str, message: str
) -> None:
    assert right in GOOD
    with pytest.raises(ConfigurationError, match=message):
        load_mapping(write("map.toml", GOOD.replace(right, wrong)))


def test_good_mapping_is_read(write: WriteText) -> None:
    mapping = load_mapping(write("map.toml", GOOD))
    assert [one.files for one in mapping.inputs] == ["*.csv"]
    assert mapping.inputs[0].fields["instrument"].constant == "A"


def test_mapping_without_inputs_or_file_is_refused(write: WriteText, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"at least one table \[\[input\]\]"):
        load_mapping(write("map.toml", ""))
    with pytest.raises(ConfigurationError, match="no such file"):
        load_mapping(tmp_path / "missing.toml")


def test_file_that_fits_no_input_is_refused(write: WriteText) -> None:
    mapping = load_mapping(write("map.toml", GOOD))
    with pytest.raises(ConfigurationError, match=r"no \[\[input\]\] for 'data\.bin'"):
        mapping.input_of(Path("data.bin"))


def test_file_whose_name_tells_no_format_is_refused(write: WriteText) -> None:
    shape = load_mapping(write("map.toml", GOOD)).inputs[0].format
    assert shape.of(Path("a.csv.gz")) == "csv"
    with pytest.raises(ConfigurationError, match="does not tell the format"):
        shape.of(Path("data.bin"))


def test_accounts_need_their_table(write: WriteText) -> None:
    mapping = load_mapping(write("map.toml", GOOD.partition("[accounts]")[0]))
    with pytest.raises(ConfigurationError, match=r"expected a table \[accounts\]"):
        importer_of(mapping, Path("accounts.csv"))
