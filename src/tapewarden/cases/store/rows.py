"""Cases and signals as rows, and back."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from typing import Any, Final, NamedTuple

from sqlalchemy import Row

from tapewarden.cases.audit.canonical import canonical
from tapewarden.domain.case import Case, CaseState, Closing
from tapewarden.domain.casework import StoredSignal
from tapewarden.domain.decoding import decode_line
from tapewarden.domain.signal import Signal
from tapewarden.domain.typology import Severity

CHUNK: Final = 500
"""Values in one question: databases bound the parameters of a statement."""

_LONGEST_NAME: Final = 200
_KEPT: Final = 160


class Arrival(NamedTuple):
    """When a signal was observed: with which frame of the journal, and at what time, ns UTC."""

    frame: int
    detected_ns: int


@dataclass(frozen=True, slots=True)
class Observation:
    """A signal with what was at stake, in one currency for the whole store; ``None`` where unknown.

    ``arrival`` is ``None`` for signals of a tape, which did not arrive.
    """

    signal: Signal
    amount: float | None = None
    arrival: Arrival | None = None


def case_columns(case: Case) -> dict[str, Any]:
    """The columns of a case; its amount is kept beside it."""
    columns = {field.name: getattr(case, field.name) for field in fields(case)}
    return columns | {
        "severity": case.severity.value,
        "state": case.state.value,
        "proposed": _closing_text(case.proposed),
        "closing": _closing_text(case.closing),
        "disposition": case.closing and case.closing.disposition.value,
        "words": folded(case.actor, case.instrument, case.family),
    }


def case_of(row: Row[Any]) -> Case:
    """The case in a row."""
    columns = {field.name: getattr(row, field.name) for field in fields(Case)}
    return Case(
        **columns
        | {
            "severity": Severity(row.severity),
            "state": CaseState(row.state),
            "proposed": _closing_of(row.proposed),
            "closing": _closing_of(row.closing),
        }
    )


def signal_columns(
    observation: Observation, case_id: int | None, suppression_id: int | None
) -> dict[str, Any]:
    """The columns of a signal that are searched; its line stands elsewhere."""
    signal = observation.signal
    accounts = [party.account for party in signal.parties]
    return {
        "id": signal.id,
        "detector": signal.detector,
        "family": signal.family,
        "severity": signal.severity,
        "severity_rank": Severity(signal.severity).rank,
        "score": signal.score,
        "instrument": storable(signal.instrument),
        "actor": storable(signal.actor),
        "start_ns": signal.start_ns,
        "end_ns": signal.end_ns,
        "amount": observation.amount,
        "case_id": case_id,
        "suppression_id": suppression_id,
        "words": folded(
            signal.id,
            signal.detector,
            signal.typology,
            signal.instrument,
            signal.actor,
            signal.text,
            *accounts,
        ),
    }


def signal_of(row: Row[Any]) -> StoredSignal:
    """The signal in a row, from the line as it was written."""
    return StoredSignal(Signal.from_json(row.line), row.amount, row.case_id, row.suppression_id)


def storable(name: str) -> str:
    """A source's name as a column that PostgreSQL can hold and index, different for different names.

    NUL becomes U+FFFD. Of a name beyond 200 characters the beginning and a hash stand for the whole.
    """
    if len(name) > _LONGEST_NAME:
        name = f"{name[:_KEPT]}… {sha256(name.encode()).hexdigest()[:24]}"
    return _without_nul(name)


def folded(*texts: str) -> str:
    """Texts as they are searched: without regard to case."""
    return _without_nul("\n".join(texts)).casefold()


def _without_nul(text: str) -> str:
    return text.replace("\0", "\ufffd")


def _closing_text(closing: Closing | None) -> str | None:
    return None if closing is None else canonical(asdict(closing))


def _closing_of(text: str | None) -> Closing | None:
    closing: Closing | None = None if text is None else decode_line(Closing, text)
    return closing
