"""The one question of access: may this person do that?"""

from __future__ import annotations

from tapewarden.domain.errors import RefusedError
from tapewarden.domain.staff import Permission, Person, Role


def require(person: Person, permission: Permission) -> None:
    """Raise ``RefusedError`` unless one of the person's roles allows it."""
    if not person.may(permission):
        allowing = " or ".join(role for role in Role if permission in role.permissions)
        has = ", ".join(sorted(person.roles)) or "no role"
        raise RefusedError(f"{person.name} may not {permission}: needs {allowing}, has {has}")
