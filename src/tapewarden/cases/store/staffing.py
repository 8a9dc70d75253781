"""`Staff`: who may work with the system, and their tokens, of which only hashes are kept."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from hmac import compare_digest
from typing import Any, Final, Protocol, TypeVar

from sqlalchemy import Row, insert, select, update

from tapewarden.cases.audit.canonical import canonical
from tapewarden.cases.store.schema import people, tokens
from tapewarden.cases.store.trail import Work, require_text
from tapewarden.cases.workflow import require
from tapewarden.domain.decoding import decode_line
from tapewarden.domain.errors import NotFoundError, RefusedError
from tapewarden.domain.staff import Permission, Person, Role, Token
from tapewarden.domain.trail import Entry

LONGEST_NAME: Final = 200

_PREFIX: Final = "tapewarden"
_SECRET_BYTES: Final = 32  # as random as a key: its hash needs no salt and no stretching
_NOBODY: Final = bytes(32)

Result = TypeVar("Result")


class Transact(Protocol):
    """Runs a transaction; see ``transact``."""

    def __call__(self, body: Callable[[Work], Result], /) -> Result:
        """What ``body`` gives."""


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody and their tokens, as they were at one moment."""

    people: Mapping[str, Person]
    tokens: Mapping[str, Token]
    _digests: Mapping[str, bytes]

    def owner(self, secret: str, at_ns: int) -> tuple[Person, Token] | None:
        """Whose token this is, if it is one and valid; takes the same time whichever part of it is wrong."""
        prefix, _, rest = secret.partition("_")
        number, _, random = rest.partition("_")
        token = self.tokens.get(number)
        matches = compare_digest(_digest(random), self._digests.get(number, _NOBODY))
        if prefix != _PREFIX or not matches or token is None or not token.is_valid(at_ns):
            return None
        return self.people[token.person], token


class Staff:
    """People and tokens. Methods take who asks, an admin, and the time, and leave an entry in the trail."""

    def __init__(self, transact: Transact) -> None:
        self._transact = transact

    def put(self, name: str, roles: Iterable[Role], by: Person, at_ns: int) -> Person:
        """Enter a person, or give one other roles; without roles they may do nothing from then on."""
        require(by, Permission.ADMINISTER)
        _require_name(name)
        person = Person(name, frozenset(roles))
        return self._transact(lambda work: _put(work, person, by.name, at_ns))

    def issue(
        self, name: str, by: Person, at_ns: int, expires_ns: int, *, source: str | None = None, note: str = ""
    ) -> tuple[Token, str]:
        """A token for a person, and its text, which nobody can ask for again.

        Raises:
            NotFoundError: There is no such person.
            RefusedError: It would have ended already.
        """
        require(by, Permission.ADMINISTER)
        require_text(source, note)
        if expires_ns <= at_ns:
            raise RefusedError("a token ends later than now")
        number, random = secrets.token_hex(6), secrets.token_urlsafe(_SECRET_BYTES)
        token = Token(
            id=number, person=name, note=note, source=source, created_ns=at_ns, expires_ns=expires_ns
        )
        self._transact(lambda work: _keep(work, token, _digest(random), by.name))
        return token, f"{_PREFIX}_{number}_{random}"

    def revoke(self, token_id: str, by: Person, at_ns: int) -> Token:
        """Take a token back. ``RefusedError`` if it was before, ``NotFoundError`` if there is none."""
        require(by, Permission.ADMINISTER)
        return self._transact(lambda work: _revoke(work, token_id, by.name, at_ns))

    def roster(self) -> Roster:
        """Everybody, for the server to know callers by; tells nobody, so it leaves no entry."""
        return self._transact(_roster)


def _put(work: Work, person: Person, by: str, at_ns: int) -> Person:
    row = work.connection.execute(select(people).where(people.c.name == person.name)).one_or_none()
    roles = [role.value for role in Role if role in person.roles]
    if row is None:
        work.connection.execute(insert(people).values(name=person.name, roles=canonical(roles)))
        old = None
    else:
        chosen = update(people).where(people.c.name == person.name)
        work.connection.execute(chosen.values(roles=canonical(roles)))
        old = {"roles": [role.value for role in Role if role in _person(row).roles]}
    _tell(work, "person.put", f"person {person.name}", by, at_ns, old, {"roles": roles})
    return person


def _keep(work: Work, token: Token, digest: bytes, by: str) -> None:
    known = select(people.c.name).where(people.c.name == token.person)
    if work.connection.execute(known).one_or_none() is None:
        raise NotFoundError(f"person {token.person}: there is none")
    work.connection.execute(insert(tokens).values(**asdict(token), digest=digest))
    _tell(work, "token.issue", f"token {token.id}", by, token.created_ns, None, asdict(token))


def _revoke(work: Work, token_id: str, by: str, at_ns: int) -> Token:
    row = work.connection.execute(select(tokens).where(tokens.c.id == token_id)).one_or_none()
    if row is None:
        raise NotFoundError(f"token {token_id}: there is none")
    token = _token(row)
    if token.revoked_ns is not None:
        raise RefusedError(f"token {token_id}: it was revoked before")
    work.connection.execute(update(tokens).where(tokens.c.id == token_id).values(revoked_ns=at_ns))
    old, new = {"revoked_ns": None}, {"revoked_ns": at_ns}
    _tell(work, "token.revoke", f"token {token_id}", by, at_ns, old, new)
    return replace(token, revoked_ns=at_ns)


def _roster(work: Work) -> Roster:
    persons = [_person(row) for row in work.connection.execute(select(people).order_by(people.c.name))]
    ordered = select(tokens).order_by(tokens.c.created_ns, tokens.c.id)
    rows = work.connection.execute(ordered).all()
    return Roster(
        {person.name: person for person in persons},
        {row.id: _token(row) for row in rows},
        {row.id: row.digest for row in rows},
    )


def _require_name(name: str) -> None:
    if not (name.isprintable() and name.strip() == name and 0 < len(name) <= LONGEST_NAME):
        raise RefusedError(
            f"a name has 1 to {LONGEST_NAME} printable characters, none of them a blank at the ends"
        )


def _person(row: Row[Any]) -> Person:
    roles: tuple[Role, ...] = decode_line(tuple[Role, ...], row.roles)
    return Person(row.name, frozenset(roles))


def _token(row: Row[Any]) -> Token:
    return Token(
        id=row.id,
        person=row.person,
        note=row.note,
        source=row.source,
        created_ns=row.created_ns,
        expires_ns=row.expires_ns,
        revoked_ns=row.revoked_ns,
    )


def _digest(secret: str) -> bytes:
    return sha256(secret.encode("utf-8", "surrogatepass")).digest()


def _tell(
    work: Work, action: str, about: str, by: str, at_ns: int, old: dict[str, Any] | None, new: dict[str, Any]
) -> None:
    work.tell(Entry(at_ns=at_ns, actor=by, action=action, subject=about, old=old, new=new))
