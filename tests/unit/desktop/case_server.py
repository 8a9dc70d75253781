"""A server that knows some cases and the market around their signals, and answers at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from tapewarden.client import Changed, MarketWindow, Verification
from tapewarden.desktop.presenters.case_details.case_details import CaseDetails
from tapewarden.desktop.presenters.case_details.casework import Casework
from tapewarden.domain.case import Case, CaseState
from tapewarden.domain.casework import (
    Attachment,
    CaseFile,
    CaseFilter,
    Comment,
    ExportFormat,
    Move,
    Queue,
    Queued,
    SignalFilter,
    StoredSignal,
)
from tapewarden.domain.commands import Assign, Command, Investigate, Undo
from tapewarden.domain.errors import ConflictError, NotFoundError, TapewardenError
from tapewarden.domain.grounds import Grounds
from tapewarden.domain.signal import Signal
from tapewarden.domain.typology import Severity
from tests.unit.desktop.scripted import Scene
from tests.unit.desktop.tapes import BTC, START, signal
from tests.unit.desktop.windows import WALL, book_at, window_of

FIRST = signal("mallory", first=10, last=30, name="first")
SECOND = replace(signal("mallory", first=200, last=210, name="second"), score=0.5)


def case_of(number: int = 1, *signals: Signal) -> Case:
    return Case(
        id=number,
        actor="mallory",
        instrument=BTC.name,
        family="order book",
        severity=Severity.HIGH,
        priority=70.0,
        start_ns=min(one.start_ns for one in signals),
        end_ns=max(one.end_ns for one in signals),
        opened_ns=START,
    )


@dataclass
class Cases:
    """Cases, and what was done to them."""

    files: dict[int, CaseFile] = field(default_factory=dict)
    commands: list[object] = field(default_factory=list)
    error: TapewardenError | None = None
    unverifiable: TapewardenError | None = None
    unreadable: TapewardenError | None = None

    async def case(self, number: int) -> CaseFile:
        if self.unreadable is not None:
            raise self.unreadable
        if number not in self.files:
            raise NotFoundError(f"case {number}: there is none")
        return self.files[number]

    async def queue(self, wanted: CaseFilter) -> Queue:
        found = [one.case for one in self.files.values() if wanted.actor in (None, one.case.actor)]
        return Queue(tuple(Queued(one, 1) for one in found), len(found))

    async def verify_trail(self) -> Verification:
        if self.unverifiable is not None:
            raise self.unverifiable
        return Verification(12, None)

    async def decide(self, number: int, version: int, command: Command | Undo) -> Case:
        if self.error is not None:
            raise self.error
        file = self.files[number]
        if version != file.case.version:
            raise ConflictError(f"case {number}: you saw version {version}")
        self.commands.append(command)
        after = replace(file.case, version=version + 1)
        match command:
            case Assign(to):
                after = replace(after, assignee=to)
            case Investigate():
                after = replace(after, state=CaseState.INVESTIGATING)
        self.files[number] = replace(file, case=after)
        return after

    async def comment(self, number: int, text: str) -> Comment:
        self.commands.append(text)
        return Comment(1, number, START, "ada", text)

    async def attach(self, number: int, name: str, media_type: str, content: bytes) -> Attachment:
        self.commands.append((name, media_type, content))
        return Attachment(1, number, START, "ada", name, media_type, len(content), "0" * 64)

    async def attachment(self, attachment_id: int) -> tuple[Attachment, bytes]:
        return next(
            (one, b"content")
            for file in self.files.values()
            for one in file.attachments
            if one.id == attachment_id
        )

    async def export(self, number: int, out: BinaryIO, wanted: ExportFormat) -> None:
        out.write(f"{wanted} of {number}".encode())


@dataclass
class Surveillance:
    """The market around each signal."""

    asked: list[str] = field(default_factory=list)
    error: TapewardenError | None = None
    unusual: tuple[Signal, ...] = ()
    wanted: SignalFilter | None = None

    async def signals(self, wanted: SignalFilter) -> tuple[StoredSignal, ...]:
        self.wanted = wanted
        return tuple(StoredSignal(one, None, None, None) for one in self.unusual)

    async def window_around(self, signal_id: str, *, books: int, margin_ns: int) -> MarketWindow:
        self.asked.append(signal_id)
        if self.error is not None:
            raise self.error
        return window_of(WALL, books=[book_at(0, 1_000), book_at(50, 1_002)])

    async def grounds(self, signal_id: str) -> Grounds:
        return Grounds(seen="", usual="", reasons="", against=f"habit of {signal_id}", next="")


@dataclass
class Services:
    cases: Cases = field(default_factory=Cases)
    surveillance: Surveillance = field(default_factory=Surveillance)


class CaseScene(Scene):
    """A desk, a case on it, and what is done with it."""

    def __init__(self, *signals: Signal, moves: Sequence[Move] = ()) -> None:
        super().__init__()
        self.services = Services()
        self.server.services = self.services  # type: ignore[assignment]
        self.details = CaseDetails(self.desk)
        self.work = Casework(self.desk, self.details)
        self.put(*(signals or (FIRST, SECOND)), moves=moves)

    @property
    def cases(self) -> Cases:
        return self.services.cases

    def put(self, *signals: Signal, number: int = 1, moves: Sequence[Move] = ()) -> None:
        stored = tuple(StoredSignal(one, None, number, None) for one in signals)
        self.cases.files[number] = CaseFile(case_of(number, *signals), stored, (), (), (), tuple(moves))

    def change(self, number: int = 1, **changes: object) -> None:
        """Somebody else changes a case, and whoever watches is told."""
        file = self.cases.files[number]
        case = replace(file.case, version=file.case.version + 1, **changes)  # type: ignore[arg-type]
        self.cases.files[number] = replace(file, case=case)
        self.server.watched[-1](Changed((Queued(case, 1),)))
