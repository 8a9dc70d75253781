"""Reports from the Cases service, called by the typed client, over the real store."""

from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import grpc
import pytest

from tapewarden.cases.store import Store
from tapewarden.domain.casework import ExportFormat
from tapewarden.domain.errors import NotFoundError, RefusedError
from tapewarden.wire.v1 import cases_pb2 as pb
from tapewarden.wire.v1 import cases_pb2_grpc
from tests.unit.cases.workflows import AUDREY
from tests.unit.server.desk import NOW, run, serving


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path / 'cases.db'}")
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("wanted", "begin"),
    [(ExportFormat.HTML, b"<!DOCTYPE"), (ExportFormat.PDF, b"%PDF"), (ExportFormat.XML, b"<?xml")],
)
def test_a_report_is_entered_into_the_trail_with_its_hash(
    store: Store, wanted: ExportFormat, begin: bytes
) -> None:
    async def work() -> None:
        async with serving(store) as desk, desk.client("vera") as vera:
            (number,) = desk.filled(1)
            first, again = BytesIO(), BytesIO()
            await vera.export(number, first, wanted)
            await vera.export(number, again, wanted)
            assert first.getvalue().startswith(begin)
            assert first.getvalue() == again.getvalue()
            last = store.entries(AUDREY, NOW, subject=f"case {number}")[-1].entry
            assert (last.action, last.actor) == ("case.export", "vera")
            digest = sha256(first.getvalue()).hexdigest()
            assert last.new == {"format": wanted, "sha256": digest, "version": 1}

    run(work)


def test_a_report_that_nobody_can_make_or_that_is_none_is_refused(store: Store) -> None:
    async def work() -> None:
        async with serving(store, reports=None) as desk, desk.client("vera") as vera:
            (number,) = desk.filled(1)
            with pytest.raises(RefusedError, match="makes no reports"):
                await vera.export(number, BytesIO(), ExportFormat.PDF)
            request = pb.ExportCaseRequest(case_id=number, format="docx")
            async with grpc.aio.insecure_channel(desk.address) as channel:
                with pytest.raises(grpc.aio.AioRpcError, match="one of zip, html, pdf, xml"):
                    await cases_pb2_grpc.CasesStub(channel).ExportCase(request).read()
        async with serving(store) as desk, desk.client("vera") as vera:
            with pytest.raises(NotFoundError):
                await vera.export(99, BytesIO(), ExportFormat.HTML)
        assert "case.export" not in [one.entry.action for one in store.entries(AUDREY, NOW)]

    run(work)
