"""The trail is verified where it stands: whatever was done to the database is found and named."""

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, text

from tapewarden.cases import place
from tapewarden.cases.audit import heads_in
from tapewarden.cases.store import DatabaseVerdict, Store, verify_database, verify_database_at
from tapewarden.cases.store.opening import open_database
from tapewarden.domain.errors import InputError, TapewardenError
from tests.unit.cases.store.test_bulk import filled
from tests.unit.cases.workflows import AUDREY, VERA

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with twenty entries, a signed head at the tenth."""
    store = Store.open(place.database_url(tmp_path))
    (number,) = filled(store, 1)  # two entries
    for said in range(8):
        store.comment(number, f"comment {said}", VERA, said)
    store.sign(KEY, 50)
    for said in range(10):
        store.comment(number, f"more {said}", VERA, said)
    store.close()
    return tmp_path


def verified(folder: Path, *held: str) -> DatabaseVerdict:
    return verify_database(folder / place.DATABASE, KEY.public_key(), heads_in(held))


def altered(folder: Path, *statements: str) -> None:
    engine = open_database(place.database_url(folder))
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def test_a_trail_that_nobody_altered_is_sound_up_to_its_end(folder: Path) -> None:
    found = verified(folder)
    assert (found.verdict.sound, found.verdict.fault) == (20, None)
    assert (found.number, found.signed) == (20, 10)


def test_a_trail_is_verified_at_its_url_on_either_database_and_nothing_is_written(url: str) -> None:
    store = Store.open(url)
    (number,) = filled(store, 1)
    store.sign(KEY, 50)
    store.comment(number, "behind the head", VERA, 60)
    found = verify_database_at(url, KEY.public_key())
    assert (found.verdict.fault, found.number, found.signed) == (None, 3, 2)
    engine = open_database(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE audit SET actor = 'somebody else' WHERE number = 1"))
    engine.dispose()
    fault = verify_database_at(url, KEY.public_key()).verdict.fault
    assert fault is not None
    assert fault.text.startswith("entry 1, ")
    store.close()


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("mysql://name:secret@host/base", "must begin with sqlite"),
        ("sqlite:///no/such/place.db", "no such file"),
        ("postgresql+psycopg://name:secret@127.0.0.1:1/base", "a database with an audit trail"),
    ],
)
def test_what_is_no_database_is_refused_in_one_line_without_its_password(url: str, why: str) -> None:
    with pytest.raises(TapewardenError, match=why) as raised:
        verify_database_at(url, KEY.public_key())
    assert "secret" not in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_trail_is_verified_while_somebody_writes_and_is_not_changed(folder: Path) -> None:
    store = Store.open(place.database_url(folder))

    def write(work: Connection) -> None:
        work.execute(text("UPDATE cases SET words = words"))

    engine = open_database(place.database_url(folder))
    with engine.begin() as connection:
        write(connection)
        assert verified(folder).verdict.fault is None
    assert len(store.entries(AUDREY, 1)) == 20
    engine.dispose()
    store.close()


@pytest.mark.parametrize(
    ("statements", "fault"),
    [
        (["UPDATE audit SET reason = 'x' WHERE number = 7"], "entry 7, tampered"),
        (
            ["UPDATE audit SET new = replace(new, 'comment 3', 'nothing') WHERE number = 6"],
            "entry 6, tampered",
        ),
        (["DELETE FROM audit WHERE number = 7"], "entry 7, removed"),
        (["DELETE FROM audit WHERE number > 17"], "entry 18, truncated"),
        (["DELETE FROM audit WHERE number > 7"], "entry 8, truncated"),
        (
            [
                "UPDATE audit SET number = -1 WHERE number = 15",
                "UPDATE audit SET number = 15 WHERE number = 16",
                "UPDATE audit SET number = 16 WHERE number = -1",
            ],
            "entry 15, tampered",
        ),
        (["UPDATE audit_heads SET at_ns = 51"], "entries 1 and following, forged"),
        (["UPDATE audit_tail SET digest = zeroblob(32)"], "entries 11 and following, rewritten"),
        (
            [
                "DELETE FROM audit WHERE number > 7",
                "UPDATE audit_tail SET number = 7, digest = (SELECT digest FROM audit WHERE number = 7)",
            ],
            "entry 8, truncated",
        ),
        (
            [
                "DELETE FROM audit WHERE number > 7",
                "DELETE FROM audit_heads",
                "UPDATE audit_tail SET number = 7, digest = (SELECT digest FROM audit WHERE number = 7)",
            ],
            None,  # set back with its heads: only one that was held elsewhere shows it
        ),
    ],
)
def test_whatever_is_done_to_the_database_is_found(
    folder: Path, statements: list[str], fault: str | None
) -> None:
    store = Store.open(place.database_url(folder))
    held = list(store.export(KEY, AUDREY, 60))
    store.close()
    altered(folder, "DELETE FROM audit WHERE number = 21", *BACK, *statements)
    found = verified(folder).verdict.fault
    assert (None if found is None else found.text[: len(fault or "")]) == fault
    assert verified(folder, *held).verdict.fault is not None


BACK = (
    "DELETE FROM audit_heads WHERE number = 21",
    "UPDATE audit_tail SET number = 20, digest = (SELECT digest FROM audit WHERE number = 20)",
)


@pytest.mark.parametrize("make", [None, b"", b"hello" * 1_000])
def test_what_is_no_database_with_a_trail_is_refused(tmp_path: Path, make: bytes | None) -> None:
    path = tmp_path / "odd name %?#.db"
    if make is not None:
        path.write_bytes(make)
    with pytest.raises(InputError, match="expected a database"):
        verify_database(path, KEY.public_key())
    assert path.exists() == (make is not None)


def test_a_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "data" / place.KEY
    first = place.signing_key(path)
    assert place.signing_key(path).private_bytes_raw() == first.private_bytes_raw()
    assert path.stat().st_mode & 0o777 == 0o600
    public = place.public_key(path.with_name(place.PUBLIC_KEY))
    assert public.public_bytes_raw() == first.public_key().public_bytes_raw()
    assert {one.name for one in path.parent.iterdir()} == {place.KEY, place.PUBLIC_KEY}


def test_keys_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("hello")
    calls: list[tuple[Callable[[], object], str]] = [
        (lambda: place.signing_key(tmp_path / "file" / place.KEY), r"audit-key\.pem: expected the key"),
        (lambda: place.signing_key(tmp_path / "file"), r"file: expected an Ed25519 private key"),
        (lambda: place.public_key(tmp_path / "none.pem"), r"none\.pem: expected the public key"),
        (lambda: place.public_key(tmp_path / "file"), r"file: expected an Ed25519 public key"),
    ]
    for call, message in calls:
        with pytest.raises(InputError, match=message):
            call()
