"""The connection as the top bar tells it."""

import pytest

from tapewarden.desktop.presenters.connection import connection_pill
from tapewarden.desktop.transport.status import Phase, Status


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (Status(), "CONNECTING"),
        (Status(phase=Phase.OPEN, heard_at=99.0), "LIVE"),
        (Status(phase=Phase.OPEN, heard_at=97.1), "LIVE"),
        (Status(phase=Phase.OPEN, heard_at=96.9), "STALE 3 s"),
        (Status(phase=Phase.WAITING, heard_at=95.0, lost_at=98.0), "RECONNECTING 2 s"),
        (Status(phase=Phase.CONNECTING, heard_at=95.0, lost_at=96.0), "RECONNECTING 4 s"),
        (Status(phase=Phase.WAITING, lost_at=60.0), "OFFLINE"),
        (Status(phase=Phase.WAITING, lost_at=-80.0), "OFFLINE 3 min"),
        (Status(phase=Phase.SIGN_IN, lost_at=99.0), "OFFLINE · sign in"),
        (Status(phase=Phase.CLOSED, heard_at=99.9), "OFFLINE"),
    ],
)
def test_the_pill_says_how_the_connection_is(status: Status, text: str) -> None:
    assert connection_pill(status, now=100.0).text == text
