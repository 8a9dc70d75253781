"""What somebody did, as the audit trail of a server tells it."""

from __future__ import annotations

import asyncio

from tapewarden.client import CasesClient, Connection
from tapewarden.domain.trail import Entry, Link

_MOST = 1_000  # that the server tells at once


def entries(address: str) -> list[Link]:
    """All entries, in order; asking leaves entries of its own."""
    return asyncio.run(_entries(address))


def deeds(address: str, person: str) -> list[tuple[str, str]]:
    """What a person did and to what, in order."""
    found = [one.entry for one in entries(address)]
    return [(one.action, one.subject) for one in found if one.actor == person and is_deed(one)]


def is_deed(entry: Entry) -> bool:
    """Whether an entry tells of more than a look, such as at the whole trail to verify it."""
    return not entry.action.endswith(".read") and entry.action != "audit.export"


async def _entries(address: str) -> list[Link]:
    found: list[Link] = []
    async with CasesClient(Connection(address=address, person="audrey")) as cases:
        while True:
            page = await cases.entries(after=found[-1].number if found else 0)
            found += page
            if len(page) < _MOST:
                return found
