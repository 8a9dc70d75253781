"""Who works with the system, and what each may do."""

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


class Role(StrEnum):
    """What a person is to the system. An admin runs it and sees no cases: suspicion is not their business."""

    VIEWER = "viewer"
    ANALYST = "analyst"
    SENIOR = "senior"
    ADMIN = "admin"
    AUDITOR = "auditor"

    @property
    def permissions(self) -> frozenset[Permission]:
        """What the role allows."""
        match self:
            case Role.VIEWER:
                return frozenset({Permission.READ})
            case Role.ANALYST:
                return frozenset({Permission.READ, Permission.WORK})
            case Role.SENIOR:
                return frozenset({Permission.READ, Permission.WORK, Permission.DECIDE})
            case Role.ADMIN:
                return frozenset({Permission.ADMINISTER})
            case Role.AUDITOR:
                return frozenset({Permission.READ, Permission.AUDIT})


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works with the system, under the name that the audit trail keeps."""

    name: str
    roles: frozenset[Role]

    def may(self, permission: Permission) -> bool:
        """Whether any of the roles allows it."""
        return any(permission in role.permissions for role in self.roles)
