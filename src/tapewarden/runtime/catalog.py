"""Detectors as plain data: for the command line, generated documentation and services."""

from __future__ import annotations

from typing import Any

from tapewarden.domain.durations import from_nanoseconds
from tapewarden.domain.law import regimes
from tapewarden.engine.contract import Detector
from tapewarden.engine.parameters import Parameter, parameters_of


def outline(detector: Detector) -> dict[str, Any]:
    """A detector in one row of a list: strings and numbers only."""
    meta = detector.meta
    return {
        "id": meta.id,
        "title": meta.title,
        "typology": meta.typology.value,
        "family": meta.family.value,
        "severity": meta.severity.value,
        "tier": meta.tier.name,
        "version": meta.version,
        "maturity": meta.maturity.value,
    }


def describe(detector: Detector) -> dict[str, Any]:
    """All that a detector says about itself: strings, numbers, lists and mappings of them."""
    meta = detector.meta
    return {
        **outline(detector),
        "accuses": meta.accuses,
        "summary": meta.summary,
        "warm_up_seconds": meta.warm_up,
        "lookback": from_nanoseconds(meta.lookback),
        "remembers": detector.key.name,
        "parameters": [_parameter(parameter) for parameter in parameters_of(detector.params)],
        "legal_basis": _legal_basis(detector),
        "false_positives": list(meta.false_positives),
        "blind_spots": list(meta.blind_spots),
        "triage": {
            "look at": list(meta.triage.look_at),
            "cleared by": list(meta.triage.cleared_by),
            "then": list(meta.triage.then),
        },
        "scenarios": [{"name": scenario.name, "signals": scenario.count} for scenario in detector.scenarios],
        "exempt": dict(detector.exempt),
        "references": list(meta.references),
    }


def shown_value(parameter: Parameter, value: float | None) -> str:
    """A value of a parameter as people write it: durations with their unit."""
    if value is None:
        return ""
    if parameter.unit == "ns":
        return from_nanoseconds(int(value))
    return str(value).lower() if parameter.type is bool else f"{value:g}"


def _parameter(parameter: Parameter) -> dict[str, str]:
    return {
        "name": parameter.name,
        "default": shown_value(parameter, parameter.default),
        "unit": "duration" if parameter.unit == "ns" else parameter.unit,
        "least": shown_value(parameter, parameter.least),
        "most": shown_value(parameter, parameter.most),
        "meaning": parameter.meaning,
    }


def _legal_basis(detector: Detector) -> list[dict[str, str]]:
    typology = detector.meta.typology
    basis = []
    for regime in regimes():
        for provision in regime.provisions.get(typology, ()):
            basis.append({"regime": regime.name, "place": provision.place, "says": provision.says})
        if typology in regime.without:
            basis.append({"regime": regime.name, "place": "none", "says": regime.without[typology]})
    return basis
