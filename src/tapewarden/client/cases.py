"""`CasesClient`: what people do with cases on a server, in nouns of the domain."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, BinaryIO, Final, Self

import grpc

from tapewarden.client.connection import Connection, answering
from tapewarden.domain.case import Case
from tapewarden.domain.casework import (
    Attachment,
    CaseFile,
    CaseFilter,
    Comment,
    ExportFormat,
    Muting,
    Queue,
    Queued,
    Suppression,
)
from tapewarden.domain.commands import Command, Undo
from tapewarden.domain.errors import TapewardenError, UnavailableError
from tapewarden.domain.trail import Link
from tapewarden.domain.weighing import Weighing
from tapewarden.wire import casework
from tapewarden.wire.commands import command_message
from tapewarden.wire.statuses import error_of
from tapewarden.wire.v1 import cases_pb2 as pb
from tapewarden.wire.v1.cases_pb2_grpc import CasesStub
from tapewarden.wire.weighing import weighing_of

ANSWER_S: Final = 60.0
"""How long a server may take to answer, seconds; exports, attachments and verification have no limit."""

SILENCE_S: Final = 5.0
"""How long a server that is watched may say nothing; it promises a word each second. As of other streams: a
window says that what it shows is old before it gives the connection up."""

_PIECE: Final = 256 * 2**10
_CODES: Final = {code.value[0]: code for code in grpc.StatusCode}


@dataclass(frozen=True, slots=True)
class Changed:
    """Cases that changed, each as it is now; none in a heartbeat. ``more``: list them again, more did."""

    cases: tuple[Queued, ...] = ()
    more: bool = False


@dataclass(frozen=True, slots=True)
class Verification:
    """How many entries of the audit trail are sound; ``fault`` names the first that is not."""

    sound: int
    fault: str | None


class CasesClient:
    """Calls to a server: ``async with CasesClient(connection) as cases``.

    Methods raise the errors of the domain: ``NotFoundError``, ``RefusedError``, ``ConflictError`` where a
    case has changed since it was seen, ``UnauthenticatedError``, ``LimitError``, ``UnavailableError`` where
    nothing was done, and ``UncertainError`` where that is not known. After a loss the next call connects
    again.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def __aenter__(self) -> Self:
        self._channel = self._connection.channel()
        self._stub: Any = CasesStub(self._channel)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._channel.close()

    async def queue(self, wanted: CaseFilter | None = None) -> Queue:
        """A page of cases."""
        request = pb.ListCasesRequest(filter=casework.filter_message(wanted or CaseFilter()))
        answer = await self._ask(self._stub.ListCases, request)
        return Queue(tuple(map(casework.queued_of, answer.cases)), answer.total)

    async def case(self, case_id: int) -> CaseFile:
        """A case with what belongs to it."""
        return casework.file_of(await self._ask(self._stub.GetCase, pb.GetCaseRequest(case_id=case_id)))

    async def weighing(self, case_id: int) -> Weighing:
        """How the priority of a case comes about, as things are now."""
        return weighing_of(await self._ask(self._stub.WeighCase, pb.WeighCaseRequest(case_id=case_id)))

    async def watch(self) -> AsyncGenerator[Changed, None]:
        """Cases as they change, from the first answer on, until ``UnavailableError`` or who watches ends it.

        The first answer is empty and comes at once; list the cases after it, and nothing is missed. A server
        that says nothing for ``SILENCE_S`` counts as lost.
        """
        call = self._stub.WatchCases(pb.WatchCasesRequest(), metadata=self._connection.metadata)
        with answering(self._connection.address):
            try:
                while (message := await self._heard(call)) is not grpc.aio.EOF:
                    yield Changed(tuple(map(casework.queued_of, message.cases)), message.more)
            finally:
                call.cancel()
        raise UnavailableError(f"{self._connection.address}: the server ended")

    async def decide(self, case_id: int, version: int, command: Command | Undo) -> Case:
        """Give a command for a case as one saw it; the case as it is afterwards."""
        seen = pb.CaseVersion(case_id=case_id, version=version)
        request = pb.DecideRequest(seen=seen, command=command_message(command))
        return casework.case_of(await self._ask(self._stub.Decide, request))

    async def decide_many(
        self, versions: Sequence[tuple[int, int]], command: Command | Undo
    ) -> list[Case | TapewardenError]:
        """Give one command for many cases, each with the version one saw; an answer for each, in order."""
        seen = [pb.CaseVersion(case_id=case_id, version=version) for case_id, version in versions]
        request = pb.DecideManyRequest(seen=seen, command=command_message(command))
        answer = await self._ask(self._stub.DecideMany, request)
        return [_result(one) for one in answer.results]

    async def comment(self, case_id: int, text: str) -> Comment:
        """Add a comment."""
        request = pb.AddCommentRequest(case_id=case_id, text=text)
        return casework.comment_of(await self._ask(self._stub.AddComment, request))

    async def attach(self, case_id: int, name: str, media_type: str, content: bytes) -> Attachment:
        """Add a file."""
        head = pb.AttachmentHead(case_id=case_id, name=name, media_type=media_type)
        pieces = (content[start : start + _PIECE] for start in range(0, len(content), _PIECE))
        requests = [pb.AttachRequest(head=head), *(pb.AttachRequest(content=piece) for piece in pieces)]
        with answering(self._connection.address):
            answer = await self._stub.Attach(iter(requests), metadata=self._connection.metadata)
        return casework.attachment_of(answer)

    async def attachment(self, attachment_id: int) -> tuple[Attachment, bytes]:
        """A file of a case."""
        request = pb.GetAttachmentRequest(attachment_id=attachment_id)
        pieces = [piece async for piece in self._stream(self._stub.GetAttachment, request)]
        return casework.attachment_of(pieces[0].attachment), b"".join(piece.content for piece in pieces)

    async def export(self, case_id: int, out: BinaryIO, wanted: ExportFormat = ExportFormat.ZIP) -> None:
        """Write a case as a ZIP file that proves itself, or as a report."""
        request = pb.ExportCaseRequest(case_id=case_id, format=wanted)
        async for piece in self._stream(self._stub.ExportCase, request):
            out.write(piece.content)

    async def suppress(self, what: Muting, until_ns: int, reason: str) -> Suppression:
        """Keep further signals out of cases until a time."""
        muting = casework.muting_message(what)
        request = pb.SuppressRequest(muting=muting, until_ns=until_ns, reason=reason)
        return casework.suppression_of(await self._ask(self._stub.Suppress, request))

    async def lift(self, suppression_id: int, reason: str) -> Suppression:
        """End a suppression before its time."""
        request = pb.LiftRequest(suppression_id=suppression_id, reason=reason)
        return casework.suppression_of(await self._ask(self._stub.Lift, request))

    async def suppressions(self) -> tuple[Suppression, ...]:
        """All suppressions there ever were."""
        answer = await self._ask(self._stub.ListSuppressions, pb.ListSuppressionsRequest())
        return tuple(map(casework.suppression_of, answer.suppressions))

    async def entries(self, *, subject: str | None = None, after: int = 0) -> tuple[Link, ...]:
        """Up to 1,000 entries of the audit trail behind a number: of a subject such as ``case 7``, or all."""
        request = pb.ListEntriesRequest(subject=subject, after=after)
        answer = await self._ask(self._stub.ListEntries, request)
        return tuple(map(casework.entry_of, answer.entries))

    async def export_trail(self, out: BinaryIO) -> None:
        """Write the whole audit trail, for ``tapewarden audit verify``."""
        async for piece in self._stream(self._stub.ExportTrail, pb.ExportTrailRequest()):
            out.write(piece.content)

    async def verify_trail(self) -> Verification:
        """Have the server verify its audit trail; trust an export that one verified oneself more."""
        with answering(self._connection.address):
            answer = await self._stub.VerifyTrail(pb.VerifyTrailRequest(), metadata=self._connection.metadata)
        return Verification(answer.sound, casework.given(answer, "fault"))

    async def _ask(self, method: Any, request: Any) -> Any:  # noqa: ANN401 - gRPC has no types
        with answering(self._connection.address):
            return await method(request, timeout=ANSWER_S, metadata=self._connection.metadata)

    async def _stream(self, method: Any, request: Any) -> AsyncIterator[Any]:  # noqa: ANN401 - as above
        with answering(self._connection.address):
            async for piece in method(request, metadata=self._connection.metadata):
                yield piece

    async def _heard(self, call: Any) -> Any:  # noqa: ANN401 - as above
        try:
            async with asyncio.timeout(SILENCE_S):
                return await call.read()
        except TimeoutError:
            silent = f"{self._connection.address}: the server said nothing for {SILENCE_S:g} seconds"
            raise UnavailableError(silent) from None


def _result(decided: pb.Decided) -> Case | TapewardenError:
    if decided.HasField("case"):
        return casework.case_of(decided.case)
    return error_of(_CODES.get(decided.failure.code, grpc.StatusCode.UNKNOWN), decided.failure.text)
