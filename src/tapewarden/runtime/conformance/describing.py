"""Checks of what a detector says about itself."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from typing import Final

from tapewarden.domain.law import regimes
from tapewarden.engine.contract import Detector, Invariant
from tapewarden.engine.parameters import parameters_of
from tapewarden.runtime.conformance.mutation import mutants

_ID: Final = re.compile(r"[A-Z]{3}-\d{2}")


def metadata(detector: Detector) -> Iterator[str]:
    """Whether anything is missing of what it says about itself."""
    meta = detector.meta
    if not _ID.fullmatch(meta.id):
        yield f"id: expected three letters, a dash, two digits, received {meta.id!r}"
    for name in ("title", "summary", "false_positives", "blind_spots", "references"):
        if not getattr(meta, name):
            yield f"{name}: expected something, received nothing"
    for name in ("look_at", "cleared_by", "then"):
        if not getattr(meta.triage, name):
            yield f"triage.{name}: expected at least one step, received none"
    if meta.lookback <= 0 or meta.warm_up < 0 or meta.version < 1:
        yield "expected a positive lookback and version, and a warm-up of 0 or more"
    for regime in regimes():
        if meta.typology not in regime.provisions and meta.typology not in regime.without:
            yield f"typology: expected {meta.typology!r} among those of {regime.name}, or a reason for none"


def documentation(detector: Detector) -> Iterator[str]:
    """Whether code, parameters and exemptions are explained."""
    module = sys.modules[detector.step.__module__]
    for name in ("params", "state", "opens", "step", "explain"):
        if not inspect.getdoc(getattr(detector, name)):
            yield f"{name}: expected a docstring"
    if not module.__doc__:
        yield f"{module.__name__}: expected a docstring"
    for parameter in parameters_of(detector.params):
        if not parameter.meaning or (not parameter.unit and parameter.type is not bool):
            yield f"{detector.params.__name__}.{parameter.name}: expected a unit and a meaning"
    conditions = {mutant.condition for mutant in mutants(detector)} if detector.exempt else set()
    for name, reason in detector.exempt.items():
        if name not in set(Invariant) | conditions:
            yield f"exempt: expected an invariant or a condition of the rule, received {name!r}"
        if not reason:
            yield f"exempt: expected a reason for {name!r}"
