from __future__ import annotations

from typing import Any

import pytest

from tapewarden.domain.directory import Account, Directory
from tapewarden.domain.kinds import EventKind, LinkKind
from tapewarden.wire.registering import register
from tapewarden.wire.v1 import ingest_pb2, market_pb2

ALICE, BOB = market_pb2.Account(name="alice"), market_pb2.Account(name="bob")


def link(**fields: Any) -> market_pb2.Link:
    usual: dict[str, Any] = {
        "account": "alice",
        "counter_account": "bob",
        "kind": LinkKind.DEVICE,
        "confidence_millionths": 900_000,
        "since_ns": 5,
    }
    return market_pb2.Link(**{**usual, **fields})


def request(**items: Any) -> ingest_pb2.RegisterRequest:
    return ingest_pb2.RegisterRequest(**items)


def test_owners_give_their_accounts_an_owner() -> None:
    directory = Directory()
    owners = [market_pb2.Owner(name="A Ltd", accounts=["alice", "carol"])]
    assert register(request(accounts=[ALICE, BOB], owners=owners), directory, "register").rejects == ()
    assert directory.accounts == [
        Account(name="alice", owner="A Ltd"),
        Account(name="bob"),
        Account(name="carol", owner="A Ltd"),
    ]


def test_links_become_dated_events() -> None:
    directory = Directory()
    links, rejects = register(request(accounts=[ALICE, BOB], links=[link()]), directory, "register")
    assert rejects == ()
    assert links.kind.tolist() == [EventKind.LINK]
    assert links.reason.tolist() == [LinkKind.DEVICE]
    assert (links.account.tolist(), links.counter_account.tolist()) == ([0], [1])
    assert (links.size.tolist(), links.ts_event.tolist()) == ([900_000], [5])
    assert directory.sources.text(int(links.source[0])) == "register"


@pytest.mark.parametrize(
    ("items", "item", "field"),
    [
        ({"links": [link(), link(account="eve")]}, "links[1]", "account"),
        ({"links": [link(counter_account="eve")]}, "links[0]", "counter_account"),
        ({"links": [link(kind=0)]}, "links[0]", "kind"),
        ({"links": [link(kind=6)]}, "links[0]", "kind"),
        ({"links": [link(confidence_millionths=1_000_001)]}, "links[0]", "confidence_millionths"),
        ({"links": [link(since_ns=-1)]}, "links[0]", "since_ns"),
        ({"owners": [market_pb2.Owner(name="B", accounts=["bob", "alice"])]}, "owners[0]", "account alice"),
        ({"owners": [market_pb2.Owner(name="")]}, "owners[0]", "name"),
        ({"accounts": [market_pb2.Account(name="alice", owner="B")]}, "accounts[0]", "account alice"),
        ({"instruments": [market_pb2.Instrument(symbol="S", venue="V", tick=0)]}, "instruments[0]", "tick"),
    ],
)
def test_what_contradicts_is_rejected_alone(items: dict[str, Any], item: str, field: str) -> None:
    directory = Directory()
    directory.add_account("alice", "A")
    directory.add_account("bob")
    (reject,) = register(request(**items), directory, "register").rejects
    assert (reject.item, reject.field) == (item, field)
    assert reject.expected
    assert reject.received
    assert [account.owner for account in directory.accounts] == ["A", None]
