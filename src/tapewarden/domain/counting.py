"""Counts in words."""

from __future__ import annotations


def counted(number: int, noun: str, plural: str = "") -> str:
    """How many of something there are, such as ``1 case`` or ``1,204 cases``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {plural or noun + 's'}"
