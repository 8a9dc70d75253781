"""Ingest by HTTP from a real server: what is taken, what is refused, and that strangers get nowhere."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from http.client import BadStatusLine
from pathlib import Path

import grpc
import pytest
from google.protobuf import json_format
from hypothesis import given, settings
from hypothesis import strategies as st

from tapewarden.client import Connection, resume
from tapewarden.domain.errors import ConfigurationError
from tapewarden.live.reception import MOST_WAITING
from tapewarden.runtime.configuration import Configuration
from tapewarden.server.rest import resources
from tapewarden.server.rest.listener import HttpPlan, Limits
from tapewarden.server.rest.signing import PRODUCER, SIGNATURE, TIMESTAMP, WINDOW_SECONDS
from tapewarden.server.serving import Plan
from tapewarden.wire.decoding import Position
from tapewarden.wire.encoding import Encoder
from tapewarden.wire.v1 import ingest_pb2
from tests.probes import PROBES
from tests.strategies import small_directory
from tests.unit.live.rig import messages
from tests.unit.server.certificates import Authority
from tests.unit.server.rest.calling import ACME, Caller
from tests.unit.server.running import Running, running
from tests.unit.server.test_ingest import orders, publish

EVENTS, REGISTER, RESUME = "/v1/events", "/v1/register", "/v1/resume?source=venue"


def plan_of(folder: Path, *, limits: Limits | None = None, most_waiting: int = MOST_WAITING) -> Plan:
    http = HttpPlan(producers={ACME.name: ACME}, listen="127.0.0.1:0", limits=limits or Limits())
    configuration = Configuration(detectors=PROBES)
    return Plan(
        folder=folder,
        configuration=configuration,
        listen="127.0.0.1:0",
        http=http,
        most_waiting=most_waiting,
    )


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Running]:
    with running(plan_of(tmp_path / "data")) as server:
        yield server


@pytest.fixture
def acme(server: Running) -> Caller:
    return caller(server)


def caller(server: Running) -> Caller:
    assert server.server.http is not None
    return Caller(server.server.http.port)


def as_json(message: bytes) -> dict[str, object]:
    content: dict[str, object] = json_format.MessageToDict(ingest_pb2.EventBatch.FromString(message))
    return content


def batch(count: int = 3, *, first: int = 1, **event: object) -> dict[str, object]:
    """A batch of some orders with the definitions they need; ``event`` replaces fields of the last one."""
    encoder = Encoder(small_directory(), Position("venue", 1, first))
    content = as_json(encoder.rows(orders(count)))
    content["events"][-1] |= event  # type: ignore[index]
    return content


def position_of(server: Running) -> Position | None:
    return resume(Connection(address=server.address), "venue")


def test_events_are_durable_when_they_are_answered_and_a_source_goes_on_behind_them(
    server: Running, acme: Caller
) -> None:
    assert acme.get(RESUME).content == {}
    answer = acme.post(EVENTS, batch(10))
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json; charset=utf-8")
    assert answer.content == {"position": {"source": "venue", "epoch": 1, "sequence": "10"}}
    assert position_of(server) == Position("venue", 1, 10)
    assert acme.get(RESUME).content == answer.content
    assert acme.post(EVENTS, batch(10)).content == answer.content, "sent again, it is not taken again"
    server.server.pipeline.settle()
    assert server.server.pipeline.detection.events == 10


def test_what_comes_by_http_is_stored_as_if_it_had_come_by_grpc(server: Running, acme: Caller) -> None:
    encoder = Encoder(small_directory(), Position("venue", 1, 1))
    sent = [encoder.rows(part) for part in orders(20).split(10)]
    assert acme.post(EVENTS, as_json(sent[0])).status == 200
    with server.channel() as channel:
        publish(channel, [sent[1]])
    bodies = [frame.body for frame in server.server.pipeline.journal.read()]
    assert [body for body in bodies if body in sent] == sent


def test_rejects_are_told_in_the_answer(acme: Caller) -> None:
    answer = acme.post(EVENTS, batch(3, size=-7))
    assert answer.status == 200
    assert answer.content["rejects"] == [
        {
            "sequence": "3",
            "field": "size",
            "expected": "0 to 9007199254740991 units, or unknown",
            "received": "-7",
        }
    ]


def test_a_registration_is_durable_when_it_is_answered(acme: Caller, server: Running) -> None:
    request = {
        "owners": [{"name": "Ada", "accounts": ["one", "two"]}, {"name": "Bob", "accounts": ["two"]}],
        "links": [{"kind": "LINK_KIND_DEVICE", "account": "one", "counterAccount": "two"}],
    }
    answer = acme.post(REGISTER, request)
    assert answer.status == 200
    assert [(one["item"], one["received"]) for one in answer.content["rejects"]] == [("owners[1]", "Bob")]
    server.server.pipeline.settle()
    assert server.server.pipeline.detection.events == 1


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (batch(4, price=1.5), {"row": 4, "field": "price", "received": "1.5"}),
        (b"{", {"expected": "JSON in UTF-8"}),
        (
            {"position": {"source": "venue", "epoch": 1, "sequence": 0}},
            {"field": "position.sequence", "expected": "a number from 1 on", "received": "0"},
        ),
    ],
)
def test_what_is_no_batch_is_refused_with_its_place(
    server: Running, acme: Caller, content: object, place: Mapping[str, object]
) -> None:
    answer = acme.post(EVENTS, content)
    assert (answer.status, answer.headers["Content-Type"]) == (400, "application/problem+json; charset=utf-8")
    assert place.items() <= answer.content.items()
    assert position_of(server) is None


def test_contradictions_and_epochs_that_are_over_are_refused_in_the_words_of_grpc(
    server: Running, acme: Caller
) -> None:
    assert acme.post(EVENTS, batch(3)).status == 200
    other = {
        "position": {"source": "venue", "epoch": 1, "sequence": 4},
        "accounts": [{"number": 1, "account": {"name": "somebody else"}}],
    }
    answer = acme.post(EVENTS, other)
    assert answer.status == 400
    with server.channel() as channel, pytest.raises(grpc.RpcError) as raised:
        publish(channel, [json_format.ParseDict(other, ingest_pb2.EventBatch()).SerializeToString()])
    assert answer.content["detail"] == raised.value.details()
    assert acme.post(EVENTS, {"position": {"source": "venue", "epoch": 2, "sequence": 1}}).status == 200
    assert (
        acme.post(EVENTS, {**batch(3), "position": {"source": "venue", "epoch": 3, "sequence": 1}}).status
        == 200
    )
    over = acme.post(EVENTS, batch(3, first=4))
    assert (over.status, over.content["title"]) == (409, "Conflict")
    assert "expected epoch 3 or a later one" in over.content["detail"]


@pytest.mark.parametrize(
    ("forged", "detail"),
    [
        ({"producer": "stranger"}, "the signature of a known producer"),
        ({"secret": b"another secret of thirty-two bytes"}, "the signature of a known producer"),
        ({"lag": WINDOW_SECONDS + 60}, "s in the past"),
        ({"lag": -WINDOW_SECONDS - 60}, "s in the future"),
    ],
)
def test_strangers_and_replayed_requests_are_refused(
    server: Running, acme: Caller, forged: dict[str, object], detail: str
) -> None:
    for answer in (
        replace(acme, **forged).post(EVENTS, batch()),  # type: ignore[arg-type]
        replace(acme, **forged).get(RESUME),  # type: ignore[arg-type]
    ):
        assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, "Tapewarden-HMAC-SHA256")
        assert detail in answer.content["detail"]
    assert position_of(server) is None


@pytest.mark.parametrize("header", [PRODUCER, TIMESTAMP, SIGNATURE])
def test_a_request_without_one_of_the_headers_is_refused(acme: Caller, header: str) -> None:
    answer = acme.post(EVENTS, batch(), **{header: ""})
    assert (answer.status, answer.content["detail"]) == (401, f"header {header}: expected one, received none")


@pytest.mark.parametrize("time", ["now", "1e9", "-1", "9" * 30, "١٢"])
def test_a_time_that_is_none_is_refused(acme: Caller, time: str) -> None:
    answer = acme.post(EVENTS, batch(), **{TIMESTAMP: time.encode().decode("latin-1")})
    assert answer.status == 401
    assert "expected seconds since 1970" in answer.content["detail"]


def test_a_signature_is_of_one_method_target_and_body(server: Running, acme: Caller) -> None:
    body = json.dumps(batch()).encode()
    json_type = {"Content-Type": "application/json"}
    for signed in (
        acme.signed("POST", EVENTS, body + b" "),
        acme.signed("POST", REGISTER, body),
        acme.signed("GET", EVENTS, body),
        acme.signed("POST", EVENTS + "?a", body),
    ):
        assert acme.call("POST", EVENTS, body, json_type | signed).status == 401
    assert acme.call("GET", RESUME + "2", b"", acme.signed("GET", RESUME, b"")).status == 401
    assert position_of(server) is None


def test_a_producer_sends_for_its_own_sources_only(server: Running, acme: Caller) -> None:
    content = batch()
    content["position"]["source"] = "their venue"  # type: ignore[index]
    for answer in (acme.post(EVENTS, content), acme.get("/v1/resume?source=their%20venue")):
        assert answer.status == 403
        assert "may not send for source 'their venue'" in answer.content["detail"]
    assert acme.get("/v1/resume").status == 400
    assert position_of(server) is None


@pytest.mark.parametrize(
    ("method", "target", "headers", "status"),
    [
        ("POST", "/v2/events", {}, 404),
        ("GET", "/", {}, 404),
        ("GET", EVENTS, {}, 405),
        ("PUT", EVENTS, {}, 405),
        ("POST", "/v1/resume", {}, 405),
        ("POST", EVENTS, {"Content-Type": "text/plain"}, 415),
        ("POST", EVENTS, {"Content-Type": ""}, 415),
        ("POST", EVENTS, {"Content-Type": "application/json", "Content-Encoding": "gzip"}, 415),
    ],
)
def test_what_is_no_resource_or_comes_in_another_form_is_told(
    acme: Caller, method: str, target: str, headers: Mapping[str, str], status: int
) -> None:
    assert acme.call(method, target, b"{}", headers).status == status


def test_a_body_that_is_too_large_is_refused_whether_it_says_so_or_not(tmp_path: Path) -> None:
    with running(plan_of(tmp_path, limits=Limits(body_bytes=1000))) as server:
        acme = caller(server)
        body = b" " * 1001
        assert acme.post(EVENTS, body).status == 413
        chunked = f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n"
        assert b" 413 " in spoken(acme, head(acme, body, "Transfer-Encoding: chunked") + chunked)
        assert acme.post(EVENTS, b"{}").status == 403


def test_who_is_slow_is_cut_off(tmp_path: Path) -> None:
    with running(plan_of(tmp_path, limits=Limits(body_seconds=1.0))) as server:
        acme = caller(server)
        assert spoken(acme, b"") == b""
        assert spoken(acme, b"POST /v1/events HTTP/1.1\r\nHost: a\r\nTapewarden-Prod") == b""
        answer = spoken(acme, head(acme, b"{}", "Content-Length: 2") + b"{")
        assert b" 408 " in answer
        assert acme.get(RESUME).status == 200


def test_more_connections_than_there_may_be_are_closed(tmp_path: Path) -> None:
    with running(plan_of(tmp_path, limits=Limits(connections=1))) as server:
        acme = caller(server)
        with socket.create_connection(("127.0.0.1", acme.port)) as first:
            first.sendall(head(acme, b"", "Content-Length: 0"))
            assert first.recv(12)
            with pytest.raises(ConnectionError):
                acme.get(RESUME)


@pytest.mark.parametrize(("limits", "status"), [(Limits(requests_each=0), 429), (Limits(requests=0), 503)])
def test_more_requests_than_there_may_be_are_put_off(tmp_path: Path, limits: Limits, status: int) -> None:
    with running(plan_of(tmp_path, limits=limits)) as server:
        answer = caller(server).post(EVENTS, batch())
        assert (answer.status, answer.headers["Retry-After"]) == (status, "1")
        assert position_of(server) is None


def test_a_server_without_room_puts_off_and_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch, running(plan_of(tmp_path, most_waiting=0)) as server:
        patch.setattr(resources, "PATIENCE_SECONDS", 0.05)
        answer = caller(server).post(EVENTS, batch())
        assert (answer.status, answer.headers["Retry-After"]) == (503, "1")
    with running(plan_of(tmp_path)) as server:
        assert caller(server).post(EVENTS, batch()).status == 200


def test_many_producers_at_once_are_all_served(server: Running, acme: Caller) -> None:
    parts = messages(small_directory(), list(orders(40).split(4)))
    statuses: list[int] = []
    threads = [
        threading.Thread(target=lambda part=part: statuses.append(acme.post(EVENTS, as_json(part)).status))
        for part in parts
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 10
    server.server.pipeline.settle()
    assert server.server.pipeline.detection.events == 40


@pytest.mark.parametrize(
    ("listen", "expected"), [("0.0.0.0:0", "only over TLS"), ("nowhere", "expected an address")]
)
def test_nobody_beyond_the_machine_is_served_without_tls(tmp_path: Path, listen: str, expected: str) -> None:
    plan = plan_of(tmp_path)
    assert plan.http is not None
    with pytest.raises(ConfigurationError, match=expected):
        Running(replace(plan, http=replace(plan.http, listen=listen))).start()


def test_with_a_certificate_all_is_sent_over_tls(tmp_path: Path) -> None:
    authority = Authority(tmp_path, "authority")
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(*authority.issue("server"))
    plan = plan_of(tmp_path / "data")
    assert plan.http is not None
    with running(replace(plan, http=replace(plan.http, tls=tls))) as server:
        acme = caller(server)
        trusting = replace(acme, trust=ssl.create_default_context(cafile=str(authority.file)))
        assert trusting.post(EVENTS, batch(3)).status == 200
        with pytest.raises(ssl.SSLCertVerificationError):
            replace(acme, trust=ssl.create_default_context()).get(RESUME)
        with pytest.raises((ConnectionError, BadStatusLine)):
            acme.get(RESUME)


def test_an_address_that_is_taken_is_told(server: Running, acme: Caller, tmp_path: Path) -> None:
    plan = plan_of(tmp_path / "another")
    assert plan.http is not None
    with pytest.raises(ConfigurationError, match=f"cannot listen on 127.0.0.1:{acme.port}"):
        Running(replace(plan, http=replace(plan.http, listen=f"127.0.0.1:{acme.port}"))).start()


_junk = st.one_of(
    st.binary(max_size=200),
    st.binary(max_size=50).map(lambda rest: b"POST /v1/events HTTP/1.1\r\n" + rest),
    st.binary(max_size=50).map(lambda rest: b"GET /v1/resume HTTP/1.1\r\nHost: a\r\n\r\n" + rest),
)


def test_whatever_bytes_come_the_server_answers_the_next_request(
    server: Running, acme: Caller, capsys: pytest.CaptureFixture[str]
) -> None:
    @settings(max_examples=25)
    @given(_junk, st.binary(max_size=40))
    def check(said: bytes, body: bytes) -> None:
        spoken(acme, said, hang_up=True)
        spoken(acme, head(acme, body, f"Content-Length: {len(body) + 1}") + body, hang_up=True)
        assert acme.get(RESUME).content == {}
        assert acme.post(EVENTS, body).status == 400

    check()
    broken = head(acme, b"{}", "Transfer-Encoding: chunked") + b"no length\r\n{}"
    assert b" 400 " in spoken(acme, broken)
    assert "failed" not in capsys.readouterr().out, "it is not the server's fault"


def head(acme: Caller, body: bytes, *more: str) -> bytes:
    """The head of a signed request, to be followed by its body."""
    lines = [f"{name}: {value}" for name, value in acme.signed("POST", EVENTS, body).items()]
    text = "\r\n".join(
        ["POST /v1/events HTTP/1.1", "Host: a", "Content-Type: application/json", *lines, *more]
    )
    return f"{text}\r\n\r\n".encode()


def spoken(acme: Caller, said: bytes, *, hang_up: bool = False) -> bytes:
    """What comes back for some bytes, until the server hangs up or has answered with an error."""
    heard = b""
    with socket.create_connection(("127.0.0.1", acme.port)) as connection, suppress(ConnectionError):
        connection.sendall(said)
        if hang_up:
            connection.shutdown(socket.SHUT_WR)
        while not heard.startswith(b"HTTP/1.1 4") and (part := connection.recv(65_536)):
            heard += part
    return heard
