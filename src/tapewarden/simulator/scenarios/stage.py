"""`Stage`: one performance of a scenario: its desks, its chance, and the record that becomes its label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from tapewarden.domain.episode import Episode, LabelledOrder, Participant, Role
from tapewarden.domain.kinds import SECOND
from tapewarden.simulator.members.desk import Desk, Ticket
from tapewarden.simulator.members.script import Pause
from tapewarden.simulator.scenarios.scenario import Scenario


@dataclass(slots=True)
class Stage:
    """What a script works with.

    ``desks`` holds one desk per account and leg, accounts first: ``desks[account][leg]``. ``until`` is when
    the tape ends (ns): nothing should begin that cannot end by then. ``windows`` are the reference windows of
    the first leg, opening and closing (ns). What the script notes here is the truth.
    """

    scenario: Scenario
    severity: float
    seed: int
    number: int
    desks: Sequence[Sequence[Desk]]
    chance: np.random.Generator
    knobs: dict[str, float]
    until: int
    windows: Sequence[tuple[int, int]] = ()
    _orders: list[tuple[Ticket, str]] = field(default_factory=list)
    _cycles: list[tuple[int, int]] = field(default_factory=list)
    _began: int | None = None
    _harmed: int | None = None
    _acted: int = 0

    @property
    def desk(self) -> Desk:
        """The first account's first desk, for scenarios that need no other."""
        return self.desks[0][0]

    @property
    def now(self) -> int:
        """Event time, ns."""
        return self.desk.now

    def pause(self, seconds: float) -> Pause:
        """Wait about so many seconds: people are not clocks."""
        return Pause(int(seconds * SECOND * self.chance.uniform(0.7, 1.3)))

    def note(self, role: str, *tickets: Ticket) -> None:
        """These orders belong to the episode, for what ``role`` says: bait, intent, ignite, cover, benign.

        Those of a twin are benign, whatever they look like.
        """
        role = role if self.scenario.twin_of is None else "benign"
        self._orders += [(ticket, role) for ticket in tickets]
        self._acted = self.now

    def news(self, seconds: float, change: float) -> None:
        """Let news come in so many seconds that change what the asset is worth by this part of it."""
        self.desk.announce(self.now + int(seconds * SECOND), change)

    def begin_cycle(self) -> None:
        """A repetition begins now."""
        self._began = self.now

    def end_cycle(self) -> None:
        """The repetition is over now."""
        if self._began is not None:
            self._cycles.append((self._began, self.now))
            self._began = None

    def harm(self) -> None:
        """From now on somebody is harmed or misled."""
        self._harmed = self.now if self._harmed is None else self._harmed

    def episode(self, instruments: Sequence[str], venue: str) -> Episode | None:
        """The label of what was done; ``None`` if nothing was."""
        if self._began is not None:
            self._cycles.append((self._began, self.now))
            self._began = None
        if not self._cycles:
            return None
        told = [(ticket, role) for ticket, role in self._orders if ticket.number]
        twin = self.scenario.twin_of is not None
        return Episode(
            episode_id=f"{self.scenario.name}-{self.seed}-{self.number}",
            scenario=self.scenario.name,
            typologies=self.scenario.typologies,
            severity=self.severity,
            seed=self.seed,
            venue=venue,
            instruments=tuple(instruments),
            accounts=tuple(
                Participant(desks[0].name, Role.BYSTANDER if twin else Role(role))
                for desks, role in zip(self.desks, self.scenario.accounts, strict=True)
            ),
            start_ns=self._cycles[0][0],
            first_harm_ns=None if twin else self._harmed,
            end_ns=max(self._cycles[-1][1], self._acted),
            cycles=tuple(self._cycles),
            orders=tuple(LabelledOrder(str(ticket.number), role) for ticket, role in told),
            trades=tuple(dict.fromkeys(str(trade) for ticket, _ in told for trade in ticket.trades)),
            expected_detectors=self.scenario.expected_detectors,
            benign_twin_of=self.scenario.twin_of,
            parameters=self.knobs,
        )
