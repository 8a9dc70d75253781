"""A database that cannot write: the error is clear, what was kept is whole."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import event

from tapewarden.cases.audit import verify
from tapewarden.cases.store import Store
from tapewarden.cases.store.opening import open_database
from tapewarden.domain.errors import UnavailableError
from tests.unit.cases.store.test_bulk import filled
from tests.unit.cases.workflows import AUDREY, VERA

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
PAGES = 150


@pytest.fixture
def full(tmp_path: Path) -> Iterator[Store]:
    """A store that may grow to a few hundred kilobytes, as on a disk that is nearly full."""
    engine = open_database(f"sqlite:///{tmp_path / 'cases.db'}")
    engine.dispose()

    def bound(connection: Any, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count={PAGES}")

    event.listen(engine, "connect", bound)
    store = Store(engine)
    yield store
    store.close()


def test_on_a_full_disk_nothing_is_done_by_halves(full: Store) -> None:
    (number,) = filled(full, 1)
    kept = comments_until_full(full, number)
    assert kept > 0
    event.listen(full._engine, "connect", _more)
    full._engine.dispose()
    assert len(full.case(number, VERA, 1).comments) == kept
    assert verify(full.export(KEY, AUDREY, 2), KEY.public_key()).fault is None


def comments_until_full(store: Store, number: int) -> int:
    for said in count():
        try:
            store.comment(number, "x" * 20_000, VERA, said)
        except UnavailableError:
            break
    with pytest.raises(UnavailableError, match="the database cannot do it: database or disk is full"):
        store.comment(number, "x" * 20_000, VERA, said)
    return said


def _more(connection: Any, _record: object) -> None:
    connection.execute(f"PRAGMA max_page_count={10 * PAGES}")
