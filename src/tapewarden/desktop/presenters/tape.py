"""`TapeMeter`: what the tape says of itself: how fast, how far, and what is missing."""

from __future__ import annotations

from collections import deque
from typing import Final

from tapewarden.client import TapeNews
from tapewarden.domain.kinds import SECOND

_OVER_NS: Final = 3 * SECOND


class TapeMeter:
    """Counts, fed with every piece of news.

    Attributes:
        frame: Of the journal, the last one seen.
        events: All that the server has seen since it started.
        missed: The frames that went by, at most, whenever the connection was lost or an update did not come.
        left_out: Trades that the server left out because there were too many.
    """

    def __init__(self) -> None:
        self.frame = 0
        self.events = 0
        self.missed: list[range] = []
        self._update = 0
        self._left_out_before = 0
        self._left_out = 0
        self._recent: deque[tuple[int, int]] = deque()

    @property
    def gaps(self) -> int:
        """Times something was missed."""
        return len(self.missed)

    @property
    def left_out(self) -> int:
        """Of all streams so far."""
        return self._left_out_before + self._left_out

    @property
    def events_per_second(self) -> float | None:
        """Over the last seconds by the server's clock; ``None`` before there are two looks."""
        if len(self._recent) < 2:
            return None
        (begin, first), (end, last) = self._recent[0], self._recent[-1]
        return (last - first) * SECOND / (end - begin) if end > begin else None

    def add(self, news: TapeNews) -> None:
        """Learn of news."""
        if news.update != self._update + 1 and self._update and news.frame > self.frame:
            self.missed.append(range(self.frame + 1, news.frame + 1))
        if news.update <= self._update:
            self._left_out_before += self._left_out
        if news.events < self.events:
            self._recent.clear()  # another server, or one that started again
        self._update, self._left_out = news.update, news.left_out
        self.frame, self.events = news.frame, news.events
        self._recent.append((news.at_ns, news.events))
        while self._recent[0][0] < news.at_ns - _OVER_NS and len(self._recent) > 2:
            self._recent.popleft()
