"""Scripts of the simulator performed in a recorded market."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.errors import ConfigurationError
from tapewarden.domain.kinds import SECOND, ClientStage, EventKind, Flag, Side, Tier
from tapewarden.domain.typology import Typology
from tapewarden.engine.engine import Engine
from tapewarden.evaluation.injection.injecting import Recording, inject
from tapewarden.runtime.memory_tapes import MemoryTape
from tapewarden.simulator.members.desk import State, Ticket
from tapewarden.simulator.members.script import Pause, Script
from tapewarden.simulator.scenarios.scenario import Knob, Scenario
from tapewarden.simulator.scenarios.stage import Stage
from tapewarden.simulator.staging import Casting
from tests.unit.evaluation.injection.market import START, batch, tape

LINES = ["place 1 sell 50 @ 1010", "place 2 buy 50 @ 990"]
for number in range(10, 110):
    LINES += [f"place {number} sell 5 @ {1005 + number % 4}", f"fill {number} 2", f"trade {number} 2 @ 1005"]
    LINES += [f"cancel {number}"] if number % 3 else [f"fill {number} 3"]
MARKET = batch("\n".join(LINES))


def scenario(script: Callable[[Stage], Script], **other: object) -> Scenario:
    facts: dict[str, object] = {
        "name": "test",
        "summary": "Tests.",
        "typologies": (Typology.SPOOFING,),
        "knobs": {"size": Knob(2, 8, "lots", "of each order")},
        "length": 10 * SECOND,
        "script": script,
    }
    return Scenario(**{**facts, **other})  # type: ignore[arg-type]


def quote(stage: Stage) -> Script:
    """Offer at the best price, ten times; cancel what is not filled; move the last one."""
    for turn in range(10):
        stage.begin_cycle()
        size = stage.desk.lots(stage.knobs["size"])
        ticket = stage.desk.place(Side.SELL, size, stage.desk.best(Side.SELL), flags=Flag.POST_ONLY)
        stage.note("intent", ticket)
        stage.harm()
        yield Pause(6 * SECOND, until_answer=ticket.has_ended)
        if turn == 9:
            stage.desk.amend(ticket, price=2000)
            yield Pause(SECOND)
        stage.desk.cancel(ticket)
        yield Pause(SECOND, until_answer=ticket.has_ended)
        assert ticket.has_ended()
        stage.end_cycle()


def meet_oneself(stage: Stage) -> Script:
    """Two accounts of one owner trade with each other inside the spread."""
    (one,), (two,) = stage.desks
    stage.begin_cycle()
    resting = one.place(Side.BUY, 3, 999)
    yield Pause(SECOND // 10)
    taking = two.place(Side.SELL, 3, 999, flags=Flag.IMMEDIATE)
    stage.note("cover", resting, taking)
    yield Pause(SECOND)
    stage.end_cycle()


QUOTE = scenario(quote)
TWO_ACCOUNTS = scenario(
    meet_oneself,
    name="same owner",
    typologies=(Typology.SAME_OWNER,),
    accounts=("manipulator", "accomplice"),
    owners=True,
)


def rows(events: EventBatch, kind: EventKind) -> EventBatch:
    return events[(events.kind == kind) & (events.flags & Flag.SIMULATED != 0)]


def injected(
    *castings: Casting, seed: int = 1, events: EventBatch = MARKET
) -> tuple[MemoryTape, EventBatch, list[object]]:
    made, episodes = inject(Recording(tape(events)), castings, seed)
    return made, EventBatch.concatenate(list(made.batches())), list(episodes)


@given(st.integers(0, 1000), st.floats(0, 1))
def test_the_recorded_events_stay_as_they_are_and_injected_ones_are_marked(
    seed: int, severity: float
) -> None:
    _, events, _ = injected(Casting(QUOTE, severity), Casting(TWO_ACCOUNTS, severity), seed=seed)
    recorded = events[events.flags & Flag.SIMULATED == 0]
    for name, column in MARKET.columns():
        assert np.array_equal(getattr(recorded, name), column), name
    assert len(events) > len(MARKET)
    assert (np.diff(events.ts_event) >= 0).all()
    assert (np.diff(events.sequence.astype(np.int64)) >= 0).all()


@given(st.integers(0, 1000))
def test_the_engine_finds_nothing_odd_in_what_was_injected(seed: int) -> None:
    made, events, _ = injected(Casting(QUOTE, 0.5), Casting(TWO_ACCOUNTS, 0.5), seed=seed)
    before, after = Engine(tape(MARKET).directory, []), Engine(made.directory, [])
    before.process(MARKET)
    after.process(events)
    assert after.ledger.counts(1) == before.ledger.counts(1)


def test_the_same_seed_gives_the_same_bytes_and_another_one_others() -> None:
    first, again, other = (injected(Casting(QUOTE, 0.5), seed=seed)[1] for seed in (1, 1, 2))
    assert first.ts_event.tobytes() == again.ts_event.tobytes()
    assert first.order.tobytes() == again.order.tobytes()
    assert first.ts_event.tobytes() != other.ts_event.tobytes()


def test_the_label_tells_what_is_on_the_tape() -> None:
    made, events, (episode,) = injected(Casting(QUOTE, 1.0))
    placed, traded = rows(events, EventKind.PLACE), rows(events, EventKind.TRADE)
    assert episode.severity == 1.0  # type: ignore[attr-defined]
    assert episode.instruments == ("BTC-USD@REAL",)  # type: ignore[attr-defined]
    assert [one.id for one in episode.accounts] == ["injected-1-1"]  # type: ignore[attr-defined]
    assert [int(one.id) for one in episode.orders] == placed.order.tolist()  # type: ignore[attr-defined]
    assert [int(one) for one in episode.trades] == traded.trade.tolist()  # type: ignore[attr-defined]
    assert episode.start_ns <= int(placed.ts_event[0])  # type: ignore[attr-defined]
    assert len(traded) > 0
    assert made.header.tier is Tier.T4
    assert made.header.provenance.parameters["injected"] == "test@1"


def test_accounts_of_one_owner_trade_with_each_other() -> None:
    made, events, _ = injected(Casting(TWO_ACCOUNTS, 0.5))
    (trade,) = rows(events, EventKind.TRADE).order.tolist()
    both = rows(events, EventKind.TRADE)
    owners = [made.directory.accounts[int(one[0])].owner for one in (both.account, both.counter_account)]
    assert owners == ["injected-owner-1", "injected-owner-1"]
    assert trade


def test_orders_arrive_after_the_delay_of_their_account() -> None:
    def once(stage: Stage) -> Script:
        stage.begin_cycle()
        ticket = stage.desk.place(Side.BUY, 1, 900)
        asked = stage.now
        yield Pause(SECOND, until_answer=lambda: ticket.state is State.LIVE)
        assert stage.now == asked + 2 * stage.desk.latency
        stage.desk.cancel(ticket)
        yield Pause(SECOND)
        stage.end_cycle()
        seen.append((asked, ticket))

    seen: list[tuple[int, Ticket]] = []
    _, events, _ = injected(Casting(scenario(once, latency=SECOND // 5), 0.5))
    ((asked, ticket),) = seen
    assert rows(events, EventKind.PLACE).ts_event.tolist() == [asked + SECOND // 5]
    assert ticket.state is State.CANCELED


def test_what_is_refused_or_taken_is_heard_of() -> None:
    def knock(stage: Stage) -> Script:
        desk = stage.desk
        stage.begin_cycle()
        tickets.append(desk.place(Side.BUY, 1, 3000, flags=Flag.POST_ONLY))
        tickets.append(desk.place(Side.BUY, 1000, 1010, flags=Flag.IMMEDIATE))
        tickets.append(desk.place(Side.SELL, 2))
        yield Pause(SECOND)
        assert desk.position == tickets[1].filled - 2
        assert desk.paid > 0
        stage.end_cycle()

    tickets: list[Ticket] = []
    injected(Casting(scenario(knock), 0.5))
    assert [one.state for one in tickets] == [State.REJECTED, State.CANCELED, State.FILLED]
    assert 0 < tickets[1].filled < 1000


def test_what_a_desk_sees_is_the_recorded_market() -> None:
    def look(stage: Stage) -> Script:
        desk = stage.desk
        seen.append(
            (desk.bid, desk.tick, desk.lot, desk.usual_size, desk.level(990), desk.depth(Side.BUY, 5))
        )
        assert desk.volume > 0
        assert desk.ask is not None
        assert desk.mid == (990 + desk.ask) / 2
        yield Pause(0)

    seen: list[tuple[int | None, int, int, int, int, int]] = []
    _, events, episodes = injected(Casting(scenario(look), 0.5))
    assert seen == [(990, 1, 1, 2, 50, 50)]
    assert (len(events), episodes) == (len(MARKET), [])


def test_what_cannot_be_injected_is_refused() -> None:
    def iceberg(stage: Stage) -> Script:
        stage.desk.place(Side.BUY, 5, 900, peak=1)
        yield Pause(0)

    def client(stage: Stage) -> Script:
        stage.desk.report_client_order(ClientStage.RECEIVED, "c", Side.BUY, 1)
        yield Pause(0)

    for one in (scenario(iceberg), scenario(client), scenario(quote, legs=2)):
        with pytest.raises(ConfigurationError):
            injected(Casting(one, 0.5))


def test_a_tape_without_accounts_or_events_is_refused() -> None:
    known = tape(MARKET)
    with pytest.raises(ConfigurationError, match="expected a tape of tier T3 or better, received T2"):
        Recording(MemoryTape("orders", MARKET, known.directory, tier=Tier.T2))
    with pytest.raises(ConfigurationError, match="received an empty one"):
        Recording(tape(EventBatch.of(0)))


def test_nothing_is_injected_before_the_market_has_found_itself() -> None:
    _, events, _ = injected(Casting(QUOTE, 0.5), seed=5)
    first = int(rows(events, EventKind.PLACE).ts_event[0])
    assert first >= START + int(0.2 * (int(MARKET.ts_event[-1]) - START))


def test_a_casting_may_say_when_it_begins() -> None:
    begin = START + 200 * SECOND
    _, events, _ = injected(Casting(QUOTE, 0.5, start=begin))
    first = int(rows(events, EventKind.PLACE).ts_event[0])
    assert first == begin + QUOTE.latency


def test_all_act_on_one_instrument() -> None:
    with pytest.raises(ConfigurationError, match="on one instrument"):
        injected(Casting(QUOTE, 0.5, instrument=0), Casting(QUOTE, 0.5, instrument=1))
