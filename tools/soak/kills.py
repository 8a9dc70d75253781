"""Killing a server again and again while a market is sent to it, and looking what is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

from tapewarden.client import resume
from tools.soak import BrokenPromise
from tools.soak.checking import (
    case_rows,
    check_journal,
    check_trail,
    replayed_lines,
    require_equal,
    signal_lines,
)
from tools.soak.market import Market, market, parameters
from tools.soak.process import Process
from tools.soak.producer import SOURCE, Producer
from tools.soak.watching import is_of_models, judged_lines, let_judge, train_on

EVENTS_PER_KILL: Final = 40_000
CHECKPOINT_EVENTS: Final = 200_000

_KEEPING: Final = f'[server.keeping]\ncheckpoint_events = {CHECKPOINT_EVENTS}\ncheckpoint_every = "2s"\n'
_USUAL_EVENTS: Final = 150_000  # that models learn from
_MOMENTS: Final = {"under load": 5, "in a checkpoint": 3, "in recovery": 2}
_AHEAD: Final = 20_000  # events that may be sent beyond the one at which the server is killed
_STEP: Final = 1_000  # events from one look for a checkpoint to the next
_LOOK_S: Final = 0.01
_LONGEST_S: Final = {"under load": 0.2, "in a checkpoint": 0.02, "in recovery": 1.0}

Tell = Callable[[str], None]


@dataclass(slots=True)
class Killed:
    """What came of it."""

    events: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    publishers: int = 0
    received_again: int = 0
    unacknowledged: int = 0
    signals: int = 0
    cases: int = 0
    entries: int = 0


def kill_again_and_again(folder: Path, kills: int, seed: int, tell: Tell) -> Killed:
    """Send a market to a server that is killed so often, and compare with one that is not.

    Raises:
        BrokenPromise: At the first thing that is not as it must be.
    """
    sent = market(folder / "market.parquet", kills * EVENTS_PER_KILL, seed)
    tell(f"a market of {len(sent.events):,} events is to be sent, the server to be killed {kills} times")
    models = train_on(
        market(folder / "usual.parquet", _USUAL_EVENTS, seed + 1, ordinary=True), folder / "m.model"
    )
    server = Process(folder / "killed", f"{_KEEPING}\n{parameters()}")
    let_judge(server.data, models)
    killed = Killed(events=len(sent.events))
    try:
        _Killing(server, sent, Random(seed), kills, killed, tell).run()
    finally:
        server.end()
    killed.received_again = check_journal(server.data, sent)
    tell("every event is in the journal exactly once")
    killed.entries = check_trail(server.data)
    tell(f"the audit trail of {killed.entries:,} entries verifies")
    _compare(folder, server, sent, models, killed, tell)
    return killed


class _Killing:
    def __init__(
        self, server: Process, sent: Market, chance: Random, kills: int, killed: Killed, tell: Tell
    ) -> None:
        self._server = server
        self._sent = sent
        self._chance = chance
        self._kills = kills
        self._killed = killed
        self._tell = tell
        self._producer = Producer(server.connection, sent)
        self._begun = False

    def run(self) -> None:
        for number in range(1, self._kills + 1):
            moment = self._moment()
            self._server.start()
            if moment == "in recovery":
                self._server.wait_until_recovering()
            else:
                self._listen()
                goal = self._send(number)
            if moment == "in a checkpoint":
                self._wait_for_checkpoint(goal)
            self._server.live_on(self._chance.random() * _LONGEST_S[moment])
            self._server.kill()
            self._killed.kills[moment] += 1
            self._tell(
                f"kill {number} of {self._kills}, {moment}, with {self._producer.acknowledged:,} acknowledged"
            )
        self._server.start()
        self._listen()
        self._producer.finish()
        self._killed.publishers = self._producer.publishers
        self._server.stop()

    def _moment(self) -> str:
        if not self._begun:
            return "under load"  # there is nothing to recover yet
        return self._chance.choices(list(_MOMENTS), list(_MOMENTS.values()))[0]

    def _listen(self) -> None:
        """Wait for the server; what was acknowledged must be there."""
        acknowledged = self._producer.acknowledged
        seconds = self._server.wait_until_listening()
        position = resume(self._server.connection, SOURCE)
        there = 0 if position is None else position.sequence
        self._tell(f"  started in {seconds:.1f} s, {there:,} events are there")
        if there < acknowledged:
            raise BrokenPromise(f"acknowledged were {acknowledged:,} events, there are {there:,}")
        self._killed.unacknowledged += there - acknowledged
        if not self._begun:
            self._producer.start()
            self._begun = True
        elif self._chance.random() < 0.3:
            self._producer.replace()

    def _send(self, number: int) -> int:
        """Let some of what is left be sent; gives how many events in all."""
        done = self._producer.acknowledged
        left = len(self._sent.events) - done
        goal = done + self._chance.randrange(1, max(2 * left // (self._kills - number + 2), 2))
        goal = min(goal, len(self._sent.events))
        self._producer.go_on(goal + _AHEAD)
        self._producer.wait_for(goal)
        return goal + _AHEAD

    def _wait_for_checkpoint(self, goal: int) -> None:
        """Let a little more be sent until a checkpoint is being written."""
        while not self._server.is_keeping and goal < len(self._sent.events):
            goal += _STEP
            self._producer.go_on(goal)
            self._server.live_on(_LOOK_S)


def _compare(folder: Path, server: Process, sent: Market, models: Path, killed: Killed, tell: Tell) -> None:
    """Hold signals and cases against those of a server that was left alone, and of a replay."""
    calm = Process(folder / "calm", parameters())
    let_judge(calm.data, models)
    try:
        calm.start()
        calm.wait_until_listening()
        producer = Producer(calm.connection, sent)
        producer.start()
        producer.finish()
        calm.stop()
    finally:
        calm.end()
    found, cases = signal_lines(server.data), case_rows(server.data)
    if not found:
        raise BrokenPromise("expected signals of so much misconduct, received none")
    require_equal("signals of an uninterrupted run", signal_lines(calm.data), found)
    require_equal("cases of an uninterrupted run", case_rows(calm.data), cases)
    tell(f"{len(found):,} signals and {len(cases):,} cases equal those of an uninterrupted run")
    told = [one for one in found if not is_of_models(one)]
    require_equal("signals of a replay", replayed_lines(sent, server.config, folder / "replay.jsonl"), told)
    tell(f"the {len(told):,} of rules equal those of a replay of the tape")
    told = [one for one in found if is_of_models(one)]
    require_equal("signals of models on the tape", judged_lines(sent, models, folder / "judged.jsonl"), told)
    tell(f"the {len(told):,} of models equal those that the models find on the tape")
    killed.signals, killed.cases = len(found), len(cases)
