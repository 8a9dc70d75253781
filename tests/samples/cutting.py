"""A way to a server that breaks: a TCP proxy whose connections end after so many bytes."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import chain, repeat


class _Connection:
    """Two sockets that pass on what comes until the budget of bytes is used up."""

    def __init__(self, sides: tuple[socket.socket, socket.socket], budget: int | None) -> None:
        self._sides = sides
        self._budget = budget
        self._lock = threading.Lock()
        self._threads = [
            threading.Thread(target=self._pass_on, args=ends) for ends in (sides, tuple(reversed(sides)))
        ]
        for thread in self._threads:
            thread.start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                target.sendall(data[: self._allowed(len(data))])
        self.cut()

    def _allowed(self, wanted: int) -> int:
        with self._lock:
            if self._budget is None:
                return wanted
            allowed = min(wanted, self._budget)
            self._budget -= allowed
        if allowed < wanted:
            self.cut()
        return allowed

    def cut(self) -> None:
        for side in self._sides:
            with suppress(OSError):
                side.shutdown(socket.SHUT_RDWR)

    def join(self) -> None:
        self.cut()
        for thread in self._threads:
            thread.join()
        for side in self._sides:
            side.close()


@contextmanager
def cutting(port: int, budgets: Sequence[int | None]) -> Iterator[str]:
    """The address of a proxy; connections are cut after these bytes; ``None``, and later ones: never."""
    connections: list[_Connection] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        for budget in chain(budgets, repeat(None)):
            try:
                here, _ = listener.accept()
            except OSError:
                return
            with suppress(OSError):
                there = socket.create_connection(("127.0.0.1", port))
                connections.append(_Connection((here, there), budget))
                continue
            here.close()

    thread = threading.Thread(target=accept)
    thread.start()
    try:
        yield f"127.0.0.1:{listener.getsockname()[1]}"
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()
        for connection in connections:
            connection.join()
