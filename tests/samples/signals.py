"""Signals made by hand, as a detector of the built-in ones would give them."""

from typing import Any

from tapewarden.domain.kinds import MINUTE
from tapewarden.domain.signal import DataHealth, Evidence, Party, Signal
from tests.samples.episodes import START


def signal(**other: Any) -> Signal:
    """SPF-01 on the spoofer of ``episode()`` in the first minute, unless told otherwise."""
    facts: dict[str, Any] = {
        "detector": "SPF-01",
        "version": 1,
        "parameters": "default",
        "typology": "spoofing",
        "family": "order book",
        "severity": "high",
        "score": 0.8,
        "instrument": "BTC-USD@SIM",
        "actor": "mallory",
        "parties": (),
        "start_ns": START,
        "end_ns": START + MINUTE,
        "text": "a wall",
        "reasons": (),
        "evidence": Evidence(),
        "health": DataHealth(),
    }
    facts.update(other)
    facts.setdefault("id", f"{facts['detector']} {facts['actor']} {facts['start_ns']} {facts['end_ns']}")
    return Signal(**facts)


def party(account: str, role: str = "suspect") -> tuple[Party, ...]:
    """One further account."""
    return (Party(account, role),)
