"""Who works with the system, what each may do, and the tokens by which it knows them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Permission(StrEnum):
    """What a role may allow."""

    READ = "read signals and cases"
    WORK = "work on cases"
    DECIDE = "approve, decline and reopen cases, and suppress signals"
    AUDIT = "read the audit trail"
    ADMINISTER = "administer users and configuration"
    PUBLISH = "hand in events"
    PROMOTE = "keep, propose and promote models"


class Role(StrEnum):
    """What a person or program is to the system.

    An admin runs it and sees no cases: suspicion is not their business. A producer only hands in events.
    """

    VIEWER = "viewer"
    ANALYST = "analyst"
    SENIOR = "senior"
    ADMIN = "admin"
    AUDITOR = "auditor"
    PRODUCER = "producer"

    @property
    def permissions(self) -> frozenset[Permission]:
        """What the role allows."""
        match self:
            case Role.VIEWER:
                return frozenset({Permission.READ})
            case Role.ANALYST:
                return frozenset({Permission.READ, Permission.WORK})
            case Role.SENIOR:
                return frozenset({Permission.READ, Permission.WORK, Permission.DECIDE, Permission.PROMOTE})
            case Role.ADMIN:
                return frozenset({Permission.ADMINISTER, Permission.PROMOTE})
            case Role.AUDITOR:
                return frozenset({Permission.READ, Permission.AUDIT})
            case Role.PRODUCER:
                return frozenset({Permission.PUBLISH})


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works with the system, under the name that the audit trail keeps."""

    name: str
    roles: frozenset[Role]

    def may(self, permission: Permission) -> bool:
        """Whether any of the roles allows it."""
        return any(permission in role.permissions for role in self.roles)


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What is known of a token, which is not the token: its secret is shown once and kept nowhere.

    Attributes:
        id: Its number, for people and logs to name it by.
        person: Whose it is.
        note: What it is for.
        source: The only source of events for which it may be used; ``None`` for any.
        created_ns: When it was made, ns UTC.
        expires_ns: When it ends.
        revoked_ns: When it was taken back; ``None`` while it was not.
    """

    id: str
    person: str
    note: str
    source: str | None
    created_ns: int
    expires_ns: int
    revoked_ns: int | None = None

    def is_valid(self, at_ns: int) -> bool:
        """Whether it may be used at a time."""
        return self.revoked_ns is None and at_ns < self.expires_ns
