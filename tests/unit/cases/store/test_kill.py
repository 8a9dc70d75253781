"""A process that is killed while it writes: what it was told is done is there, and the trail is whole."""

import subprocess
import sys
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tapewarden.cases.audit import verify
from tapewarden.cases.store import CaseFilter, Store
from tests.unit.cases.workflows import AUDREY, VERA

ROOT = Path(__file__).parents[4]
KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
WRITER = """
import sys
from itertools import count
from tapewarden.cases.store import Observation, Store
from tests.unit.cases.signals import signal
from tests.unit.cases.workflows import VERA

store = Store.open(sys.argv[1])
for number in count(int(sys.argv[2])):
    (case,) = store.record([Observation(signal(str(number), actor=str(number)))], number, "engine").cases
    store.comment(case, f"comment {number}", VERA, number)
    print(number, case, flush=True)
"""


def written_until_killed(url: str, first: int, lines: int) -> dict[int, int]:
    """Numbers of signals and their cases, as told by a process before it was killed."""
    told: dict[int, int] = {}
    command = [sys.executable, "-c", WRITER, url, str(first)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        for _ in range(lines):
            number, case = process.stdout.readline().split()
            told[int(number)] = int(case)
        process.kill()
    return told


def test_what_was_acknowledged_before_a_kill_is_there_once_and_the_trail_verifies(url: str) -> None:
    told: dict[int, int] = {}
    for run in range(3):
        told |= written_until_killed(url, run * 1_000, 5 + run)
    store = Store.open(url)
    for number, case in told.items():
        file = store.case(case, VERA, 1)
        assert [one.signal.id for one in file.signals] == [str(number)]
        assert [one.text for one in file.comments] == [f"comment {number}"]
    cases = store.cases(CaseFilter(limit=1_000), VERA, 2).cases
    entries = store.entries(AUDREY, 3)
    assert sum(one.entry.action == "case.open" for one in entries) == len(cases)
    assert verify(store.export(KEY, AUDREY, 4), KEY.public_key()).fault is None
    store.close()
