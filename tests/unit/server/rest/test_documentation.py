"""The page on HTTP says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

from tapewarden.server.rest.answers import _STATUSES
from tapewarden.server.rest.listener import _METHODS, Limits
from tapewarden.server.rest.producers import SHORTEST_SECRET
from tapewarden.server.rest.resources import PATIENCE_SECONDS
from tapewarden.server.rest.signing import PRODUCER, SIGNATURE, TIMESTAMP, WINDOW_SECONDS

PAGE = (Path(__file__).parents[4] / "docs" / "reference" / "rest.md").read_text("utf-8")


def test_the_page_lists_resources_headers_and_statuses() -> None:
    requests = re.findall(r"^\| `(\w+) (/[\w/]+)", PAGE, re.M)
    assert {path: method for method, path in requests} == _METHODS
    assert re.findall(r"^\| `(Tapewarden-\w+)` \|", PAGE, re.M) == [PRODUCER, TIMESTAMP, SIGNATURE]
    told = {int(status) for row in re.findall(r"^\| ([\d, ]+) \|", PAGE, re.M) for status in row.split(", ")}
    assert {int(status) for status in _STATUSES.values()} <= told


def test_the_page_tells_the_limits() -> None:
    usual = Limits()
    for text in (
        f"more than {WINDOW_SECONDS} seconds off",
        f"at least {SHORTEST_SECRET} letters",
        f"longer than {usual.body_seconds:g} seconds",
        f"larger than {usual.body_bytes:,} bytes",
        f"more than {usual.requests_each} requests of the producer",
        f"more than {usual.requests} requests at a time, or no room for {PATIENCE_SECONDS:g} seconds",
        f"{usual.connections} connections at a time",
        f"within {usual.body_seconds:g} seconds or none after another for {usual.idle_seconds:g}",
    ):
        assert text in PAGE, text
