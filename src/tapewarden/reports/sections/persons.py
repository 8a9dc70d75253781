"""Section 4: whose orders or transactions they are, as far as a market knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from tapewarden.domain.counting import counted
from tapewarden.domain.kinds import EventKind
from tapewarden.reports.content import Report
from tapewarden.reports.document import Block, Column, Fields, Look, Paragraph, Table, Weight

_ACCOUNTS: Final = (Column("Account", 2.4, Look.CODE), Column("Part in the signals", 2.0))
_COUNTERPARTIES: Final = (Column("Account", 3.0, Look.CODE), Column("Trades", 1.0, Look.NUMBER))
_MOST_COUNTERPARTIES: Final = 20
_NOT_KNOWN: Final = "NA – a market knows accounts, not who stands behind them; from the register of customers"


def blocks(report: Report) -> Iterator[Block]:
    """The actor, their accounts, and with whom they traded."""
    if not report.case.actor and not report.accounts:
        yield Paragraph("The signals of this case are about the quality of a market. They accuse nobody.")
        return
    yield Fields(
        (
            ("Known to the system as", report.case.actor or "NA"),
            ("Name, date of birth, national number", _NOT_KNOWN),
            ("Address, employment", _NOT_KNOWN),
        )
    )
    if report.accounts:
        rows = tuple((name, ", ".join(roles)) for name, roles in report.accounts)
        yield Table("Accounts that the signals name", _ACCOUNTS, rows)
    yield from _counterparties(report)


def _counterparties(report: Report) -> Iterator[Block]:
    own = {name for name, _ in report.accounts} | {report.case.actor}
    trades = Counter(
        name
        for window in report.windows
        for one in window.events
        if one.kind is EventKind.TRADE
        for name in (one.account, one.counter_account)
        if name and name not in own
    )
    if not trades:
        return
    ordered = sorted(trades.items(), key=lambda item: (-item[1], item[0]))
    rows = tuple((name, f"{count:,}") for name, count in ordered[:_MOST_COUNTERPARTIES])
    yield Table(
        "With whom they traded in the windows of section 2; these are not suspected by that",
        _COUNTERPARTIES,
        rows,
    )
    more = len(ordered) - len(rows)
    if more:
        yield Paragraph(f"And {counted(more, 'other')}.", Weight.QUIET)
