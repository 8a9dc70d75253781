"""What people write to choose signals, and what the server is asked for then."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewarden.desktop.presenters.trade_filter import FilterError
from tapewarden.desktop.presenters.triage.signal_filter import read_signal_filter
from tapewarden.domain.casework import SignalFilter
from tapewarden.domain.typology import Severity


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", SignalFilter()),
        ("  pulled   wall ", SignalFilter(text="pulled wall")),
        ('"a wall"', SignalFilter(text="a wall")),
        ("acct:acct-0417", SignalFilter(actor="acct-0417")),
        ('acct:"مستخدم 🐋 one" x', SignalFilter(actor="مستخدم 🐋 one", text="x")),
        ("SYM:BTC-USD@SIM det:SPF-01", SignalFilter(instrument="BTC-USD@SIM", detector="SPF-01")),
        ("sev:crit fam:wash", SignalFilter(severity=Severity.CRITICAL, family="wash")),
        ("score>=0.8 case:CASE-0012", SignalFilter(minimum_score=0.8, case_id=12)),
        ("is:suppressed", SignalFilter(suppressed=True)),
        ("is:filed", SignalFilter(suppressed=False)),
        ("acct:", SignalFilter()),
        ('"http://x"', SignalFilter(text="http://x")),
    ],
)
def test_a_text_is_read_as_a_filter(text: str, wanted: SignalFilter) -> None:
    assert read_signal_filter(text) == wanted


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("account:7", "account:: not a field; there are acct: sym: det:"),
        ("sev:grave", "sev:grave: expected low, medium, high, critical"),
        ("score>=high", "score: expected a number, not high"),
        ("score>=nan", "score: expected a number from 0 on, not nan"),
        ("case:-1", "case: expected a number from 0 on, not -1"),
        ("case:99999999999", "case: expected a number from 0 on"),
        ("acct>=7", "acct>=: not a field"),
    ],
)
def test_what_cannot_be_read_is_told(text: str, why: str) -> None:
    with pytest.raises(FilterError) as caught:
        read_signal_filter(text)
    assert str(caught.value).startswith(why)


@given(st.text(max_size=60))
def test_any_text_is_a_filter_or_an_error_for_people(text: str) -> None:
    with suppress(FilterError):
        wanted = read_signal_filter(text)
        assert wanted.text is None or wanted.text.strip()


@given(st.text(alphabet=st.characters(exclude_characters='"'), min_size=1))
def test_a_name_in_quotes_is_asked_for_as_it_is(name: str) -> None:
    assert read_signal_filter(f'acct:"{name}"') == SignalFilter(actor=name)
