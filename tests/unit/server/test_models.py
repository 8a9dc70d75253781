"""Models on a real server: kept, decided on by two people, judging, and compared."""

import asyncio
import dataclasses
from collections.abc import Awaitable, Iterator
from pathlib import Path

import pytest
from prometheus_client import generate_latest

from tapewarden.client import Connection, ModelsClient, SurveillanceClient
from tapewarden.domain.casework import SignalFilter
from tapewarden.domain.errors import NotFoundError, RefusedError, ServerError, TapewardenError
from tapewarden.domain.promotion import ModelState
from tapewarden.domain.signal import Outcome
from tapewarden.domain.staff import Role
from tapewarden.live.pipeline import Options
from tapewarden.runtime.configuration import Configuration
from tapewarden.server.serving import Plan
from tapewarden.wire.v1 import surveillance_pb2, surveillance_pb2_grpc
from tests.samples.markets import small_run
from tests.samples.models import EASY, models
from tests.unit.cases.workflows import ADA, AUDREY
from tests.unit.live.rig import messages
from tests.unit.server.running import Running, running, token_for
from tests.unit.server.test_ingest import publish

EVENTS = 8_000


def a_plan(folder: Path, *, tokens: bool = False) -> Plan:
    return Plan(
        folder=folder,
        configuration=Configuration(detectors=()),
        listen="127.0.0.1:0",
        tokens=tokens,
        options=Options(windows=EASY),
    )


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Running]:
    with running(a_plan(tmp_path)) as server:
        yield server


def client(server: Running, person: str | None = None, token: str | None = None) -> ModelsClient:
    return ModelsClient(Connection(address=server.address, person=person, token=token))


async def hand_in(server: Running, first: int, last: int, source: str) -> None:
    run = small_run()
    batches = list(run.tape[first:last].split(1000))
    with server.channel() as channel:
        sent = messages(run.simulation.directory, batches, source=source)
        await asyncio.to_thread(publish, channel, sent)
    await asyncio.to_thread(server.server.pipeline.settle)


async def refused(work: Awaitable[object], error: type[TapewardenError], why: str) -> None:
    with pytest.raises(error, match=why) as raised:
        await work
    assert "\n" not in str(raised.value)


def test_one_proposes_another_promotes_and_the_server_lets_the_models_judge(server: Running) -> None:
    async def work() -> None:
        async with client(server, "sam") as sam, client(server, "sue") as sue:
            first = await sam.keep("august", models(1, 0.05).data)
            assert first.id == models(1, 0.05).id
            assert (await sam.model(first.id)).card == models(1, 0.05).card
            assert [dataclasses.replace(first, card="")] == list(await sue.all())
            assert (await sam.propose(first.id, "new data")).state is ModelState.PROPOSED
            await refused(sam.promote(first.id, "mine"), RefusedError, "somebody else must promote it")
            await hand_in(server, 0, 3000, "before")
            async with SurveillanceClient(Connection(address=server.address)) as surveillance:
                assert await surveillance.signals(SignalFilter()) == ()
                assert (await sue.status()).champion is None
                assert (await sue.promote(first.id, "looks right")).promoted_by == "sue"
                second = await sam.keep("september", models(2, 0.05).data)
                await sam.propose(second.id, "newer data")
                await hand_in(server, 3000, EVENTS, "behind")
                found = [one.signal for one in await surveillance.signals(SignalFilter(limit=1000))]
                assert {one.parameters for one in found} == {first.id}
                again = await surveillance.derive_again(found[0].id)
                assert (again.outcome, again.from_features) == (Outcome.SAME, False)
                grounds = await surveillance.grounds(found[0].id)
                assert found[0].instrument in grounds.seen
                assert grounds.alike
            status = await sue.status()
            assert status.champion is not None
            assert status.comparison is not None
            assert (status.comparison.champion, status.comparison.challenger) == (first.id, second.id)
            assert sum(one.challenger_alerts for one in status.comparison.scopes) > 0
            assert (await sue.decline(second.id, "no better")).state is ModelState.KEPT
            assert (await sue.retire(first.id, "the venue changed")).state is ModelState.RETIRED
            assert (await sue.status()).champion is None

    asyncio.run(work())
    entries = server.server.store.entries(AUDREY, 7)
    told = [(one.entry.action, one.entry.actor) for one in entries]
    decided = [one for one in told if one[0].startswith("model.")]
    assert decided == [
        ("model.keep", "sam"),
        ("model.propose", "sam"),
        ("model.promote", "sue"),
        ("model.keep", "sam"),
        ("model.propose", "sam"),
        ("model.decline", "sue"),
        ("model.retire", "sue"),
    ]


def test_health_and_metrics_tell_of_models_that_judge_and_of_what_cannot(server: Running) -> None:
    async def work() -> None:
        async with client(server, "sam") as sam, client(server, "sue") as sue:
            first = await sam.keep("august", models(1, 0.05).data)
            await sam.propose(first.id, "new data")
            await sue.promote(first.id, "looks right")
            store = server.server.store
            cut = store.models.keep("cut", "{}", models(2, 0.05).data[:-1], ADA, 9).id
            store.models.propose(cut, "around the server", ADA, 10)
            await asyncio.to_thread(server.do, server.server.following.look())
            await refused(
                sue.promote(cut, "why not"), ServerError, f"model {cut}: expected .* undamaged bytes"
            )
            async with SurveillanceClient(Connection(address=server.address)) as surveillance:
                tape = surveillance.watch_tape(interval_ms=20)
                await anext(tape)
                await hand_in(server, 0, EVENTS, "venue")
                news = await anext(one async for one in tape if one.scores is not None)
                assert news.scores is not None
                assert 1 <= news.scores.trade.min() <= news.scores.trade.max()
                assert news.scores.trade.max() < news.first_trade + len(news.trades)
                await tape.aclose()  # type: ignore[attr-defined]

    asyncio.run(work())
    with server.channel() as channel:
        health = surveillance_pb2_grpc.SurveillanceStub(channel).Health(surveillance_pb2.HealthRequest())
        listed = surveillance_pb2_grpc.SurveillanceStub(channel).ListDetectors(
            surveillance_pb2.ListDetectorsRequest()
        )
    assert {one.id for one in listed.detectors} == {one.detector for one in health.detectors}
    assert {one.detector for one in health.detectors if one.signals} == {"ANM-01", "ANM-02"}
    (model,) = health.models
    assert (model.role, model.model) == ("champion", models(1, 0.05).id)
    assert model.windows > model.alerts > 0
    assert model.expected_alerts == pytest.approx(0.05 * model.windows)
    (fault,) = health.model_faults
    assert "undamaged bytes" in fault
    exported = generate_latest(server.server.metrics.registry).decode()
    assert 'tapewarden_model_windows{role="champion",scope="account 10"}' in exported
    assert 'tapewarden_model_score_distance{role="champion",scope="instrument 1"}' in exported


def test_what_is_no_model_or_not_there_is_refused_in_one_line(server: Running) -> None:
    async def work() -> None:
        async with client(server) as one:
            await refused(one.keep("none", b"something else"), ServerError, "model 'none': expected a model")
            await refused(one.model("abc"), NotFoundError, "model abc: there is none")
            await refused(one.propose("abc", "because"), NotFoundError, "model abc: there is none")
            await refused(one.retire("abc", " "), RefusedError, "say why")

    asyncio.run(work())


@pytest.mark.parametrize(
    ("role", "looks", "decides"),
    [
        (Role.VIEWER, True, False),
        (Role.SENIOR, True, True),
        (Role.ADMIN, True, True),
        (Role.PRODUCER, False, False),
    ],
)
def test_who_may_look_at_models_and_who_may_decide(
    tmp_path: Path, role: Role, looks: bool, decides: bool
) -> None:
    plan = a_plan(tmp_path, tokens=True)
    token = token_for(plan, role=role)
    with running(plan) as server:

        async def work() -> None:
            async with client(server, token=token) as one:
                for asked in (one.all, one.status):
                    if looks:
                        await asked()
                    else:
                        await refused(asked(), RefusedError, "may not")
                if decides:
                    await one.keep("august", models(1, 0.05).data)
                else:
                    await refused(one.keep("august", models(1, 0.05).data), RefusedError, "may not")
                    await refused(one.propose("abc", "because"), RefusedError, "may not")

        asyncio.run(work())
