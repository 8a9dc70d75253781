"""`Detector`: what an author writes and the engine runs.

A detector is one file of plain functions over rows::

    opens(act, p)      -> bool      an act of a kind in `opens_on`: should its actor be remembered?
    step(act, s, p)    -> int       for acts that opened, and kinds in `follows` while the key is remembered
    explain(act, s, p) -> Finding   plain Python, only when `step` fired; `s` is a copy as of that act

``opens`` must be pure. ``step`` returns KEEP, FIRE, DROP or FIRE | DROP, and changes nothing but ``s``.
When ``opens`` is true and the key is not remembered, the row is zeroed, ``s.key`` set and ``s.until``
becomes ``act.ts + p.hold``; a rule may set ``s.until`` to live longer or shorter. A row with ``until``
before the act's time does not exist any more.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

import numpy as np

from tapewarden.compiled.compiling import rule
from tapewarden.compiled.rows import Row
from tapewarden.domain.errors import TapewardenError
from tapewarden.domain.signal import Reason
from tapewarden.engine.acts import WAKE, Act
from tapewarden.engine.keys import Key
from tapewarden.engine.meta import Meta
from tapewarden.engine.parameters import parameters_of
from tapewarden.engine.scenarios import Scenario

KEEP: Final = 0
FIRE: Final = 1  # a signal
DROP: Final = 2  # forget the row


@rule
def ready_at_once(s: Row, p: Any) -> bool:
    """``ready`` of a rule that needs no baseline, but events that many tapes lack: a row is enough."""
    return True


class DetectorError(TapewardenError):
    """A detector does not keep the contract; the message names detector and field."""


class Invariant(StrEnum):
    """What must hold for every detector that does not declare itself exempt, with a reason."""

    INTERLEAVING = "other actors interleaved"
    RENAMING = "accounts and orders renamed"
    SHIFTING = "time shifted"
    MIRRORING = "sides mirrored"
    SCALING = "sizes scaled"
    DRAINING = "state drained"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What ``explain`` says of an act that fired.

    Attributes:
        text: One sentence with the measured figures.
        reasons: The conditions of the rule as they stood.
        score: From 0 to 1, growing with the suspicion.
        orders: Ids of the orders that show it, oldest first; those a trail still holds.
        orders_total: How many there were, at least ``len(orders)``.
        trades: Ids of the trades that show it.
        since: When it began, event time in ns; not more than the lookback before the act.
        parties: Accounts other than the act's own, as numbered in acts, each with the part it played.
        actors: Whom it points at, as numbered in acts, where the key names an instrument and not a person.
    """

    text: str
    reasons: tuple[Reason, ...]
    score: float
    orders: tuple[int, ...] = ()
    orders_total: int = 0
    trades: tuple[int, ...] = ()
    since: int
    parties: tuple[tuple[int, str], ...] = ()
    actors: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class Detector:
    """One rule for one typology.

    Attributes:
        meta: What it says about itself.
        params: Frozen dataclass of ``param`` fields, ``hold`` among them.
        state: ``Row`` that begins with ``key: u32`` and contains ``until: i64``. With a field ``wake: i64``
            the rule may ask to be called again: the first later act of the instrument at or after
            ``s.wake`` calls ``step`` with kind WAKE; 0 asks for nothing.
        key: About whom something is remembered.
        opens_on: Kinds of acts, joined by ``|``, that ``opens`` is asked about.
        follows: Kinds of acts that ``step`` sees while the key is remembered, besides those that open.
        opens: See above.
        step: See above.
        explain: See above.
        scenarios: Tapes on which it must fire, and near-misses on which it must not.
        compiled: Whether ``opens`` and ``step`` are compiled; false allows any Python in them.
        ready: ``ready(s, p)``, a rule: whether a row has seen enough to speak, where the rule counts that
            itself and ``Meta.readiness`` says what. An instrument on which no row ever was ready is *not
            evaluated*. ``None``: ``Meta.warm_up`` says all.
        exempt: Invariants (values of ``Invariant``) and conditions (source text, as in the rule) that the
            conformance checks leave out, each with the reason.
    """

    meta: Meta
    params: type
    state: type[Row]
    key: Key
    opens_on: int
    follows: int
    opens: Callable[[Act, Any], bool]
    step: Callable[[Act, Any, Any], int]
    explain: Callable[[Act, Any, Any], Finding]
    scenarios: tuple[Scenario, ...] = ()
    compiled: bool = True
    ready: Callable[[Any, Any], bool] | None = None
    exempt: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The detector's id, such as ``SPF-01``."""
        return self.meta.id

    @property
    def wakes(self) -> bool:
        """Whether the rule may ask to be called at a later time."""
        return "wake" in (self.state.dtype.names or ())


def check_contract(detector: Detector) -> None:
    """Refuse a detector the engine could not run faithfully.

    Raises:
        DetectorError: Naming the detector and the field that is wrong.
    """
    try:
        parameters_of(detector.params)
    except TypeError as error:
        raise DetectorError(f"{detector.id}: {error}") from error
    _check_state(detector)
    _check_kinds(detector)
    for name, arguments in (("opens", "act, p"), ("step", "act, s, p"), ("explain", "act, s, p")):
        _check_function(detector, name, arguments)
    if detector.ready is not None:
        _check_function(detector, "ready", "s, p")


def _check_state(detector: Detector) -> None:
    dtype, place = detector.state.dtype, f"{detector.id}: {detector.state.__name__}"
    names = dtype.names or ()
    if not names or names[0] != "key" or dtype["key"] != np.uint32:
        raise DetectorError(f"{place}.key: expected u32 as the first field")
    if "until" not in names or dtype["until"] != np.int64:
        raise DetectorError(f"{place}.until: expected a field of i64")
    if "wake" in names and dtype["wake"] != np.int64:
        raise DetectorError(f"{place}.wake: expected i64")


def _check_kinds(detector: Detector) -> None:
    for name, kinds in (("opens_on", detector.opens_on), ("follows", detector.follows)):
        if not 0 <= kinds < WAKE:
            raise DetectorError(
                f"{detector.id}: {name}: expected kinds of acts joined by |, received {kinds}"
            )
    if not detector.opens_on:
        raise DetectorError(f"{detector.id}: opens_on: expected at least one kind of act")


def _check_function(detector: Detector, name: str, arguments: str) -> None:
    function = getattr(detector, name)
    received = ", ".join(inspect.signature(function).parameters)
    if received != arguments:
        raise DetectorError(
            f"{detector.id}: {name}: expected the arguments ({arguments}), received ({received})"
        )
    module = sys.modules.get(function.__module__)
    if getattr(module, function.__qualname__, None) is not function:
        # Compiled code is cached under this name; a cached scan whose rule cannot be found again fails.
        raise DetectorError(
            f"{detector.id}: {name}: expected a function at the top of an importable module, "
            f"received {function.__module__}.{function.__qualname__}"
        )
