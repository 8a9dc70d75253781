"""Transactions that outlive a restart of the database, and are never carried out twice.

What was lost before its commit was asked for did not happen, and is done again. What was lost during the
commit either happened or not: the audit trail, whose entries nobody else can write, says which.
"""

from __future__ import annotations

from collections.abc import Callable
from time import sleep
from typing import Final, Generic, TypeVar

from sqlalchemy import Engine, select
from sqlalchemy.exc import DBAPIError, OperationalError

from tapewarden.cases.store.schema import audit
from tapewarden.cases.store.trail import Work
from tapewarden.domain.errors import UnavailableError, UncertainError

PATIENCE_S: Final = 30.0
"""How long a database may be gone before whoever waits for it is told, seconds."""

_PAUSE_S: Final = 0.25

Result = TypeVar("Result")


def transact(engine: Engine, body: Callable[[Work], Result], patience_s: float = PATIENCE_S) -> Result:
    """What ``body`` gives, as one transaction: everything in it, with its entries, happens or nothing does.

    ``body`` may be run several times, of which one counts.

    Raises:
        UnavailableError: The database was gone for longer than ``patience_s``, or cannot work, as on a full
            disk. Nothing was done.
        UncertainError: The same, but it was lost just then when it should commit.
    """
    pauses = round(patience_s / _PAUSE_S)
    for _ in range(pauses + 1):
        attempt = _Attempt(engine, body)
        try:
            return attempt.run()
        except DBAPIError as error:
            failure = _failure(error)
        if attempt.is_committing and _is_kept(engine, attempt.work, pauses):
            return attempt.result
        if not attempt.was_lost_by(failure):
            raise UnavailableError(f"the database cannot do it: {_line(failure)}") from failure
        sleep(_PAUSE_S)
    raise UnavailableError(f"the database cannot be reached: {_line(failure)}")


class _Attempt(Generic[Result]):
    """One run of a transaction; after a failure it says how far it came."""

    work: Work
    result: Result

    def __init__(self, engine: Engine, body: Callable[[Work], Result]) -> None:
        self._engine = engine
        self._body = body
        self._is_connected = False
        self.is_committing = False

    def run(self) -> Result:
        with self._engine.connect() as connection:
            self.work = Work(connection)
            self._is_connected = True
            self.result = self._body(self.work)
            self.work.finish()
            self.is_committing = True
            connection.commit()
        return self.result

    def was_lost_by(self, error: DBAPIError) -> bool:
        served = self._engine.dialect.name == "postgresql"
        return error.connection_invalidated or (served and not self._is_connected)


def _is_kept(engine: Engine, work: Work, pauses: int) -> bool:
    """Whether a transaction whose commit failed happened; waits for the database to be back."""
    for _ in range(pauses + 1):
        asking = _Attempt(engine, lambda now: _holds(now, work))
        try:
            return asking.run()
        except DBAPIError as error:
            failure = _failure(error)
        if not asking.was_lost_by(failure):
            break
        sleep(_PAUSE_S)
    raise UncertainError(f"the database failed while it committed; look whether it did: {_line(failure)}")


def _holds(now: Work, then: Work) -> bool:
    """Whether the trail holds the last entry of a transaction. ``now`` has waited until that one ended."""
    if not then.told:
        return False
    wanted = select(audit.c.digest).where(audit.c.number == then.number)
    return now.connection.execute(wanted).scalar_one_or_none() == then.digest


def _failure(error: DBAPIError) -> DBAPIError:
    """An error that a database meets in its work; raises it again if it is a fault of ours."""
    if isinstance(error, OperationalError) or error.connection_invalidated:
        return error
    raise error


def _line(error: DBAPIError) -> str:
    return " ".join(str(error.orig).split())
