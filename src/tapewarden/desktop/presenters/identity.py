"""`Identity`: who works here, as the server knows them."""

from __future__ import annotations

from typing import Final

from tapewarden.client import Caller
from tapewarden.desktop.transport.link import Server
from tapewarden.desktop.transport.polling import every
from tapewarden.domain.staff import Role

LOOK_S: Final = 30.0
"""Seconds between two questions: roles may change while the window is open."""


class Identity:
    """The name and roles on the left; until the server says so, the name one gave.

    Args:
        server: That is asked.
        given: The name the connection gives.
    """

    def __init__(self, server: Server, given: str | None) -> None:
        self.name = given or ""
        self.role = ""
        server.watch(lambda services: every(LOOK_S, services.access.who_am_i), self._learn)

    def _learn(self, caller: Caller) -> None:
        everything = set(caller.roles) >= set(Role)
        self.name, self.role = caller.name, "open server" if everything else ", ".join(caller.roles)
