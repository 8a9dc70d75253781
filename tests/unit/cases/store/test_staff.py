"""People and tokens: secrets are shown once, kept as hashes, and end."""

from dataclasses import asdict

import pytest
from sqlalchemy import text

from tapewarden.cases.store import Store
from tapewarden.cases.store.opening import open_database
from tapewarden.domain.errors import NotFoundError, RefusedError
from tapewarden.domain.staff import Person, Role
from tests.unit.cases.workflows import ADA, AUDREY, SAM, VERA


def test_a_token_tells_whose_it_is_until_it_ends_or_is_revoked(store: Store) -> None:
    store.staff.put("vera", [Role.ANALYST], ADA, 1)
    token, secret = store.staff.issue("vera", ADA, 2, 10, note="laptop")
    owner = store.staff.roster().owner(secret, 9)
    assert owner == (VERA, token)
    assert store.staff.roster().owner(secret, 10) is None
    store.staff.revoke(token.id, ADA, 5)
    assert store.staff.roster().owner(secret, 6) is None


def test_roles_change_for_tokens_that_are_out(store: Store) -> None:
    store.staff.put("vera", [Role.ANALYST], ADA, 1)
    token, secret = store.staff.issue("vera", ADA, 2, 10)
    store.staff.put("vera", [], ADA, 3)
    assert store.staff.roster().owner(secret, 4) == (Person("vera", frozenset()), token)


@pytest.mark.parametrize("change", ["", "x", "id", "swap", "prefix", "\udcff"])
def test_what_is_not_the_token_to_the_letter_is_nobodys(store: Store, change: str) -> None:
    store.staff.put("vera", [Role.ANALYST], ADA, 1)
    token, secret = store.staff.issue("vera", ADA, 2, 10)
    other, _ = store.staff.issue("vera", ADA, 2, 10)
    wrong = {
        "": "",
        "id": secret.replace(token.id, "0" * 12),
        "swap": secret.replace(token.id, other.id),
        "prefix": secret.removeprefix("tapewarden"),
    }.get(change, secret + change)
    assert store.staff.roster().owner(wrong, 3) is None


def test_no_secret_is_kept_anywhere(url: str) -> None:
    store, engine = Store.open(url), open_database(url)
    store.staff.put("vera", [Role.ANALYST], ADA, 1)
    token, secret = store.staff.issue("vera", ADA, 2, 10, source="sim-1", note="laptop")
    random = secret.split("_", 2)[2]
    with engine.begin() as connection:
        for table in ("tokens", "audit"):
            for row in connection.execute(text(f"SELECT * FROM {table}")):
                assert random not in str(row)
                assert random.encode() not in str(row).encode()
    assert random not in str(asdict(token))
    assert random not in repr(store.staff.roster())
    store.close()
    engine.dispose()


def test_every_change_of_people_and_tokens_is_audited(store: Store) -> None:
    store.staff.put("vera", [Role.ANALYST], ADA, 1)
    store.staff.put("vera", [Role.SENIOR, Role.AUDITOR], ADA, 2)
    token, _ = store.staff.issue("vera", ADA, 3, 10, source="sim-1")
    store.staff.revoke(token.id, ADA, 4)
    told = [(one.entry.action, one.entry.old, one.entry.new) for one in store.entries(AUDREY, 5)]
    assert told == [
        ("person.put", None, {"roles": ["analyst"]}),
        ("person.put", {"roles": ["analyst"]}, {"roles": ["senior", "auditor"]}),
        ("token.issue", None, asdict(token)),
        ("token.revoke", {"revoked_ns": None}, {"revoked_ns": 4}),
    ]


def test_only_an_admin_changes_people_and_tokens(store: Store) -> None:
    store.staff.put("vera", [Role.ANALYST], ADA, 1)
    token, _ = store.staff.issue("vera", ADA, 2, 10)
    with pytest.raises(RefusedError, match="needs admin"):
        store.staff.put("sam", [Role.ADMIN], SAM, 3)
    with pytest.raises(RefusedError, match="needs admin"):
        store.staff.issue("vera", SAM, 3, 10)
    with pytest.raises(RefusedError, match="needs admin"):
        store.staff.revoke(token.id, SAM, 3)


def test_what_makes_no_sense_is_refused(store: Store) -> None:
    store.staff.put("vera", [Role.ANALYST], ADA, 1)
    for name in ("", " vera", "ve\nra", "x" * 201, "ve\0ra"):
        with pytest.raises(RefusedError, match="a name has"):
            store.staff.put(name, [Role.ANALYST], ADA, 1)
    with pytest.raises(RefusedError, match="ends later than now"):
        store.staff.issue("vera", ADA, 10, 10)
    with pytest.raises(NotFoundError, match="person nobody: there is none"):
        store.staff.issue("nobody", ADA, 1, 10)
    with pytest.raises(NotFoundError, match="token abc: there is none"):
        store.staff.revoke("abc", ADA, 1)
    token, _ = store.staff.issue("vera", ADA, 2, 10)
    store.staff.revoke(token.id, ADA, 3)
    with pytest.raises(RefusedError, match="revoked before"):
        store.staff.revoke(token.id, ADA, 4)
