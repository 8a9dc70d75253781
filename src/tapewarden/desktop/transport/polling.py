"""Streams of what a server tells only when asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

Answer = TypeVar("Answer")


async def every(seconds: float, ask: Callable[[], Awaitable[Answer]]) -> AsyncIterator[Answer]:
    """The answer now, and again so many seconds after each answer; for ``Server.watch``."""
    while True:
        yield await ask()
        await asyncio.sleep(seconds)
