"""Who sends the market: a thread with the real client, which may be held back and replaced."""

from __future__ import annotations

import threading
from typing import Final

from tapewarden.client import Connection, Delivered, Publisher, Reject
from tapewarden.domain.errors import TapewardenError
from tools.soak import BrokenPromise
from tools.soak.market import Market

SOURCE: Final = "market"
_PIECE: Final = 500  # events per call


class Producer:
    """Sends the events of a market in order, up to a goal, whatever becomes of the server."""

    def __init__(self, connection: Connection, market: Market) -> None:
        self._connection = connection
        self._market = market
        self._goal = 0
        self._again = False
        self._failure: Exception | None = None
        self._moved = threading.Condition()
        self.acknowledged = 0
        """Events that the server has said to be durable."""
        self.publishers = 0
        """How many clients have sent, one after the other."""
        self._thread = threading.Thread(target=self._run, name="producer", daemon=True)

    def start(self) -> None:
        """Begin; the server must listen."""
        self._thread.start()

    def go_on(self, goal: int) -> None:
        """Send up to so many events in all."""
        with self._moved:
            self._goal = max(self._goal, goal)
            self._moved.notify_all()

    def replace(self) -> None:
        """Let another client go on where the server says, as after a crash of the producer."""
        with self._moved:
            self._again = True
            self._moved.notify_all()

    def wait_for(self, acknowledged: int) -> None:
        """Wait until so many events are acknowledged."""
        with self._moved:
            self._moved.wait_for(lambda: self._failure or self.acknowledged >= acknowledged)
        self.check()

    def finish(self) -> None:
        """Send all that is left, and wait until it is durable."""
        self.go_on(len(self._market.events))
        self._thread.join()
        self.check()

    def check(self) -> None:
        """Raise what ended the sending before its end."""
        if self._failure is not None:
            raise BrokenPromise(f"the client gave up: {self._failure}") from self._failure

    def _run(self) -> None:
        try:
            while self._publish():
                pass
        except TapewardenError as error:
            with self._moved:
                self._failure = error
                self._moved.notify_all()

    def _publish(self) -> bool:
        """Send with one client; gives whether another one is to go on."""
        self._again = False
        self.publishers += 1
        publisher = Publisher(
            self._connection,
            SOURCE,
            self._market.directory,
            on_durable=self._durable,
            on_reject=self._rejected,
        )
        done = publisher.start.sequence - 1
        while done < len(self._market.events):
            if self._wait_to_send(done):
                publisher.abandon()
                return True
            until = min(done + _PIECE, self._goal)
            publisher.send(self._market.events[done:until])
            done = until
        publisher.close()
        return False

    def _wait_to_send(self, done: int) -> bool:
        """Wait until more may be sent; gives whether another client is to send it."""
        with self._moved:
            self._moved.wait_for(lambda: self._again or self._goal > done)
            return self._again

    def _durable(self, message: Delivered) -> None:
        with self._moved:
            self.acknowledged = max(self.acknowledged, message.last)
            self._moved.notify_all()

    def _rejected(self, reject: Reject) -> None:
        with self._moved:
            self._failure = BrokenPromise(f"a good event was rejected: {reject}")
            self._moved.notify_all()
