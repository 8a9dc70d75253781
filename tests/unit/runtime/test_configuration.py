import dataclasses
import re
from pathlib import Path

import pytest

from tapewarden.domain.directory import Directory, Instrument
from tapewarden.domain.errors import ConfigurationError
from tapewarden.domain.kinds import HOUR, MINUTE, SECOND, LinkKind, WindowKind
from tapewarden.engine.api import Detector
from tapewarden.engine.registry import built_in_detectors
from tapewarden.runtime.configuration import Configuration, load_configuration, parse_configuration
from tapewarden.runtime.facts import FOREVER
from tapewarden.runtime.running import run_scenario
from tests.samples.pulled_bait import DETECTOR, Params

ROOT = Path(__file__).parents[3]
OTHER = dataclasses.replace(DETECTOR, meta=dataclasses.replace(DETECTOR.meta, id="TST-02"))
SIGNAL = run_scenario(DETECTOR, DETECTOR.scenarios[0], compiled=False)[0]
NEW_YEAR = 1_767_225_600 * SECOND  # 2026-01-01T00:00:00Z


def parse(text: str, detectors: tuple[Detector, ...] = (DETECTOR, OTHER)) -> Configuration:
    return parse_configuration("t.toml", text, detectors)


def refusal(text: str) -> str:
    with pytest.raises(ConfigurationError) as error:
        parse(text)
    return str(error.value)


def test_an_empty_file_means_all_defaults() -> None:
    configuration = parse("")
    assert configuration.detectors == (DETECTOR, OTHER)
    assert configuration.settings.parameters == {"TST-01": (Params(),), "TST-02": (Params(),)}
    assert configuration.settings.profile_count == 1
    assert configuration.settings.lateness == SECOND
    assert (configuration.windows, configuration.links) == ((), ())


def test_detectors_are_chosen() -> None:
    assert parse('[detectors]\nonly = ["TST-02"]').detectors == (OTHER,)
    assert parse("[detectors.TST-02]\nenabled = false").detectors == (DETECTOR,)


def test_detectors_are_enabled_by_instrument_and_group() -> None:
    configuration = parse(
        """
        [groups]
        thin = ["A@X", "B@X"]
        [detectors.TST-01.groups.thin]
        enabled = false
        [detectors.TST-01.instruments."B@X"]
        enabled = true
        [detectors.TST-02]
        enabled = false
        [detectors.TST-02.instruments."C@X"]
        enabled = true
        """
    )
    assert configuration.detectors == (DETECTOR, OTHER)
    signals = {
        (detector, instrument): dataclasses.replace(SIGNAL, detector=detector, instrument=instrument)
        for detector in ("TST-01", "TST-02")
        for instrument in ("A@X", "B@X", "C@X", "D@X")
    }
    reported = [
        key
        for key, signal in signals.items()
        if configuration.settings.reports(signal.detector, signal.instrument)
    ]
    assert reported == [("TST-01", "B@X"), ("TST-01", "C@X"), ("TST-01", "D@X"), ("TST-02", "C@X")]


def test_parameters_are_set_for_all_instruments() -> None:
    settings = parse('[detectors.TST-01]\nratio = 8\nafter = "250ms"').settings
    (params,) = settings.parameters["TST-01"]
    assert params == Params(ratio=8.0, after=250_000_000)
    assert isinstance(params.ratio, float)


def test_instruments_beat_groups_and_later_groups_beat_earlier_ones() -> None:
    settings = parse(
        """
        [groups]
        all = ["A@X", "B@X", "C@X", "D@X"]
        some = ["B@X", "C@X"]
        [detectors.TST-01]
        share = 0.5
        [detectors.TST-01.groups.all]
        ratio = 2.0
        [detectors.TST-01.groups.some]
        ratio = 3.0
        [detectors.TST-01.instruments."C@X"]
        ratio = 5.0
        """
    ).settings
    first = settings.parameters["TST-01"]
    assert first[0] == Params(share=0.5)
    ratios = {name: first[settings.profiles[name]].ratio for name in ("A@X", "B@X", "C@X", "D@X")}
    assert ratios == {"A@X": 2.0, "B@X": 3.0, "C@X": 5.0, "D@X": 2.0}
    assert all(params.share == 0.5 for params in first)
    assert settings.profiles["A@X"] == settings.profiles["D@X"]
    assert settings.profile_count == len(first) == len(settings.parameters["TST-02"]) == 4


def test_an_instrument_with_nothing_of_its_own_has_the_first_profile() -> None:
    assert parse('[groups]\nmajors = ["A@X"]').settings.profiles == {}


def test_windows_are_read() -> None:
    (window,) = parse(
        '[groups]\nperps = ["A@X"]\n[[windows]]\nkind = "funding"\ngroups = ["perps"]\n'
        'instruments = ["B@X"]\nfirst = 2026-01-01T01:00:00+01:00\nevery = "8h"\nlength = "60s"'
    ).windows
    assert (window.kind, window.instruments) == (WindowKind.FUNDING, ("B@X", "A@X"))
    assert (window.first, window.period, window.length) == (NEW_YEAR, 8 * HOUR, MINUTE)


def test_roles_are_read() -> None:
    configuration = parse(
        '[[roles]]\nrole = "market maker"\naccounts = ["m"]\nfrom = 2026-01-01T00:00:00Z\n'
        '[[roles]]\nrole = "employee"\naccounts = ["e", "f"]\n'
    )
    (window,) = configuration.windows
    assert (window.kind, window.account, window.first) == (WindowKind.MARKET_MAKER, "m", NEW_YEAR)
    assert window.length == FOREVER
    assert [(link.kind, link.account, link.other) for link in configuration.links] == [
        (LinkKind.EMPLOYEE, "e", None),
        (LinkKind.EMPLOYEE, "f", None),
    ]


def test_links_are_read() -> None:
    links = parse('[[links]]\nkind = "owner"\naccounts = ["a", "b", "c"]\nconfidence = 0.9').links
    assert [(link.account, link.other, link.confidence) for link in links] == [
        ("a", "b", 0.9),
        ("a", "c", 0.9),
    ]


def test_instruments_that_the_tape_lacks_are_told() -> None:
    directory = Directory()
    directory.add_instrument(Instrument(symbol="BTC-USD", venue="SIM", price_exponent=-2, size_exponent=-4))
    configuration = parse('[groups]\nmajors = ["BTC-USD@SIM", "BTC-USDT@SIM"]')
    assert configuration.unmatched(directory) == [
        "instrument 'BTC-USDT@SIM' of the configuration is not on the tape; did you mean 'BTC-USD@SIM'?"
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("lateness", "t.toml: Expected '=' after a key in a key/value pair"),
        ("latenes = 1", "t.toml, latenes: no such key; did you mean 'lateness'?"),
        (
            "lateness = 5",
            "t.toml, lateness: expected a duration above 0, such as 500ms, 5s or 24h, received 5",
        ),
        ('lateness = "5 sec"', "t.toml, lateness: expected a duration such as 500ms, 1.5s or 24h"),
        ("groups = 5", "t.toml, groups: expected a table, received 5"),
        ("[groups]\na = 5", "t.toml, groups.a: expected a list of texts, received 5"),
        (
            '[detectors]\nonly = ["TST-1"]',
            "t.toml, detectors.only: no detector 'TST-1'; did you mean 'TST-01'?",
        ),
        ("[detectors.TST-1]", "t.toml, detectors.TST-1: no such detector; did you mean 'TST-01'?"),
        ("[detectors.TST-01]\nenabled = 1", "t.toml, detectors.TST-01.enabled: expected true or false"),
        (
            "[detectors.TST-01]\nratoi = 1",
            "t.toml, detectors.TST-01.ratoi: no such parameter; did you mean 'ratio'?",
        ),
        (
            "[detectors.TST-01]\nratio = 0.5",
            "t.toml, detectors.TST-01.ratio: expected a number of times, at least 1, received 0.5",
        ),
        ("[detectors.TST-01]\nafter = 5", "t.toml, detectors.TST-01.after: expected a duration above 0"),
        (
            "[detectors.TST-01.groups.majors]\nratio = 2",
            "t.toml, detectors.TST-01.groups.majors: no such group",
        ),
        (
            '[detectors.TST-01.instruments."A@X"]\nratio = 0.1',
            "t.toml, detectors.TST-01.instruments.A@X.ratio: expected a number of times, at least 1",
        ),
        ("windows = 1", "t.toml, windows: expected an array of tables"),
        ("[[windows]]\nkind = 'fundin'", "t.toml, windows[1].kind: expected one of close, index,"),
        ("[[windows]]\nkind = 'close'", "t.toml, windows[1].first: expected the date and time"),
        (
            "[[windows]]\nkind = 'close'\nfirst = 2026-01-01",
            "t.toml, windows[1].first: expected a date and time with its offset",
        ),
        (
            "[[windows]]\nkind = 'close'\nfirst = 2026-01-01T00:00:00Z\nlength = '2h'\nevery = '1h'",
            "t.toml, windows[1].every: expected at least the window's length",
        ),
        (
            "[[windows]]\nkind = 'close'\nfirst = 2026-01-01T00:00:00Z\nlength = '1h'\nevry = '8h'",
            "t.toml, windows[1].evry: no such key; did you mean 'every'?",
        ),
        (
            "[[roles]]\nrole = 'king'\naccounts = []",
            "t.toml, roles[1].role: expected one of house, employee,",
        ),
        ("[[links]]\nkind = 'owner'\naccounts = ['a']", "t.toml, links[1].accounts: expected at least two"),
        (
            "[[links]]\nkind = 'owner'\naccounts = ['a', 'b']\nconfidence = 9",
            "t.toml, links[1].confidence: expected a number from 0 to 1, received 9",
        ),
    ],
)
def test_what_is_wrong_is_refused_by_file_and_key(text: str, message: str) -> None:
    assert refusal(text).startswith(message)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"none\.toml"):
        load_configuration(tmp_path / "none.toml", ())


def test_the_documented_example_loads() -> None:
    example = (ROOT / "samples" / "tapewarden.toml").read_text()
    page = (ROOT / "docs" / "reference" / "configuration.md").read_text()
    (shown,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    assert shown == example
    configuration = load_configuration(ROOT / "samples" / "tapewarden.toml", built_in_detectors())
    assert "WSH-01" in [detector.id for detector in configuration.detectors]
    assert "PND-02" not in [detector.id for detector in configuration.detectors]
    assert len(configuration.windows) == 3
