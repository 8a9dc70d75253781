"""`Casework`: what people do about the open case; the server enters each act into its trail."""

from __future__ import annotations

import asyncio
import mimetypes
from collections.abc import Awaitable, Callable
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Final

from tapewarden.desktop.presenters.case_details.case_details import CaseDetails
from tapewarden.desktop.presenters.case_details.evidence import Evidence
from tapewarden.desktop.presenters.closing import closing
from tapewarden.desktop.presenters.desk import Desk
from tapewarden.desktop.presenters.numbers import date_text
from tapewarden.desktop.presenters.suspicion import suspicion
from tapewarden.desktop.transport.services import Services
from tapewarden.domain.case import Case
from tapewarden.domain.casework import CaseFile, ExportFormat
from tapewarden.domain.commands import (
    Approve,
    Assign,
    Close,
    Command,
    Decline,
    Escalate,
    Investigate,
    Reopen,
    Undo,
)
from tapewarden.domain.errors import RefusedError, TapewardenError

_UNDOABLE: Final = (Assign, Investigate, Escalate, Close, Decline)


class Casework:
    """Acts on the case that a ``CaseDetails`` has open. Those that the server would refuse are not sent.

    Args:
        desk: What all views share.
        details: The case.
    """

    def __init__(self, desk: Desk, details: CaseDetails) -> None:
        self._desk = desk
        self._details = details

    def may(self, action: str) -> bool:
        """Whether an act may be done now; if not, the status line says why."""
        refused = self._details.refusal(action)
        if refused is not None:
            self._desk.fail(RefusedError(refused))
        return refused is None

    def assign(self, to: str | None) -> None:
        """Give it to somebody, or to nobody."""
        self._decide(Assign(to), f"assigned to {to or 'nobody'}")

    def investigate(self) -> None:
        """Begin to look into it."""
        self._decide(Investigate(), "is being investigated")

    def escalate(self, reason: str) -> None:
        """Hand it on to a senior."""
        self._decide(Escalate(reason), "escalated")

    def form_suspicion(self, at: str, reason: str) -> None:
        """Say since when suspicion is reasonable, in texts that ``suspicion`` understands."""
        command = suspicion(at, reason)
        self._decide(command, f"suspicion formed at {date_text(command.formed_ns)} UTC")

    def close(self, disposition: str, reason: str, duplicate_of: str = "") -> None:
        """Close it; of a grave one, propose so. In texts that ``closing`` understands."""
        self._decide(closing(disposition, reason, duplicate_of), f"closed as {disposition}")

    def approve(self, reason: str) -> None:
        """Close it as another person proposed."""
        self._decide(Approve(reason), "closing approved")

    def decline(self, reason: str) -> None:
        """Turn the proposal down, or withdraw one's own."""
        self._decide(Decline(reason), "closing declined")

    def reopen(self, reason: str) -> None:
        """Take it up again."""
        self._decide(Reopen(reason), "taken up again")

    def comment(self, text: str) -> None:
        """Add a comment."""
        self._do(
            lambda services, case: services.cases.comment(case.id, text),
            lambda case, answer: self._desk.say(f"Comment added to case {case.id}."),
        )

    def attach(self, path: Path) -> None:
        """Add a file."""
        self._do(
            lambda services, case: _attach(services, case.id, path),
            lambda case, answer: self._desk.say(f"{path.name} attached to case {case.id}."),
        )

    def export(self, path: Path, wanted: ExportFormat) -> None:
        """Write it as a ZIP file that proves itself, or as a report; a name without the ending gets it."""
        ending = f".{wanted}"
        target = path if path.suffix.lower() == ending else path.with_name(path.name + ending)

        async def export(services: Services, case: Case) -> None:
            out = BytesIO()
            await services.cases.export(case.id, out, wanted)
            await asyncio.to_thread(_write, target, out.getvalue())

        self._desk.say(f"The {wanted.upper()} is being made.")
        self._do(export, lambda case, answer: self._desk.say(f"Case {case.id} exported to {target}."))

    def save(self, piece: Evidence, path: Path) -> None:
        """Write a piece of evidence as a file."""

        async def save(services: Services, case: Case) -> None:
            content = piece.content
            if content is None and piece.attachment is not None:
                _, content = await services.cases.attachment(piece.attachment)
            await asyncio.to_thread(_write, path, content or b"")

        self._do(save, lambda case, answer: self._desk.say(f"{piece.title} saved to {path}."))

    def _decide(self, command: Command | Undo, said: str) -> None:
        def decided(case: Case, answer: tuple[Case, CaseFile | None]) -> None:
            after, file = answer
            self._details.learn(after, file)
            text = f"Case {case.id} {said}."
            if isinstance(command, Close) and after.proposed is not None:
                text = f"Proposed to close case {case.id}; a second person must approve."
            undo = partial(self._decide, Undo(), "is as it was before")
            self._desk.say(text, undo if isinstance(command, _UNDOABLE) else None)

        self._do(lambda services, case: _decide(services, case, command), decided)

    def _do(
        self,
        act: Callable[[Services, Case], Awaitable[object]],
        done: Callable[..., None],
    ) -> None:
        file = self._details.file
        if file is None:
            self._desk.fail(RefusedError("no case is open"))
            return
        case = file.case

        def answered(answer: object) -> None:
            done(case, answer)
            self._details.read_again()

        self._desk.server.ask(lambda services: act(services, case), answered, self._details.learn_again)


async def _decide(services: Services, case: Case, command: Command | Undo) -> tuple[Case, CaseFile | None]:
    """What a command made of a case, and what may be done with it then, unless that cannot be read."""
    after = await services.cases.decide(case.id, case.version, command)
    try:
        return after, await services.cases.case(case.id)
    except TapewardenError:
        return after, None


async def _attach(services: Services, case_id: int, path: Path) -> None:
    try:
        content = await asyncio.to_thread(path.read_bytes)
    except OSError as error:
        raise TapewardenError(f"{path}: {error.strerror or error}") from None
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    await services.cases.attach(case_id, path.name, kind, content)


def _write(path: Path, content: bytes) -> None:
    """Write a file whole, or not at all."""
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        raise TapewardenError(f"{path}: {error.strerror or error}") from None
