"""The database: its settings, its migrations, and a trail that outsiders verify."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import make_url, text

from tapewarden.cases.audit import FaultKind, verify
from tapewarden.cases.store import CaseFilter, Observation, SignalFilter, SignalOrder, Store
from tapewarden.cases.store.opening import open_database
from tapewarden.cases.store.schema import METADATA
from tapewarden.domain.errors import ConfigurationError, RefusedError
from tapewarden.domain.typology import Severity
from tests.unit.cases.signals import signal
from tests.unit.cases.workflows import AUDREY, VERA

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key()
BEFORE_RANKS = (
    "DROP INDEX ix_signals_severity_rank_score_end_ns_id",
    "ALTER TABLE signals DROP COLUMN severity_rank",
    "UPDATE alembic_version SET version_num = '0005'",
)
"""Makes a database what it was."""


@pytest.fixture
def audited(store: Store) -> Store:
    """A store with six entries, the third signed."""
    store.record([Observation(signal("1")), Observation(signal("2"))], 100, "engine")
    store.sign(KEY, 101)
    for number in range(3):
        store.comment(1, f"comment {number}", VERA, 102)
    return store


def test_migrations_lead_to_the_tables_the_code_uses_and_may_run_again(url: str) -> None:
    open_database(url).dispose()
    engine = open_database(url)
    with engine.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
        assert connection.execute(text("SELECT count(*) FROM audit_tail")).scalar_one() == 1
    engine.dispose()


def test_signals_filed_before_severities_were_ranked_are_ranked(url: str) -> None:
    store = Store.open(url)
    store.record([Observation(signal(one, severity=one)) for one in Severity], 100, "engine")
    store.close()
    engine = open_database(url)
    with engine.begin() as connection:
        for statement in BEFORE_RANKS:
            connection.execute(text(statement))
    engine.dispose()
    store = Store.open(url)
    found = store.signals(SignalFilter(order=SignalOrder.SEVERITY), VERA, 101)
    assert [one.signal.severity for one in found] == list(reversed(Severity))
    store.close()


def test_a_new_database_may_be_opened_by_many_at_once(url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        engines = list(pool.map(open_database, [url] * 4))
    with engines[0].begin() as connection:
        assert connection.execute(text("SELECT count(*) FROM audit_tail")).scalar_one() == 1
    for engine in engines:
        engine.dispose()


def test_sqlite_writes_ahead_and_flushes_each_commit(tmp_path: object) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/store.db")
    with engine.begin() as connection:
        found = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert found == ["wal", 2, 1]
    engine.dispose()


@pytest.mark.parametrize(
    "url", ["mysql://host/base", "nonsense", "nonsense://x", "postgresql+asyncpg://x/y", ""]
)
def test_a_url_of_another_kind_is_refused_with_what_is_expected(url: str) -> None:
    with pytest.raises(ConfigurationError, match="the URL of the store"):
        open_database(url)


def test_an_exported_trail_verifies_offline(audited: Store) -> None:
    lines = list(audited.export(KEY, AUDREY, 103))
    verdict = verify(lines, PUBLIC)
    assert (verdict.sound, verdict.fault) == (7, None)
    assert len(lines) == 7 + 2
    assert '"action":"audit.export","actor":"audrey"' in lines[-2]


def test_a_trail_longer_than_a_page_is_exported_whole(store: Store) -> None:
    store.record([Observation(signal(str(number))) for number in range(2_100)], 100, "engine")
    assert verify(store.export(KEY, AUDREY, 101), PUBLIC).sound == 2_102


def test_only_an_auditor_exports(audited: Store) -> None:
    with pytest.raises(RefusedError, match="needs auditor"):
        audited.export(KEY, VERA, 103)


@pytest.mark.parametrize(
    ("statement", "number", "kind"),
    [
        ("UPDATE audit SET reason = 'x' WHERE number = 2", 2, FaultKind.TAMPERED),
        ("UPDATE audit SET actor = 'eve' WHERE number = 4", 4, FaultKind.TAMPERED),
        ("UPDATE audit SET new = '{}' WHERE number = 5", 5, FaultKind.TAMPERED),
        ("UPDATE audit SET at_ns = 1 WHERE number = 6", 6, FaultKind.TAMPERED),
        ("DELETE FROM audit WHERE number = 5", 5, FaultKind.REMOVED),
        ("DELETE FROM audit WHERE number > 2", 3, FaultKind.REMOVED),
        (
            "UPDATE audit SET number = CASE number WHEN 4 THEN -5 ELSE -4 END WHERE number IN (4, 5);"
            "UPDATE audit SET number = -number WHERE number < 0",
            4,
            FaultKind.TAMPERED,
        ),
    ],
)
def test_what_was_done_to_the_database_is_found_and_named(
    audited: Store, url: str, statement: str, number: int, kind: FaultKind
) -> None:
    engine = open_database(url)
    with engine.begin() as connection:
        for one in statement.split(";"):
            connection.execute(text(one))
    engine.dispose()
    fault = verify(audited.export(KEY, AUDREY, 103), PUBLIC).fault
    assert fault is not None
    assert (fault.number, fault.kind) == (number, kind)


def test_a_database_set_back_to_an_earlier_state_is_found_by_a_head_kept_elsewhere(
    audited: Store, url: str
) -> None:
    kept = audited.sign(KEY, 103)
    engine = open_database(url)
    with engine.begin() as connection:
        before = connection.execute(text("SELECT digest FROM audit WHERE number = 4")).scalar_one()
        connection.execute(text("DELETE FROM audit WHERE number > 4"))
        connection.execute(text("DELETE FROM audit_heads WHERE number > 4"))
        connection.execute(text("UPDATE audit_tail SET number = 4, digest = :digest"), {"digest": before})
    engine.dispose()
    lines = list(audited.export(KEY, AUDREY, 104))
    assert verify(lines, PUBLIC).fault is None
    fault = verify(lines, PUBLIC, [kept]).fault
    assert fault is not None
    assert (fault.number, fault.kind) == (6, FaultKind.TRUNCATED)


def test_the_chain_goes_on_where_another_process_left_it(url: str) -> None:
    first, second = Store.open(url), Store.open(url)
    first.record([Observation(signal("1"))], 100, "engine")
    second.comment(1, "from elsewhere", VERA, 101)
    first.cases(CaseFilter(), VERA, 102)
    assert verify(second.export(KEY, AUDREY, 103), PUBLIC).sound == 5
    first.close()
    second.close()


def test_a_place_where_no_database_can_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("no database " * 1_000)
    for place, why in (
        (tmp_path / "no" / "where.db", "unable to open database file"),
        (tmp_path, "unable to open database file"),
        (tmp_path / "text.db", "file is not a database"),
    ):
        with pytest.raises(ConfigurationError, match=f"cannot be used: {why}"):
            open_database(f"sqlite:///{place}")


@pytest.mark.postgresql
def test_a_password_that_is_wrong_is_not_shown(postgresql: Callable[[], str]) -> None:
    url = make_url(postgresql()).set(password="hunter2")
    with pytest.raises(ConfigurationError, match="password authentication failed") as caught:
        open_database(url.render_as_string(hide_password=False))
    assert "hunter2" not in str(caught.value)
