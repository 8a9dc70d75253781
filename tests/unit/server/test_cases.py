"""The Cases service, called by the typed client, over the real store."""

import asyncio
import re
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from io import BytesIO
from pathlib import Path
from random import Random
from threading import Event
from typing import Any

import grpc
import pytest
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from tapewarden.cases.audit import verify
from tapewarden.cases.bundle import verify_bundle
from tapewarden.cases.store import MAX_ATTACHMENT, Observation, Store
from tapewarden.client import Changed
from tapewarden.domain.case import Case, CaseState, Disposition
from tapewarden.domain.casework import CaseFilter, CaseOrder, Muting
from tapewarden.domain.commands import (
    Approve,
    Assign,
    Close,
    Decline,
    Escalate,
    FormSuspicion,
    Investigate,
    Reopen,
    Undo,
)
from tapewarden.domain.errors import (
    ConflictError,
    LimitError,
    NotFoundError,
    RefusedError,
    ServerError,
    UnavailableError,
)
from tapewarden.domain.staff import Person, Role
from tapewarden.server.access import Limits
from tapewarden.server.changes import MOST_PENDING
from tapewarden.wire.v1 import cases_pb2 as pb
from tapewarden.wire.v1 import cases_pb2_grpc
from tests.unit.cases.signals import signal
from tests.unit.cases.workflows import AUDREY, VERA
from tests.unit.server.desk import KEY, NOW, run, serving

FALSE = Close(Disposition.FALSE_POSITIVE, "a market maker — <b>")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path / 'cases.db'}")
    yield opened
    opened.close()


def test_a_case_is_worked_from_list_to_closing_by_two_people(store: Store) -> None:
    async def work() -> None:
        async with serving(store) as desk, desk.client("véra") as vera, desk.client("sam") as sam:
            store.record([Observation(signal(severity="high"), 5.0)], NOW, "engine")
            queue = await vera.queue(CaseFilter(state=CaseState.OPEN, order=CaseOrder.LATEST))
            (queued,) = queue.cases
            assert (queued.signals, queue.total) == (1, 1)
            for wanted in (CaseFilter(ids=(queued.case.id,)), CaseFilter(closed=False)):
                assert (await vera.queue(wanted)).cases == queue.cases
            for wanted in (CaseFilter(ids=(77,)), CaseFilter(closed=True), CaseFilter(due_before_ns=NOW)):
                assert (await vera.queue(wanted)).total == 0
            number = queued.case.id
            case = await vera.decide(number, 1, Assign("véra"))
            case = await vera.decide(number, case.version, Investigate())
            comment = await vera.comment(number, "pulled eight times")
            assert (comment.by, comment.at_ns, comment.case_id) == ("véra", NOW, number)
            case = await vera.decide(number, case.version, FormSuspicion(NOW - 5, "layers"))
            case = await vera.decide(number, case.version, Escalate("beyond me"))
            case = await vera.decide(number, case.version, FALSE)
            assert case.proposed is not None
            with pytest.raises(RefusedError, match="a second person must approve"):
                await vera.decide(number, case.version, Approve())
            case = await sam.decide(number, case.version, Decline("look again"))
            case = await vera.decide(number, case.version, FALSE)
            case = await sam.decide(number, case.version, Approve("agreed"))
            assert case.closing is not None
            assert (case.state, case.closing.by, case.closing.approved_by) == ("closed", "véra", "sam")
            file = await vera.case(number)
            assert file.case == case == store.case(number, VERA, NOW).case
            assert file == store.case(number, Person("véra", frozenset(Role)), NOW)
            assert (await sam.decide(number, case.version, Reopen("more came"))).state == "investigating"

    run(work)


def test_two_analysts_editing_one_case_the_second_gets_a_clear_conflict(store: Store) -> None:
    async def work() -> None:
        async with serving(store) as desk, desk.client("vera") as vera, desk.client("sam") as sam:
            (number,) = desk.filled(1)
            await vera.decide(number, 1, Assign("vera"))
            with pytest.raises(ConflictError) as caught:
                await sam.decide(number, 1, Assign("sam"))
            assert str(caught.value) == (
                f"case {number}: you saw version 1, it is at version 2 since vera (case.assign);"
                " look at it again"
            )
            assert (await sam.case(number)).case.assignee == "vera"

    run(work)


def test_how_a_priority_comes_about_is_told_as_the_store_knows_it(store: Store) -> None:
    async def work() -> None:
        async with serving(store) as desk, desk.client("vera") as vera:
            first, second = desk.filled(2)
            for number in (first, second):
                weighing = await vera.weighing(number)
                assert weighing == store.weighing(number, VERA, NOW)
                assert weighing.priority == store.case(number, VERA, NOW).case.priority
            with pytest.raises(NotFoundError, match="case 99"):
                await vera.weighing(99)

    run(work)


def test_one_call_works_many_cases_and_says_of_each_what_came_of_it(store: Store) -> None:
    async def work() -> None:
        async with serving(store) as desk, desk.client("vera") as vera:
            first, second, third = desk.filled(3)
            await vera.decide(second, 1, Investigate())
            seen = [(first, 1), (second, 2), (third, 9), (77, 1)]
            results = await vera.decide_many(seen, Investigate())
            kinds: list[type[object]] = [type(one) for one in results]
            assert kinds == [Case, RefusedError, ConflictError, NotFoundError]
            undone = await vera.decide_many([(first, 2), (second, 2)], Undo())
            assert [one.state for one in undone if isinstance(one, Case)] == ["open", "open"]

    run(work)


@pytest.mark.parametrize("size", [0, 1, 256 * 2**10, 5_000_001, MAX_ATTACHMENT])
def test_a_file_comes_back_byte_for_byte(store: Store, size: int) -> None:
    content = bytes(range(256)) * (size // 256) + bytes(size % 256)

    async def work() -> None:
        async with serving(store) as desk, desk.client("vera") as vera:
            (number,) = desk.filled(1)
            attachment = await vera.attach(number, "../book.png", "image/png", content)
            assert (attachment.name, attachment.size, attachment.by) == ("../book.png", size, "vera")
            assert await vera.attachment(attachment.id) == (attachment, content)
            assert (await vera.case(number)).attachments == (attachment,)

    run(work)


def test_a_file_that_is_too_large_is_refused_and_nothing_is_kept(store: Store) -> None:
    async def work() -> None:
        async with serving(store) as desk, desk.client("vera") as vera:
            (number,) = desk.filled(1)
            with pytest.raises(RefusedError, match="at most 16777216 bytes"):
                await vera.attach(number, "big", "text/plain", bytes(MAX_ATTACHMENT + 1))
            assert (await vera.case(number)).attachments == ()

    run(work)


def test_an_exported_case_proves_itself_without_the_server(store: Store, tmp_path: Path) -> None:
    async def work() -> None:
        async with serving(store) as desk, desk.client("vera") as vera:
            (number,) = desk.filled(1)
            await vera.attach(number, "noise", "application/octet-stream", bytes(range(256)) * 5_000)
            with (tmp_path / "case.zip").open("wb") as out:
                await vera.export(number, out)

    run(work)
    verdict = verify_bundle(tmp_path / "case.zip", KEY.public_key())
    assert (verdict.fault, verdict.entries) == (None, 3)


def test_the_trail_is_listed_exported_and_verified(store: Store) -> None:
    async def work() -> None:
        async with serving(store) as desk, desk.client("audrey") as audrey:
            (number,) = desk.filled(1)
            await audrey.case(number)
            entries = await audrey.entries(subject=f"case {number}")
            assert [one.entry.action for one in entries] == ["case.open", "case.read"]
            assert entries == tuple(store.entries(AUDREY, NOW, subject=f"case {number}"))
            assert [one.number for one in await audrey.entries(after=2)][:2] == [3, 4]
            out = BytesIO()
            await audrey.export_trail(out)
            lines = out.getvalue().decode().splitlines(keepends=True)
            assert verify(lines, KEY.public_key()).fault is None
            found = await audrey.verify_trail()
            assert (found.sound, found.fault) == (len(lines) - 1 + 1, None)

    run(work)


def test_a_server_without_a_key_says_so(store: Store) -> None:
    async def work() -> None:
        async with serving(store, key=None) as desk, desk.client() as local:
            (number,) = desk.filled(1)
            for call in (local.export_trail(BytesIO()), local.export(number, BytesIO())):
                with pytest.raises(RefusedError, match="no key to sign"):
                    await call

    run(work)


def test_signals_are_suppressed_and_let_through_again(store: Store) -> None:
    async def work() -> None:
        async with serving(store) as desk, desk.client("sam") as sam:
            what = Muting(detector="SPF-01", actor="a0")
            made = await sam.suppress(what, 10**18, "a test account")
            assert (made.muting, made.until_ns, made.by) == (what, 10**18, "sam")
            assert await sam.suppressions() == (made,)
            lifted = await sam.lift(made.id, "over")
            assert lifted.until_ns == NOW
            with pytest.raises(RefusedError):
                await sam.suppress(Muting(), 10**18, "everything")
            assert desk.now == NOW

    run(work)


async def heard(watching: AsyncIterator[Changed]) -> list[int]:
    """The cases of the next message that has any."""
    async for changed in watching:
        if changed.cases:
            return [one.case.id for one in changed.cases]
    raise AssertionError("the server ended")


def test_a_watcher_hears_of_every_change_whoever_makes_it(store: Store) -> None:
    async def work() -> None:
        async with serving(store) as desk, desk.client("vera") as vera, desk.client("sam") as sam:
            first, second = desk.filled(2)
            watching = vera.watch()
            assert await anext(watching) == Changed()
            await sam.decide(first, 1, Investigate())
            assert await heard(watching) == [first]
            await sam.comment(second, "look")
            assert await heard(watching) == [second]
            await sam.decide_many([(first, 2), (second, 1)], Assign("sam"))
            assert await heard(watching) == [first, second]
            await asyncio.to_thread(desk.changes.announce, desk.filled(3))  # as the pipeline does
            assert await heard(watching) == [3]
            await watching.aclose()

    run(work)


def test_a_watcher_gets_heartbeats_while_nothing_changes(store: Store) -> None:
    async def work() -> None:
        async with serving(store) as desk, desk.client("vera") as vera:
            watching = vera.watch()
            for _ in range(5):
                assert await anext(watching) == Changed()
            await watching.aclose()
            assert store.entries(AUDREY, NOW) == []

    run(work)


def test_a_watcher_that_falls_behind_is_told_to_list_again(store: Store) -> None:
    async def work() -> None:
        async with serving(store) as desk, desk.client("vera") as vera:
            desk.filled(3)
            watching = vera.watch()
            await anext(watching)
            desk.changes.announce(range(1, MOST_PENDING + 50))
            async for changed in watching:
                if changed.cases:
                    assert (len(changed.cases), changed.more) == (3, True)
                    break
            await watching.aclose()

    run(work)


def test_a_server_that_ends_or_says_nothing_counts_as_lost(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tapewarden.client.cases.SILENCE_S", 2.0)

    async def work() -> None:
        async with desk_client(store, heartbeat_s=30) as watching:
            await anext(watching)
            with pytest.raises(UnavailableError, match="said nothing for 2 seconds"):
                await anext(watching)
        async with AsyncExitStack() as stack:
            desk = await stack.enter_async_context(serving(store))
            async with desk.client("vera") as vera:
                watching = vera.watch()
                await anext(watching)
                await stack.aclose()
                with pytest.raises(UnavailableError):
                    async for _ in watching:
                        pass

    run(work)


@asynccontextmanager
async def desk_client(store: Store, heartbeat_s: float) -> AsyncIterator[AsyncIterator[Changed]]:
    async with serving(store, heartbeat_s=heartbeat_s) as desk, desk.client("vera") as vera:
        yield vera.watch()


def test_what_is_asked_wrongly_is_refused_with_the_reason(store: Store) -> None:
    async def work() -> None:
        async with serving(store) as desk, desk.client("vera") as vera:
            (number,) = desk.filled(1)
            calls: list[tuple[Coroutine[Any, Any, object], type[Exception], str]] = [
                (vera.case(77), NotFoundError, "case 77: there is none"),
                (vera.attachment(77), NotFoundError, "attachment 77: there is none"),
                (vera.lift(77, "why"), NotFoundError, "suppression 77: there is none"),
                (vera.decide(77, 1, Investigate()), NotFoundError, "case 77: there is none"),
                (vera.decide(number, 1, Reopen("why")), RefusedError, "it must be closed"),
                (vera.comment(number, "  "), RefusedError, "a comment says something"),
                (vera.queue(CaseFilter(limit=5_000)), RefusedError, "a page has 1 to 1000 rows"),
                (vera.queue(CaseFilter(minimum_priority=float("nan"))), ServerError, "finite numbers"),
            ]
            for call, kind, text in calls:
                with pytest.raises(kind, match=re.escape(text)):
                    await call
            raw = cases_pb2_grpc.CasesStub(vera._channel)
            for request, text in (
                (pb.ListCasesRequest(filter=pb.CaseFilter(state="ope")), "state: expected one of open, inv"),
                (pb.ListCasesRequest(filter=pb.CaseFilter(order="random")), "order: expected one of prio"),
            ):
                with pytest.raises(grpc.RpcError, match=re.escape(text)):
                    await raw.ListCases(request)
            with pytest.raises(grpc.RpcError, match="command: expected a command"):
                await raw.Decide(pb.DecideRequest(seen=pb.CaseVersion(case_id=number, version=1)))
            for parts in ([], [pb.AttachRequest(content=b"x")]):
                with pytest.raises(grpc.RpcError, match="a head, then content"):
                    await raw.Attach(iter(parts))

    run(work)


HOSTILE = (
    "' OR 1=1 --",
    "'; DROP TABLE cases; --",
    "../../etc/passwd",
    "\0",
    "\u202e\u0000",
    "{}%s$1",
    "x" * 1_000_000,
    "\U0010ffff" * 1_000,
)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_texts_in_every_field_change_nothing_else(store: Store, text: str) -> None:
    async def work() -> None:
        async with serving(store) as desk, desk.client("vera") as vera:
            (number,) = desk.filled(1)
            calls: list[Coroutine[Any, Any, object]] = [
                vera.comment(number, text),
                vera.attach(number, text, text, b"x"),
                vera.decide(number, 1, Assign(text)),
                vera.decide(number, 1, Investigate()),
                vera.decide(number, 2, Escalate(text)),
                vera.suppress(Muting(actor=text), 10**18, text),
                vera.queue(CaseFilter(text=text, actor=text, assignee=text, family=text, instrument=text)),
                vera.entries(subject=text),
                vera.export(number, BytesIO()),
            ]
            for call in calls:
                with suppress(RefusedError, ConflictError, LimitError):
                    await call
            found = await vera.verify_trail()
            assert found.fault is None
            assert (await vera.queue()).total == 1

    run(work)


def test_a_thousand_messages_of_noise_harm_nobody(store: Store) -> None:
    noise = Random(1)
    methods = [f"/tapewarden.v1.Cases/{one.name}" for one in pb.DESCRIPTOR.services_by_name["Cases"].methods]

    codes = set()

    async def send(channel: grpc.aio.Channel, method: str) -> None:
        data = noise.randbytes(noise.randrange(200))
        call = channel.stream_stream(method)(iter([data]))
        try:
            await call.read()
        except grpc.RpcError as error:
            codes.add(error.code().name)
        call.cancel()

    async def work() -> None:
        async with serving(store, limits=Limits(burst=10_000)) as desk, desk.client("vera") as vera:
            (number,) = desk.filled(1)
            watching = vera.watch()
            await anext(watching)
            async with grpc.aio.insecure_channel(desk.address) as channel:
                for _ in range(1_000 // len(methods) + 1):
                    await asyncio.gather(*(send(channel, method) for method in methods))
            assert codes <= {"INVALID_ARGUMENT", "NOT_FOUND", "PERMISSION_DENIED"}
            await vera.comment(number, "still here")
            assert await heard(watching) == [number]
            await watching.aclose()
            assert (await vera.verify_trail()).fault is None

    run(work)


def test_the_servers_own_faults_are_hidden_from_callers(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("SELECT secret FROM somewhere")

    async def work() -> None:
        async with serving(store) as desk, desk.client("vera") as vera:
            monkeypatch.setattr(store, "case", broken)
            with pytest.raises(ServerError) as caught:
                await vera.case(1)
            assert str(caught.value) == "the server answered INTERNAL: the server failed; its log says why"
            assert (await vera.queue()).total == 0

    run(work)


def test_a_change_whose_caller_is_gone_is_made_and_told(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work() -> None:
        async with serving(store) as desk, desk.client("vera") as vera, desk.client("sam") as sam:
            (number,) = desk.filled(1)
            watching = sam.watch()
            await anext(watching)
            begun, goes_on = Event(), Event()
            decide = store.decide

            def slow(*arguments: Any) -> Case:
                begun.set()
                goes_on.wait()
                return decide(*arguments)

            monkeypatch.setattr(store, "decide", slow)
            call = asyncio.create_task(vera.decide(number, 1, Investigate()))
            await asyncio.to_thread(begun.wait)
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
            goes_on.set()
            assert await heard(watching) == [number]
            assert (await sam.case(number)).case.state is CaseState.INVESTIGATING
            await watching.aclose()

    run(work)


def test_a_generic_client_finds_the_service(store: Store) -> None:
    async def work() -> None:
        async with serving(store) as desk, grpc.aio.insecure_channel(desk.address) as channel:
            stub = reflection_pb2_grpc.ServerReflectionStub(channel)
            request = reflection_pb2.ServerReflectionRequest(list_services="")
            async for answer in stub.ServerReflectionInfo(iter([request])):
                names = {one.name for one in answer.list_services_response.service}
                assert "tapewarden.v1.Cases" in names

    run(work)
