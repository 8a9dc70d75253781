from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.episode import Episode
from tapewarden.domain.kinds import MINUTE, SECOND, EventKind, LinkKind, Side, WindowKind
from tapewarden.domain.typology import Typology
from tapewarden.simulator.members.script import Pause, Script
from tapewarden.simulator.orders import ProductionPlan
from tapewarden.simulator.plan import MarketPlan
from tapewarden.simulator.scenarios.registry import find_scenario
from tapewarden.simulator.scenarios.scenario import Knob, Ranges, Scenario
from tapewarden.simulator.scenarios.stage import Stage
from tapewarden.simulator.staging import Casting, Production
from tapewarden.simulator.windows import ReferenceWindows

MARKET = MarketPlan(seed=1, instruments=2, accounts=60, rate=10)


def sweep(stage: Stage) -> Script:
    """Buy a little at the market, and note it."""
    stage.begin_cycle()
    order = stage.desk.place(Side.BUY, stage.desk.lots(stage.knobs["size"] * stage.desk.usual_size))
    stage.note("intent", order)
    yield Pause(5 * SECOND, until_answer=order.has_ended)
    stage.harm()
    stage.end_cycle()


def scenario(**changes: object) -> Scenario:
    facts: dict[str, object] = {
        "name": "sweep",
        "summary": "Buys.",
        "typologies": (Typology.RAMPING,),
        "knobs": {"size": Knob(0.5, 2.0, "times", "a usual order")},
        "script": sweep,
    }
    return Scenario(**(facts | changes))  # type: ignore[arg-type]


def produced(*castings: Casting, market: MarketPlan = MARKET) -> tuple[Production, EventBatch]:
    production = ProductionPlan(market=market, minutes=3, castings=castings).produce()
    return production, EventBatch.concatenate(list(production.run()))


def orders_of(batch: EventBatch, account: int, kind: EventKind = EventKind.PLACE) -> Sequence[int]:
    rows = (batch.account == account) & (batch.kind == kind)
    return [int(number) for number in batch.order[rows]]


def test_a_label_names_the_orders_and_trades_that_are_on_the_tape() -> None:
    production, batch = produced(Casting(scenario(), 0.5))
    [episode] = production.episodes()
    account = production.simulation.directory.account_number(episode.accounts[0].id)

    assert [int(order.id) for order in episode.orders] == orders_of(batch, account)
    trades = batch.trade[(batch.account == account) & (batch.kind == EventKind.TRADE)]
    assert [int(trade) for trade in episode.trades] == trades.tolist()
    assert len(trades) > 0
    rows = batch.account == account
    assert episode.start_ns <= batch.ts_event[rows].min()
    assert batch.ts_event[rows].max() <= episode.end_ns


def test_where_and_when_can_be_asked_for() -> None:
    start = MARKET.start + MINUTE
    production, batch = produced(Casting(scenario(), 0.5, instrument=1, start=start))
    [episode] = production.episodes()
    account = production.simulation.directory.account_number(episode.accounts[0].id)

    assert episode.instruments == (production.simulation.listings[1].instrument.name,)
    assert episode.start_ns == start
    assert set(batch.instrument[batch.account == account].tolist()) == {1}


@pytest.mark.parametrize("name", ["spoofing", "layering-patient", "same-owner", "no-intent"])
def test_a_scheme_that_is_given_so_much_time_is_over_by_then_and_otherwise_goes_on(name: str) -> None:
    start, given = MARKET.start + MINUTE, 4 * MINUTE
    ends = []
    for duration in (given, None):
        casting = Casting(find_scenario(name), 0.9, instrument=0, start=start, duration=duration)
        plan = ProductionPlan(market=replace(MARKET, rate=30), minutes=20, castings=(casting,))
        production = plan.produce()
        for _ in production.run():
            pass
        [episode] = production.episodes()
        assert episode.start_ns >= start
        ends.append(episode.end_ns)
    assert ends[0] <= start + given < ends[1]


def test_accounts_of_one_owner_are_linked_on_the_tape() -> None:
    cast = scenario(accounts=("manipulator", "accomplice"), owners=True)
    production, batch = produced(Casting(cast, 0.5))
    [episode] = production.episodes()
    directory = production.simulation.directory
    numbers = [directory.account_number(one.id) for one in episode.accounts]
    links = batch[batch.kind == EventKind.LINK]
    told = [
        [int(one), int(other)]
        for one, other, reason in zip(links.account, links.counter_account, links.reason, strict=True)
        if reason == LinkKind.SAME_OWNER
    ]
    assert numbers in told
    assert len({directory.accounts[number].owner for number in numbers}) == 1


def test_a_second_leg_is_another_instrument_of_the_same_asset() -> None:
    production, _ = produced(Casting(scenario(legs=2), 0.5))
    [episode] = production.episodes()
    assert len({name.split("-")[0] for name in episode.instruments}) == 1
    assert len(set(episode.instruments)) == 2


def test_two_legs_need_two_instruments_of_an_asset() -> None:
    alone = MarketPlan(seed=1, instruments=1, accounts=60, rate=10)
    with pytest.raises(ValueError, match="expected two instruments of one asset"):
        produced(Casting(scenario(legs=2), 0.5), market=alone)


def test_the_cast_is_told_nothing_of_the_rest_and_names_tell_nothing_of_the_cast() -> None:
    twin = scenario(name="twin", twin_of="sweep", accounts=("bystander",))
    production, _ = produced(Casting(scenario(), 0.5), Casting(twin, 0.5))
    names = [one.accounts[0].id for one in production.episodes()]
    assert len(set(names)) == 2
    assert all(name.startswith("account-") for name in names)


def test_nothing_done_gives_no_label() -> None:
    def idle(stage: Stage) -> Script:
        yield stage.pause(1)

    production, _ = produced(Casting(scenario(script=idle), 0.5))
    assert production.episodes() == []


def test_severity_moves_a_knob_from_faint_to_brazen() -> None:
    knob = Knob(1.0, 16.0, "times", "size")
    middle = [
        [knob.at(severity, np.random.default_rng(3), Ranges.PUBLISHED) for severity in (0.0, 0.5, 1.0)],
        [knob.at(severity, np.random.default_rng(3), Ranges.TUNING) for severity in (0.0, 0.5, 1.0)],
    ]
    for faint, half, brazen in middle:
        assert faint < half < brazen
        assert half == pytest.approx((faint * brazen) ** 0.5)
    assert middle[0] != middle[1]


def test_reference_windows_open_on_time_on_the_instruments_they_concern() -> None:
    half_minutes = ReferenceWindows(every=MINUTE, length=30 * SECOND)
    closes = ReferenceWindows(kind=WindowKind.CLOSE, every=2 * MINUTE, length=SECOND, instrument=1)
    market = replace(MARKET, windows=(half_minutes, closes))
    told: list[list[tuple[int, int]]] = []

    def watch(stage: Stage) -> Script:
        told.append([*stage.windows])
        yield stage.pause(1)

    _, batch = produced(Casting(scenario(script=watch), 0.5, instrument=1), market=market)
    rows = batch[(batch.kind == EventKind.WINDOW) & (batch.reason != WindowKind.MARKET_MAKER)]
    minutes = ((rows.ts_event - MARKET.start) // MINUTE).tolist()
    assert sorted(zip(minutes, rows.instrument.tolist(), rows.reason.tolist(), strict=True)) == [
        (0, -1, WindowKind.INDEX),
        (0, 1, WindowKind.CLOSE),
        (1, -1, WindowKind.INDEX),
        (2, -1, WindowKind.INDEX),
        (2, 1, WindowKind.CLOSE),
    ]
    assert sorted(opening for opening, _ in told[0]) == sorted(rows.ts_event.tolist())
    assert {closing - opening for opening, closing in told[0]} == {30 * SECOND, SECOND}


def test_a_window_is_not_longer_than_the_time_to_the_next() -> None:
    with pytest.raises(ValueError, match="length of a window"):
        ReferenceWindows(every=SECOND, length=2 * SECOND)


def test_who_sees_clients_orders_is_linked_to_each_client_in_one_way() -> None:
    kinds = (LinkKind.HOUSE, LinkKind.EMPLOYEE)
    cast = scenario(accounts=("manipulator", "victim", "victim"), insight=kinds)
    production, batch = produced(Casting(cast, 0.5))
    [episode] = production.episodes()
    directory = production.simulation.directory
    insider, *clients = (directory.account_number(one.id) for one in episode.accounts)
    links = batch[batch.kind == EventKind.LINK]
    links = links[links.account == insider]
    assert links.counter_account.tolist() == clients
    assert len(set(links.reason.tolist())) == 1
    assert set(links.reason.tolist()) <= set(kinds)


def test_what_victims_gain_is_not_the_gain_of_an_episode() -> None:
    def buy(stage: Stage) -> Script:
        stage.begin_cycle()
        order = stage.desks[1][0].place(Side.BUY, 50 * stage.desk.usual_size)
        yield Pause(5 * SECOND, until_answer=order.has_ended)
        stage.note("benign", order)
        stage.end_cycle()

    production, _ = produced(Casting(scenario(script=buy, accounts=("manipulator", "victim")), 0.5))
    assert list(production.gains().values()) == [0.0]


def digest(batches: Iterable[EventBatch]) -> list[bytes]:
    return [column.tobytes() for _, column in EventBatch.concatenate(list(batches)).columns()]


def injected(cuts: Sequence[int]) -> tuple[list[bytes], list[Episode], list[str]]:
    """A market to which a scenario comes after a minute; from then on it runs in pieces."""
    production = ProductionPlan(market=MARKET, minutes=3, castings=(Casting(scenario(), 0.5),)).produce()
    at = MARKET.start + MINUTE
    batches = [*production.advance(at)]
    cast = scenario(name="late", accounts=("manipulator", "accomplice"), owners=True)
    staged = production.put_on(Casting(cast, 0.5, start=at, seed=7))
    assert staged.since == at
    for cut in cuts:
        batches += production.advance(at + cut)
    batches += production.run()
    accounts = [one.name for one in production.simulation.directory.accounts]
    return digest(batches), production.episodes(), accounts


@given(st.lists(st.integers(1, 2 * MINUTE), max_size=5).map(sorted))
@settings(max_examples=10, deadline=None)
def test_a_scenario_that_comes_later_gives_the_same_events_however_the_run_is_cut(cuts: list[int]) -> None:
    assert injected(cuts) == injected([])


def test_a_scenario_that_comes_later_acts_at_once_and_leaves_what_was_before_as_it_was() -> None:
    late, episodes, _ = injected([])
    [episode] = [one for one in episodes if one.scenario == "late"]
    assert (episode.start_ns, episode.seed) == (MARKET.start + MINUTE, 7)
    production = ProductionPlan(market=MARKET, minutes=3, castings=(Casting(scenario(), 0.5),)).produce()
    before = digest(production.advance(MARKET.start + MINUTE))
    assert all(whole.startswith(part) for whole, part in zip(late, before, strict=True))


def test_its_own_seed_changes_what_a_scenario_does() -> None:
    knobs = []
    for seed in (1, 2, 1):
        production, _ = produced(Casting(scenario(), 0.5, seed=seed))
        knobs.append(production.episodes()[0].parameters)
    assert knobs[0] == knobs[2] != knobs[1]
