"""A connection says who calls, and gives no secret away."""

import asyncio
from pathlib import Path

import grpc.aio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewarden.client import DEFAULT_ADDRESS, Connection, TlsFiles, answering
from tapewarden.domain.errors import (
    ConfigurationError,
    ConflictError,
    FieldError,
    InputError,
    JournalError,
    LimitError,
    NotFoundError,
    RefusedError,
    ServerError,
    SourceError,
    UnauthenticatedError,
    UnavailableError,
    UncertainError,
)
from tapewarden.wire.addresses import is_local
from tapewarden.wire.calling import calling, person_of, token_of
from tapewarden.wire.statuses import LONGEST_DETAILS, error_of, status_of

BOTH_WAYS = (
    NotFoundError,
    RefusedError,
    ConflictError,
    UnauthenticatedError,
    LimitError,
    UnavailableError,
    UncertainError,
)


def open_and_close(connection: Connection) -> None:
    async def run() -> None:
        await connection.channel().close()

    asyncio.run(run())


@given(st.text(min_size=1), st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1))
def test_name_and_token_arrive_as_they_were_given_in_plain_ascii(person: str, token: str) -> None:
    person = person.encode("utf-8", "replace").decode()
    metadata = calling(token, person)
    assert all(value.isascii() and value.isprintable() for _, value in metadata)
    assert (token_of(metadata), person_of(metadata)) == (token, person)


def test_who_gives_no_name_and_no_token_sends_none() -> None:
    assert Connection().metadata == ()
    assert (token_of(()), person_of(())) == (None, None)
    assert token_of((("authorization", "Basic abc"),)) is None


def test_a_token_is_never_shown() -> None:
    assert "secret" not in repr(Connection(token="secret"))


@pytest.mark.parametrize(
    "address", ["127.0.0.1:7410", "127.8.9.1:1", "[::1]:7410", "localhost:7410", "unix:/run/tapewarden.sock"]
)
def test_what_only_this_machine_reaches_is_local(address: str) -> None:
    assert is_local(address)
    open_and_close(Connection(address=address, token="secret"))


@pytest.mark.parametrize(
    "address", ["0.0.0.0:7410", "[::]:7410", "10.0.0.7:7410", "surveillance.example:443"]
)
def test_a_token_does_not_travel_in_clear_text_beyond_this_machine(address: str) -> None:
    assert not is_local(address)
    with pytest.raises(ConfigurationError, match="only over TLS"):
        open_and_close(Connection(address=address, token="secret"))
    open_and_close(Connection(address=address))


@pytest.mark.parametrize(
    "address", ["", "7410", "127.0.0.1", "127.0.0.1:", ":7410", "localhost:http", "[::1]:70000"]
)
def test_an_address_without_host_or_port_is_refused(address: str) -> None:
    with pytest.raises(ConfigurationError, match="expected an address such as"):
        is_local(address)


def test_files_of_tls_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    missing = tmp_path / "authority.pem"
    with pytest.raises(ConfigurationError, match=r"authority\.pem: No such file"):
        open_and_close(Connection(tls=TlsFiles(authority=missing)))
    with pytest.raises(ConfigurationError, match="go together"):
        open_and_close(Connection(tls=TlsFiles(key=missing)))


@pytest.mark.parametrize("kind", BOTH_WAYS)
def test_an_error_of_the_server_is_the_same_error_for_its_caller(kind: type[Exception]) -> None:
    code, text = status_of(kind("case 7: there is none"))
    error = error_of(code, text)
    assert type(error) is kind
    assert str(error) == "case 7: there is none"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InputError("events", "a number", "abc", row=3), grpc.StatusCode.INVALID_ARGUMENT),
        (FieldError("page", "a number", "abc"), grpc.StatusCode.INVALID_ARGUMENT),
        (SourceError("a gap"), grpc.StatusCode.FAILED_PRECONDITION),
    ],
)
def test_what_a_server_says_of_a_request_is_all_the_text(error: Exception, code: grpc.StatusCode) -> None:
    found, text = status_of(error)
    assert found is code
    answer = error_of(found, text)
    assert type(answer) is ServerError
    assert str(answer) == str(error)


def test_a_server_whose_journal_failed_is_asked_again_later() -> None:
    found, text = status_of(JournalError("disk full"))
    assert found is grpc.StatusCode.UNAVAILABLE
    assert isinstance(error_of(found, text), UnavailableError)


def test_a_long_text_is_cut_so_that_it_fits_a_header() -> None:
    _, text = status_of(RefusedError("x" * 100_000))
    assert len(text) == LONGEST_DETAILS
    assert text.endswith("…")


def test_an_address_where_nobody_listens_is_named() -> None:
    async def run() -> None:
        async with Connection(address="unix:/nowhere/at/all").channel() as channel:
            with answering("unix:/nowhere/at/all"):
                await channel.unary_unary("/any/Method")(b"")

    with pytest.raises(UnavailableError, match=r"^unix:/nowhere/at/all: "):
        asyncio.run(run())


def test_the_default_address_is_local() -> None:
    assert is_local(DEFAULT_ADDRESS)
