"""`Cases`: what people do, over the store. Whatever may block runs on threads of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, Final, TypeAlias, TypeVar, cast

import grpc
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tapewarden.cases.audit import verify
from tapewarden.cases.bundle import Contents
from tapewarden.cases.store import MAX_ATTACHMENT, Store
from tapewarden.cases.workflow import require
from tapewarden.domain.case import Case
from tapewarden.domain.casework import ExportFormat
from tapewarden.domain.errors import FieldError, RefusedError, TapewardenError
from tapewarden.domain.staff import Permission, Person
from tapewarden.server.changes import Changes
from tapewarden.server.handling import service_handler
from tapewarden.wire import casework
from tapewarden.wire.commands import command_of
from tapewarden.wire.statuses import status_of
from tapewarden.wire.v1 import cases_pb2 as pb
from tapewarden.wire.weighing import weighing_message

HEARTBEAT_S: Final = 1.0
PIECE: Final = 256 * 2**10
"""Bytes of a file in one message."""

_THREADS: Final = 4  # transactions are made one after the other anyway
_SPACING_S: Final = 0.25  # between two looks of a watcher: each is an entry of the trail
_ATTACHING: Final = 4  # files that are held in memory at once
_ATTACH_S: Final = 120.0
_IN_MEMORY: Final = 8 * 2**20
_LINES: Final = 500

Result = TypeVar("Result")
Context: TypeAlias = grpc.aio.ServicerContext


class Cases:
    """The service.

    Args:
        store: Where cases are.
        clock: The time, ns UTC.
        caller: Who makes a call; raises where that is not known.
        changes: Told of every change, and watched.
        key: Signs heads of the trail and exports; ``None`` where nothing can be exported.
        reports: Makes the file of a report, and may take its time; ``None`` where there are none.
        heartbeat_s: How long a watcher waits before it is told that nothing changed.
    """

    def __init__(
        self,
        store: Store,
        clock: Callable[[], int],
        caller: Callable[[Context], Person],
        changes: Changes,
        key: Ed25519PrivateKey | None = None,
        reports: Callable[[Contents, ExportFormat], bytes] | None = None,
        heartbeat_s: float = HEARTBEAT_S,
    ) -> None:
        self._store = store
        self._clock = clock
        self._caller = caller
        self._changes = changes
        self._key = key
        self._reports = reports
        self._heartbeat_s = heartbeat_s
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="cases")
        self._press = ThreadPoolExecutor(1, thread_name_prefix="reports")  # each takes seconds
        self._attaching = asyncio.Semaphore(_ATTACHING)

    def handler(self) -> grpc.GenericRpcHandler:
        """What a server needs."""
        return service_handler(pb.DESCRIPTOR.services_by_name["Cases"], self)

    def close(self) -> None:
        """End the threads, once what they do is done."""
        self._press.shutdown(cancel_futures=True)
        self._threads.shutdown()

    async def list_cases(self, request: pb.ListCasesRequest, context: Context) -> pb.ListCasesResponse:
        """A page of cases."""
        wanted = casework.filter_of(request.filter)
        queue = await self._run(self._store.cases, wanted, self._caller(context), self._clock())
        return pb.ListCasesResponse(cases=map(casework.queued_message, queue.cases), total=queue.total)

    async def get_case(self, request: pb.GetCaseRequest, context: Context) -> pb.CaseFile:
        """A case with what belongs to it."""
        file = await self._run(self._store.case, request.case_id, self._caller(context), self._clock())
        return casework.file_message(file)

    async def weigh_case(self, request: pb.WeighCaseRequest, context: Context) -> pb.Weighing:
        """How the priority of a case comes about."""
        weighing = await self._run(
            self._store.weighing, request.case_id, self._caller(context), self._clock()
        )
        return weighing_message(weighing)

    async def watch_cases(
        self, request: pb.WatchCasesRequest, context: Context
    ) -> AsyncIterator[pb.CasesChanged]:
        """Cases as they change; who watches is asked for anew each time, for that may have changed."""
        require(self._caller(context), Permission.READ)
        with self._changes.watching() as watcher:
            yield pb.CasesChanged()
            while True:
                changed, more = await watcher.next(self._heartbeat_s)
                caller = self._caller(context)
                require(caller, Permission.READ)
                message = pb.CasesChanged(more=more)
                if changed:
                    found = await self._run(self._store.some_cases, changed, caller, self._clock())
                    message.cases.extend(map(casework.queued_message, found))
                yield message
                if changed:
                    await asyncio.sleep(_SPACING_S)

    async def decide(self, request: pb.DecideRequest, context: Context) -> pb.Case:
        """Carry out a command on a case as it was seen."""
        seen, command, caller = request.seen, command_of(request.command), self._caller(context)

        def decide() -> Case:
            case = self._store.decide(seen.case_id, seen.version, command, caller, self._clock())
            self._changes.announce([case.id])
            return case

        return casework.case_message(await self._run(decide))

    async def decide_many(self, request: pb.DecideManyRequest, context: Context) -> pb.DecideManyResponse:
        """Carry out one command on many cases."""
        seen = [(one.case_id, one.version) for one in request.seen]
        command, caller = command_of(request.command), self._caller(context)

        def decide() -> list[Case | TapewardenError]:
            results = self._store.decide_many(seen, command, caller, self._clock())
            self._changes.announce(one.id for one in results if isinstance(one, Case))
            return results

        results = await self._run(decide)
        return pb.DecideManyResponse(
            results=(_decided(one.case_id, result) for one, result in zip(request.seen, results, strict=True))
        )

    async def add_comment(self, request: pb.AddCommentRequest, context: Context) -> pb.Comment:
        """Add a comment."""
        number, text, caller = request.case_id, request.text, self._caller(context)
        comment = await self._adding(number, self._store.comment, number, text, caller)
        return casework.comment_message(comment)

    async def attach(self, requests: AsyncIterator[pb.AttachRequest], context: Context) -> pb.Attachment:
        """Add a file that comes in pieces."""
        caller = self._caller(context)
        require(caller, Permission.WORK)  # before anything is received
        async with self._attaching:
            try:
                async with asyncio.timeout(_ATTACH_S):
                    head, content = await _received(requests)
            except TimeoutError:
                raise RefusedError(f"an attachment comes within {_ATTACH_S:.0f} seconds") from None
            attachment = await self._adding(
                head.case_id,
                self._store.attach,
                head.case_id,
                head.name,
                head.media_type,
                content,
                caller,
            )
        return casework.attachment_message(attachment)

    async def get_attachment(
        self, request: pb.GetAttachmentRequest, context: Context
    ) -> AsyncIterator[pb.AttachmentPiece]:
        """The bytes of a file, in pieces."""
        attachment, content = await self._run(
            self._store.attachment, request.attachment_id, self._caller(context), self._clock()
        )
        first = pb.AttachmentPiece(
            attachment=casework.attachment_message(attachment), content=content[:PIECE]
        )
        yield first
        for start in range(PIECE, len(content), PIECE):
            yield pb.AttachmentPiece(content=content[start : start + PIECE])

    async def export_case(self, request: pb.ExportCaseRequest, context: Context) -> AsyncIterator[pb.Piece]:
        """A case as a bundle or as a report, in pieces."""
        key, caller = self._signing_key(), self._caller(context)
        wanted = casework.export_format_of(request)
        if wanted is not ExportFormat.ZIP:
            case_id, made = request.case_id, self._reports
            if made is None:
                raise RefusedError("this server makes no reports")
            work = partial(self._store.export_report, case_id, made, wanted, key, caller, self._clock())
            report = await asyncio.get_running_loop().run_in_executor(self._press, work)
            for start in range(0, len(report), PIECE):
                yield pb.Piece(content=report[start : start + PIECE])
            return
        with SpooledTemporaryFile(_IN_MEMORY) as spool:
            file = cast("BinaryIO", spool)
            await self._run(self._store.export_case, request.case_id, key, file, caller, self._clock())
            file.seek(0)
            while content := await self._run(file.read, PIECE):
                yield pb.Piece(content=content)

    async def suppress(self, request: pb.SuppressRequest, context: Context) -> pb.Suppression:
        """Keep further signals out of cases until a time."""
        what, caller = casework.muting_of(request.muting), self._caller(context)
        made = await self._run(
            self._store.suppress, what, request.until_ns, request.reason, caller, self._clock()
        )
        return casework.suppression_message(made)

    async def lift(self, request: pb.LiftRequest, context: Context) -> pb.Suppression:
        """End a suppression before its time."""
        lifted = await self._run(
            self._store.lift, request.suppression_id, request.reason, self._caller(context), self._clock()
        )
        return casework.suppression_message(lifted)

    async def list_suppressions(
        self, request: pb.ListSuppressionsRequest, context: Context
    ) -> pb.ListSuppressionsResponse:
        """All suppressions there ever were."""
        found = await self._run(self._store.suppressions, self._caller(context), self._clock())
        return pb.ListSuppressionsResponse(suppressions=map(casework.suppression_message, found))

    async def list_entries(self, request: pb.ListEntriesRequest, context: Context) -> pb.ListEntriesResponse:
        """Entries of the audit trail."""
        caller, at_ns, subject = self._caller(context), self._clock(), casework.given(request, "subject")

        def entries() -> list[Any]:
            return self._store.entries(caller, at_ns, subject=subject, after=min(request.after, 2**63 - 1))

        return pb.ListEntriesResponse(entries=map(casework.entry_message, await self._run(entries)))

    async def export_trail(self, request: pb.ExportTrailRequest, context: Context) -> AsyncIterator[pb.Piece]:
        """The whole trail as lines, in pieces."""
        key, caller = self._signing_key(), self._caller(context)
        lines = await self._run(self._store.export, key, caller, self._clock())
        while content := await self._run(_joined, lines):
            yield pb.Piece(content=content)

    async def verify_trail(self, request: pb.VerifyTrailRequest, context: Context) -> pb.VerifyTrailResponse:
        """Recompute the chain of the trail."""
        key, caller, at_ns = self._signing_key(), self._caller(context), self._clock()
        verdict = await self._run(lambda: verify(self._store.export(key, caller, at_ns), key.public_key()))
        fault = verdict.fault
        return pb.VerifyTrailResponse(sound=verdict.sound, fault=None if fault is None else fault.text)

    async def _adding(
        self,
        case_id: int,
        add: Callable[..., Result],
        *arguments: Any,  # noqa: ANN401 - as the store takes them
    ) -> Result:
        def added() -> Result:
            result = add(*arguments, self._clock())
            self._changes.announce([case_id])
            return result

        return await self._run(added)

    async def _run(self, work: Callable[..., Result], *arguments: Any) -> Result:  # noqa: ANN401 - as it takes them
        """Run what may block; it goes on to its end even if the caller is gone."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)

    def _signing_key(self) -> Ed25519PrivateKey:
        if self._key is None:
            raise RefusedError("this server has no key to sign exports with")
        return self._key


async def _received(requests: AsyncIterator[pb.AttachRequest]) -> tuple[pb.AttachmentHead, bytes]:
    """The head and the bytes of a file; no more of them are kept than a file may have."""
    head: pb.AttachmentHead | None = None
    content = bytearray()
    async for request in requests:
        if (head is None) != request.HasField("head"):
            raise FieldError("part", "a head, then content", "something else")
        if head is None:
            head = request.head
        content += request.content
        if len(content) > MAX_ATTACHMENT:
            raise RefusedError(f"case {head.case_id}: an attachment has at most {MAX_ATTACHMENT} bytes")
    if head is None:
        raise FieldError("part", "a head, then content", "nothing")
    return head, bytes(content)


def _decided(case_id: int, result: Case | TapewardenError) -> pb.Decided:
    if isinstance(result, Case):
        return pb.Decided(case_id=case_id, case=casework.case_message(result))
    code, text = status_of(result)
    return pb.Decided(case_id=case_id, failure=pb.Failure(code=code.value[0], text=text))


def _joined(lines: Iterator[str]) -> bytes:
    return "".join(islice(lines, _LINES)).encode()
