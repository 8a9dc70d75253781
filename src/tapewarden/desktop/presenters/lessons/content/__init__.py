"""The lessons, one module each, in the order in which they are taught."""

from __future__ import annotations

from typing import Final

from tapewarden.desktop.presenters.lessons.content import (
    layering,
    normal_book,
    pump,
    spoofing,
    wash_trading,
)
from tapewarden.desktop.presenters.lessons.lesson import Lesson

LESSONS: Final[tuple[Lesson, ...]] = (
    normal_book.LESSON,
    spoofing.LESSON,
    layering.LESSON,
    wash_trading.LESSON,
    pump.LESSON,
)
"""All lessons."""
