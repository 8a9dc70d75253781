"""What the command search finds beside commands."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from tapewarden.desktop.presenters.commands import found
from tapewarden.desktop.presenters.finding import QUIET_S, Finding
from tapewarden.domain.casework import CaseFilter, Queue, Queued
from tests.unit.desktop.scripted import Cases, Scene, case
from tests.unit.desktop.tapes import news, row


@dataclass
class Found(Cases):
    """Finds case 7, whatever is looked for."""

    asked: list[CaseFilter] = field(default_factory=list)

    async def queue(self, wanted: CaseFilter) -> Queue:
        self.asked.append(wanted)
        return Queue((Queued(case(7), 1),), 1)


class Typing:
    """A search into which somebody types, by a clock of its own."""

    def __init__(self) -> None:
        self.scene = Scene()
        self.cases = Found()
        self.scene.server.services.cases = self.cases
        self.now = 0.0
        Finding(self.scene.desk, lambda: self.now)

    def found(self, text: str) -> list[str]:
        return [one.name for one in found(text, self.scene.desk.finders)]

    def wait(self, text: str) -> list[str]:
        self.found(text)
        self.now += QUIET_S
        self.found(text)
        return self.found(text)


@pytest.mark.parametrize("text", ["7", "case 7", "CASE-0007", " 0007 "])
def test_a_case_is_found_by_its_number(text: str) -> None:
    typing = Typing()
    assert typing.wait(text) == ["CASE-0007 · open · acct-0001 · BTC-USD@SIM"]
    assert typing.cases.asked == [CaseFilter(ids=(7,), limit=1)]
    (command,) = found(text, typing.scene.desk.finders)
    command.act()
    assert typing.scene.shown == [("Case Details", 7)]


def test_the_server_is_asked_once_nothing_more_is_typed_and_only_then() -> None:
    typing = Typing()
    for text in ("ac", "acc", "acct"):
        typing.found(text)
        typing.now += QUIET_S / 2
    assert typing.cases.asked == []
    assert typing.wait("acct-0001") == ["CASE-0007 · open · acct-0001 · BTC-USD@SIM"]
    assert [one.text for one in typing.cases.asked] == ["acct-0001"]
    assert typing.found("a") == []


def test_markets_and_accounts_that_traded_lead_to_their_signals_and_trades() -> None:
    typing = Typing()
    typing.scene.desk.trades.add(news([row(0)]))
    (market, *_) = found("btc", typing.scene.desk.finders)
    market.act()
    assert typing.scene.shown[0][0] == "Signals"
    account = typing.scene.desk.trades.parties.accounts[0]
    (trader, *_) = found(account, typing.scene.desk.finders)
    trader.act()
    assert typing.scene.shown[1] == ("Trade Stream", account)
