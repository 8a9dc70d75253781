"""Cases, people and commands for tests of the workflow and the store."""

from hypothesis import strategies as st

from tapewarden.cases.workflow import (
    Approve,
    Assign,
    Close,
    Command,
    Decline,
    Escalate,
    FormSuspicion,
    Investigate,
    Reopen,
)
from tapewarden.domain.case import Case, CaseState, Closing, Disposition
from tapewarden.domain.staff import Person, Role
from tapewarden.domain.typology import Severity

VERA = Person("vera", frozenset({Role.ANALYST}))
ALAN = Person("alan", frozenset({Role.ANALYST}))
SAM = Person("sam", frozenset({Role.SENIOR}))
SUE = Person("sue", frozenset({Role.SENIOR}))
VIC = Person("vic", frozenset({Role.VIEWER}))
ADA = Person("ada", frozenset({Role.ADMIN}))
AUDREY = Person("audrey", frozenset({Role.AUDITOR}))
PEOPLE = (VERA, ALAN, SAM, SUE, VIC, ADA, AUDREY)

reasons = st.sampled_from(["", "  ", "looked at the book"])
commands: st.SearchStrategy[Command] = st.one_of(
    st.builds(Assign, st.sampled_from([None, "vera", "sam", " "])),
    st.just(Investigate()),
    st.builds(Escalate, reasons),
    st.builds(FormSuspicion, st.integers(-5, 100), reasons),
    st.builds(Close, st.sampled_from(Disposition), reasons, st.sampled_from([None, 1, 2])),
    st.builds(Approve, reasons),
    st.builds(Decline, reasons),
    st.builds(Reopen, reasons),
)


def case(state: CaseState = CaseState.OPEN, severity: Severity = Severity.MEDIUM) -> Case:
    return Case(
        id=1,
        actor="acct-1",
        instrument="BTC-USD@SIM",
        family="order book",
        severity=severity,
        priority=40.0,
        start_ns=1,
        end_ns=2,
        opened_ns=3,
        state=state,
    )


def is_legal(one: Case) -> bool:
    """What must hold of a case whatever was done to it; written anew, from the design's words."""
    grave = one.severity in ("high", "critical")
    closed = one.state is CaseState.CLOSED
    ends = [closing for closing in (one.closing, one.proposed) if closing is not None]
    return (
        (one.closing is not None) == closed
        and (one.proposed is None or (grave and not closed))
        and (not closed or not grave or one.closing is None or one.closing.approved_by is not None)
        and (one.state is not CaseState.OPEN or one.suspicion_formed_ns is None)
        and (one.state is not CaseState.OPEN or one.proposed is None or _says_little(one.proposed))
        and all(
            end.reason.strip()
            and end.by != end.approved_by
            and (end.duplicate_of is not None) == (end.disposition == "duplicate")
            and end.duplicate_of != one.id
            and (end.disposition != "suspicion reported" or one.suspicion_formed_ns is not None)
            for end in ends
        )
    )


def _says_little(closing: Closing) -> bool:
    """Whether it says what can be said of a case that nobody investigated."""
    return closing.disposition not in ("suspicion reported", "suspicion not reported")
