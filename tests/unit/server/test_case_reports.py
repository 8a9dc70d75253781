"""Reports of a real server: its journal, its signals, its configuration, in a process of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from lxml import etree

from tapewarden.cases.bundle import Contents
from tapewarden.client import CasesClient, Connection
from tapewarden.domain.casework import ExportFormat
from tapewarden.reports.content import Entity
from tapewarden.reports.formats.xml import NAMESPACE
from tapewarden.runtime.configuration import Configuration
from tapewarden.server.case_reports import CaseReports
from tapewarden.server.serving import Plan
from tests.probes import PROBES
from tests.strategies import START, small_directory
from tests.unit.cases.workflows import VERA
from tests.unit.live.rig import messages as encoded
from tests.unit.server.running import Running, running
from tests.unit.server.test_ingest import publish
from tests.unit.server.test_surveillance import COUNT, market

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    plan = Plan(
        folder=tmp_path_factory.mktemp("server"),
        configuration=Configuration(detectors=PROBES),
        listen="127.0.0.1:0",
        key=KEY,
        entity=Entity(name="Example <Exchange>"),
    )
    with running(plan) as server:
        with server.channel() as channel:
            publish(channel, encoded(small_directory(), list(market().split(7))))
        server.server.pipeline.settle()
        yield server


def exported(server: Running, wanted: ExportFormat, case_id: int = 1) -> bytes:
    async def export() -> bytes:
        async with CasesClient(Connection(address=server.address, person="vera")) as cases:
            out = BytesIO()
            await cases.export(case_id, out, wanted)
            return out.getvalue()

    return asyncio.run(export())


def test_a_report_shows_the_market_of_the_journal_around_signals(server: Running) -> None:
    root = etree.fromstring(exported(server, ExportFormat.XML))
    assert root.get("simulated") == "true"
    (window,) = root.iter(f"{{{NAMESPACE}}}window")
    assert window.get("trades") == str(COUNT // 4)
    suspects = {one.get("name") for one in root.iter(f"{{{NAMESPACE}}}account")}
    told = [one.get("account") in suspects or one.get("counterAccount") in suspects for one in window]
    assert told
    assert all(told)
    assert [one.text for one in root.iter(f"{{{NAMESPACE}}}name")] == ["Example <Exchange>"]
    assert [one.get("sound") for one in root.iter(f"{{{NAMESPACE}}}auditTrail")] == ["true"]


def test_a_window_that_is_not_over_yet_is_said(server: Running) -> None:
    root = etree.fromstring(exported(server, ExportFormat.XML))
    (missing,) = root.iter(f"{{{NAMESPACE}}}missing")
    assert str(missing.text).startswith("Nothing is known yet of what came after")


@pytest.mark.parametrize("wanted", [ExportFormat.HTML, ExportFormat.PDF])
def test_the_same_case_gives_the_same_file_of_the_same_server(server: Running, wanted: ExportFormat) -> None:
    assert exported(server, wanted) == exported(server, wanted)


def test_a_market_that_nobody_knows_is_said_and_the_report_is_made(server: Running) -> None:
    told: list[str] = []

    def made(contents: Contents, wanted: ExportFormat) -> bytes:
        moved = replace(contents, case=replace(contents.case, instrument="GONE@SIM"))
        told.extend(CaseReports(server.server.pipeline, Entity()).report(moved).missing)
        return b""

    server.server.store.export_report(1, made, ExportFormat.XML, KEY, VERA, START)
    assert [one.rpartition(" UTC ")[2] for one in told] == [
        "cannot be shown: instrument GONE@SIM: there is none."
    ]
