"""Intake: what a message means depends on the messages before it, and on nothing else."""

from pathlib import Path

import pytest

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory, Instrument
from tapewarden.domain.errors import FieldError, InputError, SourceError
from tapewarden.domain.kinds import DAY, EventKind, LinkKind
from tapewarden.live.directory import DatedDirectory
from tapewarden.live.intake import Bounds, Intake
from tapewarden.runtime.configuration import Configuration
from tapewarden.wire.decoding import Position
from tapewarden.wire.encoding import Encoder
from tapewarden.wire.v1 import ingest_pb2, market_pb2
from tests.strategies import START, small_directory
from tests.unit.live.rig import Rig, messages, send
from tests.unit.server.test_surveillance import market


def intake(**bounds: int) -> Intake:
    return Intake(Configuration(detectors=()), Bounds(**bounds))  # type: ignore[arg-type]


def admitted(one: Intake, message: bytes) -> EventBatch:
    return one.admit(one.decode(message), START).events


def defining(*accounts: tuple[str, str | None], source: str = "venue", sequence: int = 1) -> bytes:
    """A message that defines accounts with their owners, and one order of the first."""
    message = ingest_pb2.EventBatch(
        position=ingest_pb2.Position(source=source, epoch=1, sequence=sequence),
        events=[market_pb2.Event(kind=market_pb2.EVENT_KIND_CLOCK, ts_event=START)],
    )
    for number, (name, owner) in enumerate(accounts, start=1):
        message.accounts.add(number=number, account=market_pb2.Account(name=name, owner=owner))
    return bytes(message.SerializeToString())


def test_an_owner_told_with_the_account_is_the_accounts_own() -> None:
    one = intake()
    events = admitted(one, defining(("one", "Ada"), ("two", "Ada")))
    assert events.kind.tolist() == [EventKind.CLOCK]
    assert [account.owner for account in one.directory.accounts] == ["Ada", "Ada"]


def test_an_owner_told_later_is_a_link_from_then_on_and_no_earlier() -> None:
    one = intake()
    admitted(one, defining(("one", "Ada"), ("two", None)))
    events = admitted(one, defining(("one", "Ada"), ("two", "Ada"), sequence=2))
    assert events.kind.tolist() == [EventKind.LINK, EventKind.CLOCK]
    assert (events.reason[0], events.account[0], events.counter_account[0]) == (LinkKind.SAME_OWNER, 1, 0)
    assert events.ts_event[0] == START
    assert one.directory.accounts[1].owner is None
    assert one.directory.owner_of(1) == "Ada"


def test_the_first_account_of_an_owner_who_comes_late_is_linked_with_those_that_follow() -> None:
    one = intake()
    admitted(one, defining(("one", None)))
    assert admitted(one, defining(("one", "Ada"), sequence=2)).kind.tolist() == [EventKind.CLOCK]
    events = admitted(one, defining(("one", "Ada"), ("two", "Ada"), sequence=3))
    assert events.kind.tolist() == [EventKind.LINK, EventKind.CLOCK]
    assert (events.account[0], events.counter_account[0]) == (1, 0)


def test_an_owner_cannot_change_also_not_one_who_came_late() -> None:
    one = intake()
    admitted(one, defining(("one", None)))
    admitted(one, defining(("one", "Ada"), sequence=2))
    with pytest.raises(InputError, match="expected owner Ada, received Bob"):
        admitted(one, defining(("one", "Bob"), sequence=3))


@pytest.mark.parametrize(
    ("bounds", "message"),
    [
        ({"accounts": 1}, "at most 1 accounts, received more"),
        ({"sources": 0}, "expected at most 0 sources"),
    ],
)
def test_what_is_beyond_the_bounds_is_refused(bounds: dict[str, int], message: str) -> None:
    with pytest.raises((InputError, SourceError), match=message):
        admitted(intake(**bounds), defining(("one", None), ("two", None)))


def test_a_million_instruments_are_refused_before_they_take_memory() -> None:
    directory = Directory()
    for number in range(20_000):
        directory.add_instrument(
            Instrument(symbol=f"COIN{number}", venue="SIM", price_exponent=0, size_exponent=0)
        )
    one = intake()
    with pytest.raises(InputError, match="at most 10000 instruments"):
        admitted(one, Encoder(directory, Position("venue", 1, 1)).columns(EventBatch.of(0)))
    assert one.directory.instruments == []
    assert len(admitted(one, messages(small_directory(), [market()], source="another")[0])) == len(market())


def test_a_directory_tells_what_is_new_once_and_in_its_order() -> None:
    directory, other = DatedDirectory(), Directory()
    for name in ("one", "two"):
        directory.add_account(name, "Ada")
        directory.sources.number(f"feed {name}")
        directory.order_names.learn(1 << 63, name)
        directory.news().tell(other)
    assert [account.name for account in other.accounts] == ["one", "two"]
    assert list(other.sources) == ["feed one", "feed two"]
    assert other.order_names.text(1 << 63) == "two"
    assert directory.news() == ([], [], [], [])


def test_bounds_of_a_directory_are_told_with_their_field() -> None:
    with pytest.raises(FieldError, match="instrument: expected at most 0 instruments"):
        DatedDirectory(most_instruments=0).add_instrument(
            Instrument(symbol="A", venue="B", price_exponent=0, size_exponent=0)
        )


def test_a_pipeline_that_starts_again_knows_owners_that_came_late(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    with rig.running() as pipeline:
        send(pipeline, defining(("one", None)))
        send(pipeline, defining(("one", "Ada"), sequence=2))
    with rig.running() as pipeline:
        send(pipeline, defining(("one", "Ada"), ("two", "Ada"), sequence=3))
        pipeline.settle()
        assert pipeline.detection.events == 2  # the link, and the clock
        with pytest.raises(InputError, match="expected owner Ada, received Bob"):
            send(pipeline, defining(("one", "Bob"), sequence=4))


def test_a_row_from_the_future_is_rejected_alone_for_it_would_make_all_others_late() -> None:
    events = market()
    events.ts_event[[2, 5]] = START + 10 * DAY
    one = intake()
    admission = one.admit(one.decode(messages(small_directory(), [events])[0]), START)
    assert [(reject.row, reject.field) for reject in admission.rejects] == [(2, "ts_event"), (5, "ts_event")]
    assert admission.rejects[0].expected == f"a time up to {START + DAY}"
    assert len(admission.events) == len(events) - 2
    link = market_pb2.Link(
        account="account 0",
        counter_account="account 1",
        kind=market_pb2.LINK_KIND_DEVICE,
        since_ns=START + 2 * DAY,
    )
    _, rejects = one.enroll(ingest_pb2.RegisterRequest(links=[link]), START)
    assert [(reject.item, reject.field) for reject in rejects] == [("links[0]", "since_ns")]
