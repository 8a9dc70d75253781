"""Who may call: tokens, roles, names on open servers, limits, TLS."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from hypothesis import given
from hypothesis import strategies as st

from tapewarden.cases.store import Store
from tapewarden.client import AccessClient, Caller, Connection, TlsFiles
from tapewarden.domain.commands import Investigate
from tapewarden.domain.errors import (
    ConfigurationError,
    LimitError,
    RefusedError,
    UnauthenticatedError,
    UnavailableError,
)
from tapewarden.domain.staff import Permission, Person, Role
from tapewarden.server.access import Access, Limits, ServerTls, check_listening
from tapewarden.server.access.gate import PERMISSIONS
from tapewarden.server.access.limits import Counter
from tapewarden.wire.calling import calling
from tapewarden.wire.v1 import cases_pb2, ingest_pb2
from tests.unit.cases.workflows import ADA, AUDREY
from tests.unit.server.certificates import DAY, Authority
from tests.unit.server.desk import NOW, Desk, run, serving

LATER = NOW + 1_000


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path / 'cases.db'}")
    yield opened
    opened.close()


def token(store: Store, name: str, *roles: Role, source: str | None = None) -> str:
    store.staff.put(name, roles, ADA, NOW)
    return store.staff.issue(name, ADA, NOW, LATER, source=source)[1]


def test_a_token_says_who_calls_whatever_name_they_give(store: Store) -> None:
    secret = token(store, "vera", Role.ANALYST)

    async def work() -> None:
        async with serving(store, tokens=True) as desk, desk.client("sam", token=secret) as vera:
            (number,) = desk.filled(1)
            await vera.decide(number, 1, Investigate())
            entry = store.entries(AUDREY, NOW, subject=f"case {number}")[-1].entry
            assert (entry.actor, entry.action) == ("vera", "case.investigate")

    run(work)


@pytest.mark.parametrize("secret", [None, "", "tapewarden_0_0", "x" * 5_000])
def test_without_a_valid_token_nobody_comes_in(store: Store, secret: str | None) -> None:
    token(store, "vera", Role.ANALYST)

    async def work() -> None:
        async with serving(store, tokens=True) as desk, desk.client("vera", token=secret) as nobody:
            (number,) = desk.filled(1)
            with pytest.raises(UnauthenticatedError):
                await nobody.case(number)
            with pytest.raises(UnauthenticatedError):
                await anext(nobody.watch())
            assert store.entries(AUDREY, NOW, subject=f"case {number}")[-1].entry.action == "case.open"

    run(work)


@pytest.mark.parametrize("role", Role)
def test_everybody_known_may_ask_who_they_are(store: Store, role: Role) -> None:
    secret = token(store, "vera", role)

    async def work() -> None:
        async with (
            serving(store, tokens=True) as desk,
            AccessClient(Connection(address=desk.address, person="sam", token=secret)) as access,
        ):
            caller = await access.who_am_i()
            assert caller == Caller("vera", (role.value,), role.permissions)
            assert {one for one in Permission if caller.may(one)} == role.permissions
            desk.now = LATER
            with pytest.raises(UnauthenticatedError):
                await access.who_am_i()

    run(work)


def test_on_an_open_server_everybody_has_every_role(store: Store) -> None:
    async def work() -> None:
        async with (
            serving(store) as desk,
            AccessClient(Connection(address=desk.address, person="sam")) as access,
        ):
            caller = await access.who_am_i()
            assert (caller.name, set(caller.roles)) == ("sam", set(Role))

    run(work)


def test_a_token_ends_at_its_time_and_streams_with_it(store: Store) -> None:
    secret = token(store, "vera", Role.ANALYST)

    async def work() -> None:
        async with serving(store, tokens=True) as desk, desk.client(token=secret) as vera:
            watching = vera.watch()
            await anext(watching)
            desk.now = LATER
            with pytest.raises(UnauthenticatedError, match="has ended or was revoked"):
                async for _ in watching:
                    pass
            with pytest.raises(UnauthenticatedError):
                await vera.queue()

    run(work)


def test_a_revoked_token_and_changed_roles_count_within_a_moment(store: Store) -> None:
    secret = token(store, "vera", Role.ANALYST)
    other = token(store, "sam", Role.SENIOR)

    async def work() -> None:
        async with (
            serving(store, tokens=True) as desk,
            desk.client(token=secret) as vera,
            desk.client(token=other) as sam,
        ):
            watching, looking = vera.watch(), sam.watch()
            await anext(watching)
            await anext(looking)
            store.staff.revoke(secret.split("_")[1], ADA, NOW)
            store.staff.put("sam", [Role.ADMIN], ADA, NOW)
            with pytest.raises(UnauthenticatedError):
                async for _ in watching:
                    pass
            with pytest.raises(RefusedError, match="sam may not read signals and cases"):
                async for _ in looking:
                    pass

    run(work)


def test_each_role_reaches_what_is_its_own(store: Store) -> None:
    tokens = {role: token(store, role.value, role) for role in Role}

    async def may(desk: Desk, role: Role, call: str) -> bool:
        async with desk.client(token=tokens[role]) as client:
            calls: dict[str, Any] = {
                "look": lambda: client.case(1),
                "work": lambda: client.comment(1, "look"),
                "audit": client.entries,
            }
            try:
                await calls[call]()
            except RefusedError:
                return False
            return True

    async def work() -> None:
        async with serving(store, tokens=True) as desk:
            desk.filled(1)
            found = {
                role.value: {call for call in ("look", "work", "audit") if await may(desk, role, call)}
                for role in Role
            }
            assert found == {
                "viewer": {"look"},
                "analyst": {"look", "work"},
                "senior": {"look", "work"},
                "auditor": {"look", "audit"},
                "admin": set(),
                "producer": set(),
            }

    run(work)


class Calling:
    """A call's context, as far as who calls is concerned."""

    def __init__(self, secret: str | None = None, person: str | None = None) -> None:
        self._metadata = calling(secret, person)

    def invocation_metadata(self) -> tuple[tuple[str, str], ...]:
        return self._metadata


def test_a_token_for_a_source_hands_in_its_events_and_does_nothing_else(store: Store) -> None:
    bound = token(store, "feed", Role.PRODUCER, Role.VIEWER, source="sim-1")
    free = token(store, "feeds", Role.PRODUCER)

    async def work() -> None:
        async with Access(store.staff, lambda: NOW) as access:
            access.check_source(Calling(bound), "sim-1")
            access.check_source(Calling(free), "sim-2")
            with pytest.raises(RefusedError, match="events of sim-1 only, not of sim-2"):
                access.check_source(Calling(bound), "sim-2")
        async with serving(store, tokens=True) as desk, desk.client(token=bound) as feed:
            with pytest.raises(RefusedError, match="events of sim-1, and nothing else"):
                await feed.queue()

    run(work)


def test_on_an_open_server_people_name_themselves_and_four_eyes_take_two_names(store: Store) -> None:
    access = Access(None, lambda: NOW)
    assert access.caller(Calling()) == Person("local", frozenset(Role))
    assert access.caller(Calling(person="véra")) == Person("véra", frozenset(Role))
    access.check_source(Calling(), "any")
    for name in ("", " vera", "ve\nra", "x" * 201):
        with pytest.raises(UnauthenticatedError, match="a name has"):
            access.caller(Calling(person=name))


def test_every_service_of_the_schema_has_its_permission() -> None:
    for module in (cases_pb2, ingest_pb2):
        for service in module.DESCRIPTOR.services_by_name.values():
            assert PERMISSIONS[service.full_name] is not None


def test_health_needs_no_token_reflection_does_and_the_rest_is_nobodys(store: Store) -> None:
    secret = token(store, "vera", Role.VIEWER)

    async def work() -> None:
        async with (
            serving(store, tokens=True) as desk,
            grpc.aio.insecure_channel(desk.address) as channel,
        ):
            answer = await health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest())
            assert answer.status == health_pb2.HealthCheckResponse.SERVING
            listing = iter([reflection_pb2.ServerReflectionRequest(list_services="")])
            reflect = reflection_pb2_grpc.ServerReflectionStub(channel).ServerReflectionInfo
            with pytest.raises(grpc.RpcError, match="brings none"):
                await reflect(listing).read()
            call = reflect(
                iter([reflection_pb2.ServerReflectionRequest(list_services="")]),
                metadata=calling(secret, None),
            )
            assert (await call.read()).list_services_response.service
            with pytest.raises(grpc.RpcError) as caught:
                await channel.unary_unary("/tapewarden.v1.Cases/DropEverything")(b"")
            assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED

    run(work)


def test_who_calls_too_much_is_stopped_and_others_are_not(store: Store) -> None:
    limits = Limits(calls_per_second=0.001, burst=5, open_calls=2)

    async def work() -> None:
        async with (
            serving(store, limits=limits) as desk,
            desk.client("vera") as vera,
            desk.client("sam") as sam,
        ):
            for _ in range(5):
                await vera.queue()
            with pytest.raises(LimitError, match=r"vera may make 0\.001 calls per second"):
                await vera.queue()
            streams = [sam.watch() for _ in range(3)]
            await anext(streams[0])
            await anext(streams[1])
            with pytest.raises(LimitError, match="sam may have 2 calls and streams at once"):
                await anext(streams[2])
            await streams[0].aclose()
            await streams[1].aclose()

    run(work)


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0, 2)), max_size=60))
def test_no_caller_ever_begins_more_calls_than_time_allows(steps: list[tuple[int, float]]) -> None:
    limits = Limits(calls_per_second=2, burst=3)
    now = 0.0
    counter = Counter(limits, lambda: now)
    begun: dict[int, list[float]] = {}
    for caller, passed in steps:
        now += passed
        try:
            with counter.counting(str(caller)):
                begun.setdefault(caller, []).append(now)
        except LimitError:
            assert len(begun[caller]) >= limits.burst
    for times in begun.values():
        for first, start in enumerate(times):
            for last, end in enumerate(times[first:], start=1):
                assert last <= limits.burst + limits.calls_per_second * (end - start) + 1e-6


def test_callers_that_do_nothing_are_forgotten_and_those_that_do_are_not() -> None:
    now = 0.0
    counter = Counter(Limits(calls_per_second=1, burst=1, open_calls=1), lambda: now)
    with counter.counting("busy"):
        for number in range(3_000):
            now += 1
            with counter.counting(f"caller {number}"):
                pass
        assert len(counter._accounts) <= 1_001
        with pytest.raises(LimitError, match="at once"), counter.counting("busy"):
            pass


@pytest.mark.parametrize("address", ["0.0.0.0:7410", "[::]:7410", "192.168.1.5:7410", "surveillance:7410"])
def test_beyond_this_machine_it_listens_only_with_tls_and_tokens(address: str) -> None:
    check_listening(address, tls=True, tokens=True)
    with pytest.raises(ConfigurationError, match="needs TLS and tokens"):
        check_listening(address, tls=False, tokens=False)
    with pytest.raises(ConfigurationError, match="needs TLS;"):
        check_listening(address, tls=False, tokens=True)
    with pytest.raises(ConfigurationError, match="needs tokens;"):
        check_listening(address, tls=True, tokens=False)


@pytest.mark.parametrize("address", ["127.0.0.1:7410", "[::1]:0", "localhost:1", "unix:/run/tapewarden.sock"])
def test_on_this_machine_it_listens_without(address: str) -> None:
    check_listening(address, tls=False, tokens=False)


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path, "authority")


def test_over_tls_a_token_comes_in_and_strangers_see_no_server(store: Store, authority: Authority) -> None:
    certificate, key = authority.issue("server")
    secret = token(store, "vera", Role.ANALYST)

    async def work() -> None:
        async with serving(store, tokens=True, tls=ServerTls(certificate=certificate, key=key)) as desk:
            trusting = TlsFiles(authority=authority.file)
            async with desk.client(token=secret, tls=trusting) as vera:
                assert (await vera.queue()).total == 0
            stranger = Authority(authority.file.parent, "stranger")
            for tls in (TlsFiles(authority=stranger.file), None):
                async with desk.client(tls=tls) as nobody:
                    with pytest.raises(UnavailableError, match=f"localhost:{desk.port}"):
                        await nobody.queue()

    run(work)


def test_with_mutual_tls_only_certificates_of_the_authority_that_are_in_time_come_in(
    store: Store, authority: Authority, tmp_path: Path
) -> None:
    certificate, key = authority.issue("server")
    clients = Authority(tmp_path, "clients")
    strangers = Authority(tmp_path, "strangers")
    tls = ServerTls(certificate=certificate, key=key, client_authority=clients.file)

    async def comes_in(desk: Desk, shown: tuple[Path, Path] | None) -> bool:
        own = (None, None) if shown is None else shown
        files = TlsFiles(authority=authority.file, certificate=own[0], key=own[1])
        async with desk.client("vera", tls=files) as client:
            try:
                await client.queue()
            except UnavailableError:
                return False
            return True

    async def work() -> None:
        async with serving(store, tls=tls) as desk:
            assert await comes_in(desk, clients.issue("good"))
            assert not await comes_in(desk, None)
            assert not await comes_in(desk, strangers.issue("untrusted"))
            assert not await comes_in(desk, clients.issue("expired", (-2 * DAY, -DAY)))
            assert not await comes_in(desk, clients.issue("early", (DAY, 2 * DAY)))
            assert await comes_in(desk, clients.issue("good again"))

    run(work)


def test_files_of_tls_that_cannot_be_used_are_named(authority: Authority, tmp_path: Path) -> None:
    certificate, key = authority.issue("server")
    other, other_key = authority.issue("other")
    expired, expired_key = authority.issue("expired", (-2 * DAY, -DAY))
    early, early_key = authority.issue("early", (DAY, 2 * DAY))
    text = tmp_path / "text.pem"
    text.write_text("hello")
    wrong: list[tuple[ServerTls, str]] = [
        (ServerTls(certificate=tmp_path / "none.pem", key=key), r"none\.pem: No such file"),
        (ServerTls(certificate=certificate, key=tmp_path / "none.key"), r"none\.key: No such file"),
        (ServerTls(certificate=text, key=key), r"text\.pem: expected certificates in PEM"),
        (ServerTls(certificate=certificate, key=text), r"text\.pem: expected a private key"),
        (
            ServerTls(certificate=certificate, key=other_key),
            r"other\.key: it is not the key of .*server\.pem",
        ),
        (ServerTls(certificate=expired, key=expired_key), r"expired\.pem: a certificate expired at"),
        (ServerTls(certificate=early, key=early_key), r"early\.pem: a certificate is valid only from"),
        (ServerTls(certificate=certificate, key=key, client_authority=text), r"text\.pem: expected certif"),
        (ServerTls(certificate=certificate, key=key, client_authority=expired), r"expired\.pem: a certifi"),
    ]
    for files, message in wrong:
        with pytest.raises(ConfigurationError, match=message):
            files.credentials()
    assert other.is_file()
    good = ServerTls(certificate=certificate, key=key)
    good.credentials()
    with pytest.raises(ConfigurationError, match="expired"):
        good.credentials(now=datetime.now(UTC) + timedelta(days=3))


def test_a_person_of_a_connection_is_known_on_an_open_server(store: Store) -> None:
    async def work() -> None:
        async with serving(store) as desk, desk.client("véra") as vera:
            (number,) = desk.filled(1)
            assert (await vera.comment(number, "look")).by == "véra"
            await asyncio.sleep(0)
        assert Connection(person="véra").metadata == (("tapewarden-person", "v%C3%A9ra"),)

    run(work)
