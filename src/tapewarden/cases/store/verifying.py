"""Verification of the audit trail in a database: needs no server, changes nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Engine, create_engine, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from tapewarden.cases.audit import SignedHead, Verdict, verify, write_trail
from tapewarden.cases.store import trail
from tapewarden.cases.store.opening import database_engine
from tapewarden.cases.store.schema import audit_tail
from tapewarden.domain.errors import InputError

_ALL: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class DatabaseVerdict:
    """What the trail of a database is found to be.

    Attributes:
        verdict: What is sound, and the first entry that is not.
        number: How many entries there are said to be.
        signed: Up to which of them a signed head vouches. Those behind it are chained, but whoever can write
            to the database could have rewritten them.
    """

    verdict: Verdict
    number: int
    signed: int


def verify_database(path: Path, key: Ed25519PublicKey, held: Iterable[SignedHead] = ()) -> DatabaseVerdict:
    """Recompute the chain in an SQLite database, and hold it against its signed heads and those held.

    A server may go on writing meanwhile; what it writes is not looked at.

    Raises:
        InputError: There is no database with an audit trail.
    """
    if not path.is_file():
        raise InputError(str(path), "a database of cases", "no such file")
    place = f"{path.resolve().as_uri()}?mode=ro"
    engine = create_engine("sqlite://", creator=lambda: sqlite3.connect(place, uri=True), poolclass=NullPool)
    try:
        return _verified(engine, key, held)
    except DBAPIError as error:
        raise InputError(str(path), "a database with an audit trail", str(error.orig)) from None
    finally:
        engine.dispose()


def verify_database_at(url: str, key: Ed25519PublicKey, held: Iterable[SignedHead] = ()) -> DatabaseVerdict:
    """As ``verify_database``, for a database at a URL; on PostgreSQL in transactions that may only read.

    Raises:
        ConfigurationError: It is another kind of database.
        InputError: There is no database with an audit trail; never shows a password.
    """
    engine = database_engine(url)
    if engine.dialect.name == "sqlite":
        engine.dispose()
        return verify_database(Path(engine.url.database or ""), key, held)
    try:
        return _verified(engine.execution_options(postgresql_readonly=True), key, held)
    except DBAPIError as error:
        why = " ".join(str(error.orig).split())
        place = engine.url.render_as_string(hide_password=True)
        raise InputError(place, "a database with an audit trail", why) from None
    finally:
        engine.dispose()


def _verified(engine: Engine, key: Ed25519PublicKey, held: Iterable[SignedHead]) -> DatabaseVerdict:
    with engine.begin() as connection:
        tail = connection.execute(select(audit_tail)).one()
    heads = trail.heads(engine, _ALL)  # one behind the end shows that the end was cut off
    lines = write_trail(trail.links(engine, tail.number), heads)
    verdict = verify(lines, key, held, (tail.number, tail.digest))
    return DatabaseVerdict(verdict, tail.number, max((head.number for head in heads), default=0))
