"""Signals for tests of triage and the store."""

from tapewarden.domain.kinds import HOUR
from tapewarden.domain.signal import DataHealth, Evidence, Party, Reason, Signal


def signal(
    name: str = "s1",
    *,
    at_hour: float = 0,
    hours: float = 0,
    actor: str = "acct-1",
    instrument: str = "BTC-USD@SIM",
    family: str = "order book",
    detector: str = "SPF-01",
    typology: str = "spoofing",
    severity: str = "medium",
    score: float = 0.5,
    text: str = "a large order was pulled",
) -> Signal:
    start = int(at_hour * HOUR)
    return Signal(
        id=name,
        detector=detector,
        version=1,
        parameters="p",
        typology=typology,
        family=family,
        severity=severity,
        score=score,
        instrument=instrument,
        actor=actor,
        parties=(Party(actor, "actor"),) if actor else (),
        start_ns=start,
        end_ns=start + int(hours * HOUR),
        text=text,
        reasons=(Reason("size", 8.0, 4.0, "robust z"),),
        evidence=Evidence(orders=("1",), orders_total=1, source="SIM"),
        health=DataHealth(),
    )
