"""From an event over gRPC to a case that a person works on, on one running server."""

import asyncio
from pathlib import Path

from tapewarden.cases.store import verify_database
from tapewarden.client import CasesClient, Connection
from tapewarden.domain.casework import CaseFilter
from tapewarden.domain.commands import Assign, Undo
from tapewarden.runtime.configuration import Configuration
from tapewarden.server.heads import HEADS
from tapewarden.server.serving import Plan
from tests.probes import PROBES
from tests.strategies import small_directory
from tests.unit.live.rig import messages as encoded
from tests.unit.server.desk import KEY
from tests.unit.server.running import Running, running
from tests.unit.server.test_ingest import publish
from tests.unit.server.test_surveillance import market


async def hand_in(server: Running) -> None:
    with server.channel() as channel:
        await asyncio.to_thread(publish, channel, encoded(small_directory(), [market()]))


async def work(server: Running) -> None:
    async with CasesClient(Connection(address=server.address, person="vera")) as cases:
        watching = cases.watch()
        await anext(watching)
        await hand_in(server)
        heard = await anext(changed async for changed in watching if changed.cases)
        await watching.aclose()
        queue = await cases.queue(CaseFilter(assignee=""))
        assert {one.case.id for one in heard.cases} <= {one.case.id for one in queue.cases}
        seen = [(one.case.id, one.case.version) for one in queue.cases]
        taken = await cases.decide_many(seen, Assign("vera"))
        assert [one.assignee for one in taken] == ["vera"] * len(seen)  # type: ignore[union-attr]
        file = await cases.case(seen[0][0])
        assert file.signals
        assert [one.entry.actor for one in file.history][-1] == "vera"
        await cases.decide(file.case.id, file.case.version, Undo())
        assert (await cases.verify_trail()).fault is None


def test_what_happens_on_a_market_becomes_a_case_that_people_are_told_of_and_work(tmp_path: Path) -> None:
    plan = Plan(folder=tmp_path, configuration=Configuration(detectors=PROBES), listen="127.0.0.1:0", key=KEY)
    with running(plan) as server:
        asyncio.run(asyncio.wait_for(work(server), 60))
    found = verify_database(tmp_path / "cases.db", KEY.public_key())
    assert (found.verdict.fault, found.signed) == (None, found.number)
    assert (tmp_path / HEADS).read_text("utf-8").count("signature") >= 1
