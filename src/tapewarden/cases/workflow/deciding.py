"""Deciding on a command: the case as it is afterwards and the entry for the audit trail, or a refusal."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from tapewarden.cases.audit import Entry, Value
from tapewarden.cases.workflow.access import require
from tapewarden.cases.workflow.rules import RULES, Rule
from tapewarden.domain.case import Case, CaseState, Closing, Disposition
from tapewarden.domain.commands import (
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
from tapewarden.domain.errors import RefusedError
from tapewarden.domain.staff import Permission, Person

_LONGEST_NAME: Final = 200


@dataclass(frozen=True, slots=True)
class Decision:
    """The case after a command, one version on, and what the audit trail says of it."""

    case: Case
    entry: Entry


def decide(case: Case, command: Command, by: Person, at_ns: int) -> Decision:
    """What comes of a command of a person at a time, ns UTC.

    Raises:
        RefusedError: The person's role, the state of the case or the command itself forbids it.
    """
    rule = RULES[type(command)]
    require_legal(case, type(command), by)
    changes = _changes(case, command, by, at_ns)
    return change(case, f"case.{rule.action}", by.name, at_ns, getattr(command, "reason", ""), **changes)


def require_to(by: Person, command: Command) -> None:
    """Raise ``RefusedError`` unless the person may give such a command at all, whatever the case."""
    require(by, RULES[type(command)].permission)


def require_legal(case: Case, kind: type[Command], by: Person) -> None:
    """Raise ``RefusedError`` unless the person may give such a command to the case as it stands."""
    rule = RULES[kind]
    require(by, rule.permission)
    _require_state(case, rule)
    proposed = case.proposed
    if kind is Approve and proposed is not None and proposed.by == by.name:
        raise _refused(case, f"{by.name} proposed to close it; a second person must approve")
    of_another = kind is Decline and proposed is not None and proposed.by != by.name
    at_once = kind is Close and case.state is CaseState.ESCALATED and not case.needs_four_eyes
    if of_another or at_once:
        require(by, Permission.DECIDE)


def change(case: Case, action: str, actor: str, at_ns: int, reason: str = "", **changes: Any) -> Decision:  # noqa: ANN401
    """The case with its fields changed and one version on, and the entry with what differs."""
    after = replace(case, version=case.version + 1, **changes)
    old, new = _difference(asdict(case), asdict(after))
    entry = Entry(
        at_ns=at_ns, actor=actor, action=action, subject=f"case {case.id}", old=old, new=new, reason=reason
    )
    return Decision(after, entry)


def _changes(case: Case, command: Command, by: Person, at_ns: int) -> dict[str, Any]:
    match command:
        case Assign(to):
            return {"assignee": _assignee(case, to)}
        case Investigate():
            return {"state": CaseState.INVESTIGATING}
        case Escalate(reason):
            _require_reason(case, reason)
            return {"state": CaseState.ESCALATED}
        case FormSuspicion():
            return {"suspicion_formed_ns": _formed(case, command, at_ns)}
        case Close():
            return _close(case, command, by, at_ns)
        case Approve():
            return _closed(_approved(case, by))
        case Decline(reason):
            _require_reason(case, reason)
            return {"proposed": None}
        case Reopen(reason):
            _require_reason(case, reason)
            return {"state": CaseState.INVESTIGATING, "closing": None}


def _assignee(case: Case, to: str | None) -> str | None:
    if to is not None and not (to.strip() and len(to) <= _LONGEST_NAME):
        raise _refused(case, f"assign to a name of at most {_LONGEST_NAME} characters, or to nobody")
    if to == case.assignee:
        raise _refused(case, f"it is already assigned to {to or 'nobody'}")
    return to


def _formed(case: Case, command: FormSuspicion, at_ns: int) -> int:
    _require_reason(case, command.reason)
    if case.suspicion_formed_ns is not None:
        raise _refused(case, "suspicion was formed before; its time is not changed")
    if not 0 <= command.formed_ns <= at_ns:
        raise _refused(case, "suspicion cannot have been formed later than now")
    return command.formed_ns


def _close(case: Case, command: Close, by: Person, at_ns: int) -> dict[str, Any]:
    _require_reason(case, command.reason)
    unready = case.unready(command.disposition)
    if unready is not None:
        raise _refused(case, unready)
    duplicate = command.disposition is Disposition.DUPLICATE
    if duplicate != (command.duplicate_of is not None) or command.duplicate_of == case.id:
        raise _refused(case, "a duplicate, and nothing else, names another case that it duplicates")
    closing = Closing(command.disposition, command.reason, by.name, at_ns, command.duplicate_of)
    return {"proposed": closing} if case.needs_four_eyes else _closed(closing)


def _closed(closing: Closing) -> dict[str, Any]:
    return {"state": CaseState.CLOSED, "proposed": None, "closing": closing}


def _approved(case: Case, by: Person) -> Closing:
    if case.proposed is None:
        raise AssertionError("the rule asks for a proposal")
    return replace(case.proposed, approved_by=by.name)


def _require_state(case: Case, rule: Rule) -> None:
    if case.state not in rule.states:
        raise _refused(case, f"to {rule.action} it must be {' or '.join(rule.states)}, it is {case.state}")
    if rule.proposed is True and case.proposed is None:
        raise _refused(case, f"nothing is proposed to {rule.action}")
    if rule.proposed is False and case.proposed is not None:
        raise _refused(
            case, f"the closing that {case.proposed.by} proposed must be approved or declined first"
        )


def _require_reason(case: Case, reason: str) -> None:
    if not reason.strip():
        raise _refused(case, "give a reason")


def _refused(case: Case, why: str) -> RefusedError:
    return RefusedError(f"case {case.id}: {why}")


def _difference(old: Value, new: Value) -> tuple[Value, Value]:
    changed = [name for name in old if old[name] != new[name]]
    return {name: old[name] for name in changed}, {name: new[name] for name in changed}
