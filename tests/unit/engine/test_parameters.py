from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewarden.compiled.compiling import rule
from tapewarden.domain.errors import ConfigurationError
from tapewarden.domain.kinds import HOUR
from tapewarden.engine.parameters import (
    param,
    parameters_hash,
    parameters_of,
    parameters_table,
    set_parameters,
)


@dataclass(frozen=True, kw_only=True)
class Params:
    strict: bool = param(False, "", "whether venues count")
    ratio: float = param(4.0, "times", "bait / fill", least=1)
    episodes: int = param(3, "episodes", "before a signal", least=1, most=100)
    hold: int = param(24 * HOUR, "ns", "how long an actor is remembered", least=1)


@rule
def read(params: Any) -> tuple[float, int, int, int]:
    return params.ratio, params.episodes, params.hold, params.strict


def read_row(table: Any, row: int) -> tuple[float, int, int, int]:
    return read(table[row])


def test_compiled_rules_read_what_python_reads() -> None:
    profiles = [Params(), Params(ratio=7.5, episodes=2, strict=True)]
    table = parameters_table(profiles)
    compiled: Callable[[Any, int], tuple[float, int, int, int]] = numba.njit(read_row)
    assert [compiled(table, row) for row in range(2)] == [read(profile) for profile in profiles]


def test_record_has_no_unaligned_field() -> None:
    table = parameters_table([Params(), Params()])
    assert table.dtype.isalignedstruct


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"ratoi": 5.0}, "SPF-01.ratoi: no such parameter; did you mean 'ratio'?"),
        ({"zzz": 5.0}, "SPF-01.zzz: no such parameter; there are episodes, hold, ratio, strict"),
        ({"ratio": 0.5}, "SPF-01.ratio: expected a number of times, at least 1, received 0.5"),
        ({"ratio": float("nan")}, "SPF-01.ratio: expected a number of times, at least 1, received nan"),
        ({"episodes": 2.5}, "SPF-01.episodes: expected a whole number of episodes, at least 1, at most 100"),
        ({"episodes": True}, "SPF-01.episodes: expected a whole number of episodes, at least 1, at most 100"),
        ({"hold": 2**63}, "SPF-01.hold: expected a whole number of ns, at least 1"),
        ({"strict": 1}, "SPF-01.strict: expected true or false, received 1"),
    ],
)
def test_wrong_values_are_refused_with_what_was_expected(values: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        set_parameters("SPF-01", Params(), values)
    assert str(error.value).startswith(message)


def test_setting_leaves_the_rest_as_it_was() -> None:
    base = Params(ratio=9.0)
    assert set_parameters("SPF-01", base, {"episodes": 5}) == Params(ratio=9.0, episodes=5)


@given(st.floats(1, 1e9), st.integers(1, 100), st.booleans())
def test_hash_depends_on_values_alone(ratio: float, episodes: int, strict: bool) -> None:
    params = Params(ratio=ratio, episodes=episodes, strict=strict)
    again = set_parameters("X", Params(), {"strict": strict, "episodes": episodes, "ratio": ratio})
    assert parameters_hash(params) == parameters_hash(again)
    assert len(parameters_hash(params)) == 16


def test_hash_tells_values_and_names_apart() -> None:
    @dataclass(frozen=True, kw_only=True)
    class Renamed:
        strict: bool = param(False, "", "whether venues count")
        multiple: float = param(4.0, "times", "bait / fill", least=1)
        episodes: int = param(3, "episodes", "before a signal", least=1, most=100)
        hold: int = param(24 * HOUR, "ns", "how long an actor is remembered", least=1)

    hashes = {parameters_hash(params) for params in (Params(), Params(ratio=4.5), Renamed())}
    assert len(hashes) == 3


def test_class_without_hold_is_refused() -> None:
    @dataclass(frozen=True, kw_only=True)
    class NoHold:
        ratio: float = param(4.0, "times", "bait / fill")

    with pytest.raises(TypeError, match=r"NoHold\.hold: expected how long a row is kept"):
        parameters_of(NoHold)


def test_plain_field_is_refused() -> None:
    @dataclass(frozen=True, kw_only=True)
    class Plain:
        ratio: float = 4.0

    with pytest.raises(TypeError, match=r"Plain\.ratio: expected param"):
        parameters_of(Plain)


def test_default_out_of_range_is_refused() -> None:
    @dataclass(frozen=True, kw_only=True)
    class Low:
        ratio: float = param(0.5, "times", "bait / fill", least=1)

    with pytest.raises(TypeError, match=r"Low\.ratio: expected a number of times, at least 1"):
        parameters_of(Low)


def test_table_keeps_64_bits() -> None:
    table = parameters_table([Params(hold=2**62 + 1)])
    assert table["hold"].dtype == np.int64
    assert table["hold"][0] == 2**62 + 1
