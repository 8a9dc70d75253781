"""Reports of small cases, and of cases with any texts and numbers that a store may hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st

from tapewarden.cases.audit import link
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.book import BookState
from tapewarden.domain.case import Case, CaseState, Closing, Disposition
from tapewarden.domain.casework import Attachment, Comment
from tapewarden.domain.directory import Directory, Instrument
from tapewarden.domain.grounds import Grounds
from tapewarden.domain.kinds import SECOND, EventKind, Flag, Side
from tapewarden.domain.law import legal_basis
from tapewarden.domain.signal import (
    Anomaly,
    DataHealth,
    Evidence,
    FeatureValue,
    Party,
    Reason,
    Signal,
)
from tapewarden.domain.trail import Entry
from tapewarden.domain.typology import Severity, Typology
from tapewarden.reports.content import ChainedEntry, Entity, Report, ReportedSignal
from tapewarden.reports.market import MarketWindow, Span, market_window

START = 1_700_000_000 * SECOND
SUSPECT = "mallory"
ENTITY = Entity(name="Example Exchange", lei="529900T8BM49AURSDO55", person="Ada Example", country="Ireland")


def instrument(**changes: Any) -> Instrument:
    given = {
        "symbol": "BTC-USD",
        "venue": "KRKN",
        "price_exponent": -1,
        "size_exponent": -3,
        "tick": 5,
        "lot": 1,
    }
    return Instrument(**{**given, **changes})


def window(*, flags: int = 0, most: int = 5_000, name: str = SUSPECT) -> MarketWindow:
    """A wall that is placed, raised and pulled beside trades, in a minute with four books."""
    directory = Directory()
    number = directory.add_instrument(instrument())
    suspect, other = directory.add_account(name), directory.add_account("bob")
    rows = [
        (10, EventKind.PLACE, Side.BUY, suspect, -1, 1, 0, 10_000, 9_000),
        (15, EventKind.TRADE, Side.BUY, other, suspect, 2, 3, 10_010, 40),
        (18, EventKind.AMEND, Side.BUY, suspect, -1, 1, 0, 9_990, 8_000),
        (19, EventKind.PLACE, Side.SELL, other, -1, 4, 0, 10_020, 50),
        (20, EventKind.CANCEL, Side.BUY, suspect, -1, 1, 0, 9_990, 8_000),
        (40, EventKind.TRADE, Side.SELL, other, other, 5, 6, 9_980, 10),
    ]
    names = (
        "ts_event",
        "kind",
        "side",
        "account",
        "counter_account",
        "order",
        "counter_order",
        "price",
        "size",
    )
    columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    columns["ts_event"] = [START + second * SECOND for second in columns["ts_event"]]
    events = EventBatch.of(len(rows), instrument=number, flags=flags, **columns)
    books = [book(second, 10_000 + 5 * place) for place, second in enumerate((0, 12, 25, 50))]
    span = Span(START, START + 60 * SECOND)
    return market_window(instrument(), span, events, books, directory, {name}, most)


def book(second: int, middle: int, levels: int = 5) -> BookState:
    away = 5 * np.arange(1, levels + 1)
    sizes = 100 * np.arange(1, levels + 1)
    return BookState(START + second * SECOND, middle - away, sizes, middle + away, sizes)


def signal(name: str = "s1", **changes: Any) -> Signal:
    given: dict[str, Any] = {
        "id": name,
        "detector": "SPF-01",
        "version": 2,
        "parameters": "8fc5069b",
        "typology": "spoofing",
        "family": "order book",
        "severity": "high",
        "score": 0.75,
        "instrument": "BTC-USD@KRKN",
        "actor": SUSPECT,
        "parties": (Party(SUSPECT, "suspect"),),
        "start_ns": START + 10 * SECOND,
        "end_ns": START + 20 * SECOND,
        "text": "bid wall 6 × the fill, 100 % pulled",
        "reasons": (
            Reason("wall beside fill", 6.0, 4.0, "times"),
            Reason("pulled", 0.9, 0.95, "of wall", False),
        ),
        "evidence": Evidence(orders=("1",), orders_total=3, trades=("7",), source="krkn", sequence=9),
        "health": DataHealth(quality_facts=2, by_kind=(("gap", 2),)),
    }
    return Signal(**{**given, **changes})


def anomaly(**changes: Any) -> Signal:
    found = Anomaly(
        model="forest-7",
        raw_score=0.61,
        p_value=0.002,
        features=(FeatureValue("orders", 12.0), FeatureValue("holding", None)),
        level=0.57,
    )
    given = {
        "typology": "anomaly",
        "family": "anomaly",
        "detector": "ANO-01",
        "reasons": (),
        "anomaly": found,
    }
    return signal("s2", **{**given, **changes})


def case(**changes: Any) -> Case:
    given: dict[str, Any] = {
        "id": 7,
        "version": 4,
        "actor": SUSPECT,
        "instrument": "BTC-USD@KRKN",
        "family": "order book",
        "severity": Severity.HIGH,
        "priority": 63.0,
        "start_ns": START + 10 * SECOND,
        "end_ns": START + 20 * SECOND,
        "opened_ns": START + 30 * SECOND,
        "state": CaseState.CLOSED,
        "assignee": "vera",
        "suspicion_formed_ns": START + 90 * SECOND,
        "closing": Closing(
            Disposition.SUSPICION_REPORTED, "STOR 17", "vera", START + 99 * SECOND, None, "sam"
        ),
    }
    return Case(**{**given, **changes})


def reported(one: Signal, **told: str) -> ReportedSignal:
    words: dict[str, Any] = {
        "seen": one.text,
        "usual": "only if",
        "reasons": "clearest",
        "against": "a hedger?",
        "next": "look",
    }
    known = legal_basis(Typology(one.typology)) if one.typology in set(Typology) else ()
    return ReportedSignal(
        signal=one, digest="ab" * 32, title="Spoofing", grounds=Grounds(**{**words, **told}), provisions=known
    )


def chain(*entries: Entry) -> tuple[ChainedEntry, ...]:
    before, made = bytes(32), []
    for number, entry in enumerate(entries, start=1):
        one = link(number, before, entry)
        made.append(ChainedEntry(one, before, True))
        before = one.digest
    return tuple(made)


def entry(action: str, second: int = 31, by: str = "vera", **new: Any) -> Entry:
    return Entry(
        at_ns=START + second * SECOND, actor=by, action=action, subject="case 7", new=new, reason="news"
    )


def report(text: str = "look at this wall", **changes: Any) -> Report:
    """A case with all that may belong to one; ``text`` is its only comment."""
    given: dict[str, Any] = {
        "case": case(),
        "entity": ENTITY,
        "signals": (reported(signal()), reported(anomaly())),
        "windows": (window(),),
        "missing": ("The market around one more signal is not shown.",),
        "comments": (Comment(1, 7, START + 60 * SECOND, "vera", text),),
        "attachments": (
            Attachment(3, 7, START + 61 * SECOND, "vera", "chat.pdf", "application/pdf", 12, "cd" * 32),
        ),
        "entries": chain(
            entry("case.open", signals=["s1"], by="tapewarden"),
            entry("case.comment", 60, text=text),
            entry("case.close", 99, closing={"disposition": "suspicion reported"}),
        ),
    }
    return Report(**{**given, **changes})


def simulated() -> Report:
    return report(windows=(window(flags=Flag.SIMULATED),))


# --- any case ---------------------------------------------------------------

texts = st.text(max_size=40)
"""Any Unicode but halves of surrogate pairs: control characters, marks that turn text around, and so on."""

_moments = st.integers(0, 2**62)
_floats = st.floats(allow_nan=False, allow_infinity=False)


@st.composite
def reports(draw: Callable[[st.SearchStrategy[Any]], Any]) -> Report:
    """A report with texts of every kind wherever people or sources give them."""

    def text() -> str:
        return str(draw(texts))

    small = signal(
        text(),
        detector=text(),
        typology=draw(st.one_of(st.sampled_from(Typology), texts)),
        severity=draw(st.sampled_from(Severity)),
        score=draw(st.floats(0, 1)),
        text=text(),
        parties=tuple(Party(text(), text()) for _ in range(draw(st.integers(0, 2)))),
        reasons=(Reason(text(), draw(_floats), draw(_floats), text(), draw(st.booleans())),),
        evidence=Evidence(orders=(text(),), trades=(text(),), source=text(), sequence=draw(_moments)),
        health=DataHealth(quality_facts=1, by_kind=((text(), 1),)),
    )
    name = draw(texts.filter(bool))
    closing = Closing(draw(st.sampled_from(Disposition)), text(), text(), draw(_moments), 3, text() or None)
    kept = case(actor=text(), assignee=text() or None, instrument=f"{text()}@{text()}", closing=closing)
    return report(
        text(),
        case=replace(kept, start_ns=draw(_moments), end_ns=draw(_moments), priority=draw(st.floats(0, 100))),
        entity=Entity(name=text() or None, address=text() or None),
        signals=(reported(small, seen=text(), usual=text()), reported(anomaly(actor=text()))),
        windows=(window(name=name),),
        missing=(text(),),
        attachments=(Attachment(3, 7, draw(_moments), text(), text(), text(), draw(_moments), "cd" * 32),),
    )
