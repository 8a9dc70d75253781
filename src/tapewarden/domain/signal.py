"""`Signal`: what a detector says of suspected misconduct, with its reasons and evidence."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from enum import StrEnum

from tapewarden.domain.decoding import decode_line


class Outcome(StrEnum):
    """What came of computing a signal again."""

    SAME = "same"
    DIFFERENT = "different"
    NOT_FOUND = "not found"
    NOT_RE_DERIVABLE = "not re-derivable"


@dataclass(frozen=True, slots=True)
class Reason:
    """One condition of a rule as it stood: measured value, threshold, unit, and whether it passed."""

    name: str
    value: float
    threshold: float
    unit: str
    passed: bool = True


@dataclass(frozen=True, slots=True)
class Party:
    """An account a signal names, and the part it played."""

    account: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Where to look: orders, trades and the span of the source's sequence numbers at the firing event."""

    orders: tuple[str, ...] = ()
    orders_total: int = 0  # may exceed len(orders): the trail is bounded
    trades: tuple[str, ...] = ()
    source: str = ""
    epoch: int = 0
    sequence: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DataHealth:
    """What the data under a signal was like, as known on the tape by then."""

    quality_facts: int = 0
    by_kind: tuple[tuple[str, int], ...] = ()
    blind: bool = False


@dataclass(frozen=True, slots=True)
class FeatureValue:
    """What a model saw of a window; ``value`` is ``None`` where the window could not tell."""

    name: str
    value: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Anomaly:
    """What a signal of an anomaly model rests on, so that it can be computed again years later.

    ``model`` is the model's id, ``raw_score`` its score, ``p_value`` how rare that was when the model was
    made. ``level`` is the score from which on a window was an alert, at the time and on the instrument;
    ``None`` in signals of version 1, when that was the model's threshold.
    """

    model: str
    raw_score: float
    p_value: float
    features: tuple[FeatureValue, ...]
    level: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """A machine's observation. A pure function of tape, rule version and parameters.

    ``score`` is between 0 and 1 and grows with the suspicion; times are event time in nanoseconds UTC.
    ``actor`` is empty for market-quality signals, which accuse nobody; ``anomaly`` is ``None`` for rules.
    """

    id: str
    detector: str
    version: int
    parameters: str
    typology: str
    family: str
    severity: str
    score: float
    instrument: str
    actor: str
    parties: tuple[Party, ...]
    start_ns: int
    end_ns: int
    text: str
    reasons: tuple[Reason, ...]
    evidence: Evidence
    health: DataHealth
    anomaly: Anomaly | None = None

    def to_json(self) -> str:
        """One line of canonical JSON: the bytes that replay, live and cluster runs must agree on."""
        fields = asdict(self)
        if self.anomaly is None:
            del fields["anomaly"]
        elif self.anomaly.level is None:
            del fields["anomaly"]["level"]
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":"), allow_nan=False)

    @staticmethod
    def from_json(line: str) -> Signal:
        """The signal that ``to_json`` wrote; ``FieldError``, a ``ValueError``, for anything else."""
        signal: Signal = decode_line(Signal, line)
        return signal


def signal_id(
    detector: str, version: int, parameters: str, entity: str, instrument: str, span: tuple[int, ...]
) -> str:
    """Deterministic id of a signal: the same observation has the same id in every process."""
    text = "\x1f".join([detector, str(version), parameters, entity, instrument, *map(str, span)])
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()
