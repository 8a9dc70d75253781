"""`Watching`: a stream that a view follows."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Generic, TypeVar

from tapewarden.desktop.transport.mailbox import Mailbox
from tapewarden.desktop.transport.services import Services
from tapewarden.domain.errors import TapewardenError

Item = TypeVar("Item")


class Watching(Generic[Item]):
    """A stream, opened anew after each loss of the connection until ``cancel``.

    Args:
        open_stream: Opens it, on the thread of the link.
        deliver: Takes each item, on Tk's thread.
        failed: Told why the server refuses, on Tk's thread; ``None``: nobody is.
        mailbox: Where items wait; it counts them.
    """

    def __init__(
        self,
        open_stream: Callable[[Services], AsyncIterator[Item]],
        deliver: Callable[[Item], None],
        failed: Callable[[TapewardenError], None] | None,
        mailbox: Mailbox[Item],
    ) -> None:
        self.open_stream = open_stream
        self.mailbox = mailbox
        self.ended = False
        self._deliver = deliver
        self._failed = failed

    def cancel(self) -> None:
        """Deliver nothing more; the link ends the call with the next thing that comes."""
        self.ended = True

    def refuse(self, error: TapewardenError) -> None:
        """End it because the server refuses."""
        if not self.ended and self._failed is not None:
            self._failed(error)
        self.ended = True

    def hand_over(self) -> None:
        """Deliver what waits."""
        for item in self.mailbox.take():
            if not self.ended:
                self._deliver(item)
