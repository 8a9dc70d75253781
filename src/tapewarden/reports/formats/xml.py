"""A report as XML, valid by the schema beside this module before it leaves."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Final

from lxml import etree

from tapewarden.cases.audit.canonical import canonical
from tapewarden.cases.audit.chain import numbered
from tapewarden.domain.case import Case, Closing
from tapewarden.domain.casework import Attachment
from tapewarden.domain.kinds import Side
from tapewarden.domain.numbers import from_units
from tapewarden.domain.signal import Signal
from tapewarden.domain.trail_words import entry_words
from tapewarden.reports.composing import NOTICE, as_of
from tapewarden.reports.content import ChainedEntry, Entity, Report, ReportedSignal
from tapewarden.reports.formats.errors import RenderingError
from tapewarden.reports.market import MarketWindow, OrderEvent
from tapewarden.reports.words import exact_moment, legible

NAMESPACE: Final = "urn:tapewarden:report:1"

_ENTITY: Final = (
    ("person", "person"),
    ("position", "position"),
    ("name", "name"),
    ("legal_form", "legalForm"),
    ("lei", "lei"),
    ("address", "address"),
    ("capacity", "capacity"),
    ("activity", "activity"),
    ("relationship", "relationship"),
    ("country", "country"),
    ("contact", "contact"),
)
_SIDES: Final = {Side.BUY: "buy", Side.SELL: "sell", Side.UNKNOWN: None}

Value = str | int | float | bool | None


def xml(report: Report) -> bytes:
    """The file, UTF-8.

    Raises:
        RenderingError: It would not be valid by the schema.
    """
    root = _element(
        "report",
        [
            _worded("notice", NOTICE),
            _case(report.case, report.patterns),
            _entity(report.entity),
            _element(
                "transactionOrOrder", [*_texts("missing", report.missing), *map(_window, report.windows)]
            ),
            _element("natureOfSuspicion", map(_signal, report.signals)),
            _persons(report),
            _additional(report),
            _documentation(report),
        ],
        simulated=report.simulated,
        asOf=exact_moment(as_of(report)),
    )
    etree.indent(root)
    content: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n"
    _check(content)
    return content


def schema() -> bytes:
    """The schema, as it is shipped."""
    return (files(__package__) / "report.xsd").read_bytes()


def _check(content: bytes) -> None:
    """Whether what was written is valid, read back as anybody would."""
    parsed = etree.fromstring(
        content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    )
    validator = _schema()
    if not validator.validate(parsed):
        raise RenderingError(f"the XML would not be valid: {validator.error_log.last_error}")


@cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.fromstring(schema()))


def _element(tag: str, children: Iterable[etree._Element] = (), /, **attributes: Value) -> etree._Element:
    """An element; attributes that are ``None`` are left out."""
    made = etree.Element(f"{{{NAMESPACE}}}{tag}", nsmap={None: NAMESPACE})
    for key, value in attributes.items():
        if value is not None:
            made.set(key, _text(value))
    made.extend(children)
    return made


def _worded(tag: str, text: str, /, **attributes: Value) -> etree._Element:
    """An element that holds a text."""
    made = _element(tag, **attributes)
    made.text = legible(text)
    return made


def _text(value: str | float) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return legible(value) if isinstance(value, str) else repr(value)


def _texts(name: str, texts: Iterable[str]) -> list[etree._Element]:
    """An element for each text that is there."""
    return [_worded(name, text) for text in texts if text]


def _case(case: Case, patterns: Iterable[str]) -> etree._Element:
    formed = case.suspicion_formed_ns
    return _element(
        "case",
        [
            *(_worded("pattern", one) for one in patterns),
            _worded("family", case.family),
            _worded("instrument", case.instrument),
            *_texts("actor", [case.actor]),
            *_texts("assignee", [case.assignee or ""]),
            *(
                _closing(name, one)
                for name, one in (("proposed", case.proposed), ("closed", case.closing))
                if one
            ),
        ],
        id=case.id,
        version=case.version,
        state=case.state,
        severity=case.severity,
        priority=float(case.priority),
        opened=exact_moment(case.opened_ns),
        suspicionFormed=None if formed is None else exact_moment(formed),
        **_times(case),
    )


def _times(one: Case | Signal) -> dict[str, Value]:
    return {"from": exact_moment(one.start_ns), "until": exact_moment(one.end_ns)}


def _closing(name: str, closing: Closing) -> etree._Element:
    return _element(
        name,
        [
            _worded("reason", closing.reason),
            _worded("by", closing.by),
            *_texts("approvedBy", [closing.approved_by or ""]),
        ],
        disposition=closing.disposition,
        at=exact_moment(closing.at_ns),
        duplicateOf=closing.duplicate_of,
    )


def _entity(entity: Entity) -> etree._Element:
    told = ((name, getattr(entity, field)) for field, name in _ENTITY)
    return _element("submittingEntity", [_worded(name, value) for name, value in told if value])


def _window(window: MarketWindow) -> etree._Element:
    instrument, (begin, end) = window.instrument, window.span
    return _element(
        "window",
        (_event(one, window) for one in window.events),
        symbol=instrument.symbol,
        venue=instrument.venue,
        tick=None if instrument.tick is None else from_units(instrument.tick, instrument.price_exponent),
        lot=None if instrument.lot is None else from_units(instrument.lot, instrument.size_exponent),
        trades=len(window.trades.ts_event),
        leftOut=window.left_out,
        **{"from": exact_moment(begin), "until": exact_moment(end)},
    )


def _event(one: OrderEvent, window: MarketWindow) -> etree._Element:
    instrument = window.instrument
    return _element(
        "event",
        at=exact_moment(one.at_ns),
        kind=one.kind.name.lower(),
        side=_SIDES[one.side],
        price=None if one.price < 0 else from_units(one.price, instrument.price_exponent),
        size=None if one.size < 0 else from_units(one.size, instrument.size_exponent),
        account=one.account or None,
        order=one.order or None,
        counterAccount=one.counter_account or None,
        counterOrder=one.counter_order or None,
    )


def _signal(one: ReportedSignal) -> etree._Element:
    signal, grounds = one.signal, one.grounds
    return _element(
        "signal",
        [
            _worded("title", one.title),
            _worded("text", signal.text),
            _element(
                "grounds",
                [
                    _worded("seen", grounds.seen),
                    *_texts("usual", [grounds.usual]),
                    *_texts("reasons", [grounds.reasons]),
                    *_texts("against", [grounds.against]),
                ],
            ),
            *(_worded("provision", law.says, regime=law.regime, place=law.place) for law in one.provisions),
            *(_element("party", account=party.account, role=party.role) for party in signal.parties),
            *_conditions(signal),
            *_model(signal),
            _evidence(signal),
            _health(signal),
        ],
        id=signal.id,
        detector=signal.detector,
        version=signal.version,
        parameters=signal.parameters,
        pattern=signal.typology,
        severity=signal.severity,
        score=float(signal.score),
        **_times(signal),
    )


def _conditions(signal: Signal) -> list[etree._Element]:
    return [
        _element(
            "condition",
            name=one.name,
            value=float(one.value),
            threshold=float(one.threshold),
            unit=one.unit,
            met=one.passed,
        )
        for one in signal.reasons
    ]


def _model(signal: Signal) -> list[etree._Element]:
    anomaly = signal.anomaly
    if anomaly is None:
        return []
    features = (
        _element("feature", name=one.name, value=None if one.value is None else float(one.value))
        for one in anomaly.features
    )
    score, rarity = float(anomaly.raw_score), float(anomaly.p_value)
    return [_element("model", features, id=anomaly.model, score=score, pValue=rarity)]


def _evidence(signal: Signal) -> etree._Element:
    evidence = signal.evidence
    return _element(
        "evidence",
        [*_texts("order", evidence.orders), *_texts("trade", evidence.trades)],
        orders=max(evidence.orders_total, len(evidence.orders)),
        source=evidence.source,
        epoch=evidence.epoch,
        sequence=evidence.sequence,
    )


def _health(signal: Signal) -> etree._Element:
    facts = (_element("fact", kind=kind, count=count) for kind, count in signal.health.by_kind)
    return _element("dataHealth", facts, blind=signal.health.blind)


def _persons(report: Report) -> etree._Element:
    accounts = (
        _element("account", [_worded("role", role) for role in roles], name=name)
        for name, roles in report.accounts
    )
    return _element("persons", [*_texts("actor", [report.case.actor]), *accounts])


def _additional(report: Report) -> etree._Element:
    entries = [one.link.entry for one in report.entries if one.link.entry.subject == f"case {report.case.id}"]
    return _element(
        "additionalInformation",
        [
            *(_worded("deed", entry_words(one), at=exact_moment(one.at_ns), by=one.actor) for one in entries),
            *(_worded("comment", one.text, at=exact_moment(one.at_ns), by=one.by) for one in report.comments),
        ],
    )


def _documentation(report: Report) -> etree._Element:
    return _element(
        "documentation",
        [
            *(_element("signalLine", signal=one.signal.id, sha256=one.digest) for one in report.signals),
            *map(_file, report.attachments),
            _element("auditTrail", map(_entry, report.entries), sound=report.sound),
        ],
    )


def _file(file: Attachment) -> etree._Element:
    return _element(
        "file",
        name=file.name,
        mediaType=file.media_type,
        size=file.size,
        sha256=file.digest,
        at=exact_moment(file.at_ns),
        by=file.by,
    )


def _entry(one: ChainedEntry) -> etree._Element:
    """An entry with what its digest is of, so that anybody can compute it, were no character replaced."""
    return _worded(
        "entry",
        canonical(numbered(one.link.number, one.link.entry)),
        number=one.link.number,
        before=one.before.hex(),
        digest=one.link.digest.hex(),
        sound=one.sound,
    )
