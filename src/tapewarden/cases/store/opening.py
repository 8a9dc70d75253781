"""Opening the database behind a store, and bringing its tables up to date."""

from __future__ import annotations

import sqlite3
from time import sleep
from typing import Any, Final

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, func, make_url, select
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError

from tapewarden.domain.errors import ConfigurationError

_WAIT_MS: Final = 30_000
_PAUSE_MS: Final = 50
_PRAGMAS: Final = (
    f"busy_timeout={_WAIT_MS}",  # first: the next one has to wait for others who open the same file
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
)
_UPGRADE_LOCK: Final = 0x7461706577617264  # any number that only tapewarden uses


def open_database(url: str) -> Engine:
    """The database at a URL such as ``sqlite:///cases.db`` or ``postgresql+psycopg://name@host/base``.

    SQLite runs with a write-ahead log and flushes each commit to the disk; its transactions take the right to
    write when they begin, for every one of them writes to the audit trail. Tables are brought up to date.

    Raises:
        ConfigurationError: It is another kind of database, or cannot be used; never shows a password.
    """
    engine = database_engine(url)
    try:
        _bring_up_to_date(engine)
    except DatabaseError as error:
        engine.dispose()
        why = " ".join(str(error.orig).split())
        place = engine.url.render_as_string(hide_password=True)
        raise ConfigurationError(f"the database {place} cannot be used: {why}") from error
    return engine


def _bring_up_to_date(engine: Engine) -> None:
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":  # SQLite's transactions exclude each other anyway
            connection.execute(select(func.pg_advisory_xact_lock(_UPGRADE_LOCK)))
        configuration = Config()
        configuration.set_main_option("script_location", "tapewarden.cases.store:migrations")
        configuration.set_main_option("path_separator", "os")
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, "head")


def database_engine(url: str) -> Engine:
    """The database at a URL as it is, whatever its tables; ``ConfigurationError`` for another kind."""
    try:
        parsed = make_url(url)
        if parsed.drivername in ("sqlite", "sqlite+pysqlite"):
            engine = create_engine(parsed)
            event.listen(engine, "connect", _set_up)
            event.listen(engine, "begin", _begin)
            return engine
        if parsed.drivername == "postgresql+psycopg":
            return create_engine(parsed, pool_pre_ping=True)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise ConfigurationError(f"the URL of the store cannot be used: {error}") from None
    raise ConfigurationError(
        f"the URL of the store must begin with sqlite:/// or postgresql+psycopg://, not {parsed.drivername}"
    )


def _set_up(connection: Any, _record: object) -> None:  # noqa: ANN401 - a driver's own connection
    connection.isolation_level = None  # the driver begins no transactions of its own
    for pragma in _PRAGMAS:
        _set(connection, pragma)


def _set(connection: Any, pragma: str) -> None:  # noqa: ANN401 - as above
    """Set a pragma; changing the journal mode of a new file waits for nobody, so it is asked again."""
    for _ in range(_WAIT_MS // _PAUSE_MS):
        try:
            connection.execute(f"PRAGMA {pragma}")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            sleep(_PAUSE_MS / 1000)
        else:
            return
    connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
