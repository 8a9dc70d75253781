"""Scenarios of trading ahead of clients: what is known when, and who trades then."""

import numpy as np
import pytest

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.episode import Role
from tapewarden.domain.kinds import ClientStage, EventKind, LinkKind
from tests.samples.performances import INFORMATION, SEVERITIES


def told(name: str, severity: float, kind: EventKind) -> EventBatch:
    """Rows of a kind about the accounts of an episode."""
    market, episode = INFORMATION.seen(name, severity)
    own = [market.accounts[one.id] for one in episode.accounts]
    return market.tape[(market.tape.kind == kind) & np.isin(market.tape.account, own)]


def share_ahead(name: str, severity: float) -> float:
    """Part of clients' orders between whose receipt and routing the first account takes their side."""
    market, episode = INFORMATION.seen(name, severity)
    clients, insider = told(name, severity, EventKind.CLIENT_ORDER), market.accounts[episode.accounts[0].id]
    received, routed = (
        clients[clients.reason == stage] for stage in (ClientStage.RECEIVED, ClientStage.ROUTED)
    )
    own = market.tape[(market.tape.kind == EventKind.PLACE) & (market.tape.account == insider)]
    ahead = [
        ((start < own.ts_event) & (own.ts_event < end) & (own.side == side)).any()
        for start, end, side in zip(received.ts_event, routed.ts_event, received.side, strict=True)
    ]
    return float(np.mean(ahead))


@pytest.mark.parametrize("name", INFORMATION.names)
def test_each_order_of_a_client_is_received_then_routed_then_completed(name: str) -> None:
    rows = told(name, 0.5, EventKind.CLIENT_ORDER)
    assert len(rows) >= 30
    for place in range(0, len(rows), 3):
        order = rows[place : place + 3]
        assert order.reason.tolist() == [ClientStage.RECEIVED, ClientStage.ROUTED, ClientStage.COMPLETED]
        assert len(set(order.account.tolist())) == 1


@pytest.mark.parametrize("name", INFORMATION.names)
def test_the_venue_knows_from_the_beginning_who_can_see_clients_orders(name: str) -> None:
    market, episode = INFORMATION.seen(name, 0.5)
    links = told(name, 0.5, EventKind.LINK)
    clients = {market.accounts[one.id] for one in episode.accounts[2:]}
    assert set(links.account.tolist()) == {market.accounts[episode.accounts[0].id]}
    assert set(links.counter_account.tolist()) == clients
    assert set(links.reason.tolist()) <= {LinkKind.HOUSE, LinkKind.EMPLOYEE, LinkKind.INFORMATION}
    assert links.ts_event.max() == market.tape.ts_event[0]


def test_clients_are_the_victims() -> None:
    _, episode = INFORMATION.seen("trading-ahead", 0.5)
    assert [one.role for one in episode.accounts] == [Role.MANIPULATOR, Role.BYSTANDER, *[Role.VICTIM] * 3]


def test_who_trades_ahead_does_so_the_more_often_the_more_brazen() -> None:
    shares = [share_ahead("trading-ahead", severity) for severity in SEVERITIES]
    assert shares[0] < shares[2]
    assert shares[1] > 0.5


def test_a_hedger_never_trades_ahead_and_an_employee_by_chance_only() -> None:
    assert share_ahead("client-hedger", 1.0) == 0
    assert share_ahead("early-client", 1.0) == 0
    assert share_ahead("trading-employee", 1.0) < 0.6
