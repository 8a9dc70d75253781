"""The language that chooses signals: ``wall acct:acct-0417 sym:BTC-USD@SIM sev:high score>=0.8``."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Final

from tapewarden.desktop.presenters.trade_filter import FilterError
from tapewarden.domain.casework import SignalFilter
from tapewarden.domain.typology import Family, Severity

_WORD: Final = re.compile(r'(?:([a-zA-Z]+)(:|>=))?(?:"([^"]*)"?|(\S*))')
_NAMES: Final = {"acct": "actor", "sym": "instrument", "det": "detector"}
_FIELDS: Final = (*(f"{name}:" for name in _NAMES), "fam:", "sev:", "case:", "is:", "score>=")


def read_signal_filter(text: str) -> SignalFilter:
    """The filter in a text. Names are whole names; words alone are looked for, together, in all words.

    Raises:
        FilterError: A field or value that is none; says what would be.
    """
    wanted, plain = SignalFilter(), []
    for field, comparison, quoted, bare in _WORD.findall(text):
        value = quoted or bare
        if value and not field:
            plain.append(value)
        elif value:
            wanted = replace(wanted, **_condition(field.lower(), comparison, value))
    return replace(wanted, text=" ".join(plain) or None)


def _condition(field: str, comparison: str, value: str) -> dict[str, Any]:
    match field + comparison:
        case "fam:":
            return {"family": _one_of(field, value, [str(one) for one in Family])}
        case "sev:":
            return {"severity": Severity(_one_of(field, value, [str(one) for one in Severity]))}
        case "is:":
            return {"suppressed": _one_of(field, value, ["suppressed", "filed"]) == "suppressed"}
        case "case:":
            return {"case_id": _number(int, field, value.upper().removeprefix("CASE-"))}
        case "score>=":
            return {"minimum_score": _number(float, field, value)}
    if comparison == ":" and field in _NAMES:
        return {_NAMES[field]: value}
    raise FilterError(f"{field}{comparison}: not a field; there are {' '.join(_FIELDS)}")


def _one_of(field: str, value: str, words: list[str]) -> str:
    """The word that begins as the value does."""
    found = [word for word in words if word.startswith(value.lower())]
    if not found:
        raise FilterError(f"{field}:{value}: expected {', '.join(words)}")
    return found[0]


def _number(kind: type[int] | type[float], field: str, value: str) -> int | float:
    try:
        number = kind(value)
    except ValueError:
        raise FilterError(f"{field}: expected a number, not {value}") from None
    if not 0 <= number < 2**32:
        raise FilterError(f"{field}: expected a number from 0 on, not {value}")
    return number
