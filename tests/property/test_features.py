"""What must hold for the windows of features on any tape."""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
from hypothesis import given, settings
from hypothesis import strategies as st

from tapewarden.anomaly.features.catalogue import ACCOUNT
from tapewarden.anomaly.features.observer import FeatureObserver
from tapewarden.anomaly.features.state import FEW, LENGTHS
from tapewarden.anomaly.features.windows import Ended, WindowSettings
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.domain.kinds import HOUR, SECOND, EventKind
from tapewarden.domain.signal import Signal
from tapewarden.engine.engine import Engine
from tests.property.test_engine import renumbered, translated
from tests.strategies import hostile_tapes, market_tapes, small_directory, splits

EASY = WindowSettings(account=(3, 3, 4, 4, 5), instrument=(1, 1, 2, 2, 3))
HARD = WindowSettings(account=(FEW, FEW, FEW + 1, FEW + 3, FEW + 5), instrument=EASY.instrument)
PAUSES = (0, 1, SECOND // 1000, SECOND // 3, SECOND, 5 * SECOND, 25 * SECOND, 400 * SECOND, HOUR, 3 * HOUR)

STRANGER = 5

tapes = market_tapes(120, PAUSES)
any_tapes = st.one_of(tapes, hostile_tapes(80))

Line = tuple[str, str, int, int, int, bytes]


class Watched:
    """An engine and the windows it told, in words and bytes."""

    def __init__(
        self,
        directory: Directory | None = None,
        settings: WindowSettings = EASY,
        *,
        compiled: bool = True,
    ) -> None:
        self.lines: list[Line] = []
        observer = FeatureObserver(self._receive, settings, compiled=compiled)
        self.engine = Engine(directory or small_directory(), [], observers=[observer])

    def run(self, batches: Iterable[EventBatch]) -> list[Line]:
        for batch in batches:
            self.engine.process(batch)
        return self.lines

    def _receive(self, ended: Ended, part: EventBatch, directory: Directory) -> Sequence[tuple[int, Signal]]:
        for keys, values in ended:
            for key, row in zip(keys, values, strict=True):
                actor = directory.accounts[key["actor"] - 1].name if key["actor"] else ""
                instrument = directory.instruments[key["instrument"] - 1].name
                assert key["end"] - key["start"] == LENGTHS[key["length"]]
                assert 0 <= key["event"] < len(part)
                numbers = (int(key[name]) for name in ("start", "length", "acts"))
                self.lines.append((instrument, actor, *numbers, row.tobytes()))
        return ()


@given(st.data())
def test_however_a_tape_is_cut_windows_and_state_are_the_same(data: st.DataObject) -> None:
    tape = data.draw(any_tapes)
    whole, pieces = Watched(), Watched()

    # Within a part windows of actors come before windows of instruments, so their common order may differ.
    assert sorted(whole.run([tape])) == sorted(pieces.run(data.draw(splits(tape))))
    assert whole.engine.snapshot() == pieces.engine.snapshot()


@given(st.data(), st.sampled_from((EASY, HARD)))
def test_going_on_from_a_snapshot_changes_no_window(data: st.DataObject, settings: WindowSettings) -> None:
    tape = data.draw(any_tapes)
    cut = data.draw(st.integers(0, len(tape)))
    straight, first, second = (Watched(settings=settings) for _ in range(3))

    before = first.run([tape[:cut]])
    saved = first.engine.snapshot()
    second.engine.restore(saved)

    assert second.engine.snapshot() == saved
    assert sorted(before + second.run([tape[cut:]])) == sorted(straight.run([tape]))
    assert second.engine.snapshot() == straight.engine.snapshot()


def of_two(tape: EventBatch) -> EventBatch:
    """The tape as if two accounts had done all of it on one instrument: they are busy."""
    columns = dict(tape.columns())
    for name, most in (("account", 1), ("counter_account", 1), ("instrument", 0)):
        columns[name] = np.minimum(columns[name], most)
    return EventBatch(**columns)


@given(market_tapes(300, (0, SECOND // 3, SECOND, 5 * SECOND)).map(of_two))
def test_what_is_told_of_a_window_does_not_depend_on_how_much_must_happen_in_one(tape: EventBatch) -> None:
    easy, hard = (
        [line for line in Watched(settings=settings).run([tape]) if line[1]] for settings in (EASY, HARD)
    )
    expected = [line for line in easy if line[4] >= HARD.account[line[3]]]

    assert [line[:5] for line in hard] == [line[:5] for line in expected]
    for one, other in zip(hard, expected, strict=True):
        np.testing.assert_allclose(np.frombuffer(one[5]), np.frombuffer(other[5]), rtol=1e-9, atol=1e-9)


@given(any_tapes)
def test_dense_numbers_never_show_in_windows_or_snapshots(tape: EventBatch) -> None:
    one, other = Watched(), Watched(renumbered())

    assert sorted(one.run([tape])) == sorted(other.run([translated(tape)]))
    assert one.engine.snapshot() == other.engine.snapshot()


@given(tapes)
def test_an_instrument_alone_has_the_windows_it_has_among_others(tape: EventBatch) -> None:
    together, alone = Watched(), Watched()
    partition = alone.engine.partition("COIN0-USD@SIM")
    mine = [line for line in together.run([tape]) if line[0] == partition.instrument]

    assert [line for line in alone.run([partition.route(tape)]) if line[0] == partition.instrument] == mine
    assert partition.snapshot() == together.engine.partition(partition.instrument).snapshot()


@given(tapes, st.integers(1, 1000))
def test_shifting_time_by_hours_shifts_windows_and_changes_nothing_else(tape: EventBatch, hours: int) -> None:
    times = np.where(tape.ts_event >= 0, tape.ts_event + hours * HOUR, tape.ts_event)
    later = EventBatch(**{**dict(tape.columns()), "ts_event": times})
    one = [line for line in Watched().run([tape]) if line[2] >= HOUR]
    other = [line for line in Watched().run([later]) if line[2] >= HOUR]

    assert [(*line[:2], line[2] + hours * HOUR, *line[3:]) for line in one] == other


def crowded(tape: EventBatch) -> EventBatch:
    """The tape with a refused message of one more account before each row, at the same time."""
    columns = {name: np.repeat(column, 2) for name, column in tape.columns()}
    strange = {"kind": EventKind.REJECT, "account": STRANGER, "order": 0, "flags": 0, "initiator": 1}
    for name, value in strange.items():
        columns[name][::2] = value
    return EventBatch(**columns)


def links(tape: EventBatch) -> npt.NDArray[np.bool_]:
    """Which rows say that somebody and the stranger belong together: then he is none."""
    about = (tape.account == STRANGER) | (tape.counter_account == STRANGER)
    return np.asarray((tape.kind == EventKind.LINK) & about)


@given(tapes)
def test_what_strangers_send_shows_in_nothing_but_comparisons_with_them(tape: EventBatch) -> None:
    tape = tape[np.flatnonzero(~links(tape))]
    # The market's usual volatility is learned from windows with enough events, whoever sent them.
    ambient = [feature.name in {"message_share", "rate_z", "volatility_ratio"} for feature in ACCOUNT]
    stranger = small_directory().accounts[STRANGER].name

    def own(lines: Iterable[Line]) -> list[tuple[object, ...]]:
        """Windows of actors without what is ambient."""
        mine = [line for line in lines if line[1] not in {"", stranger}]
        return [(*line[:5], np.where(ambient, 0.0, np.frombuffer(line[5])).tobytes()) for line in mine]

    assert own(Watched().run([crowded(tape)])) == own(Watched().run([tape]))


@settings(max_examples=6)
@given(tapes)
def test_uncompiled_rules_give_the_windows_of_compiled_ones(tape: EventBatch) -> None:
    assert Watched(compiled=False).run([tape]) == Watched().run([tape])
