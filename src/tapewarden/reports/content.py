"""`Report`: everything that a report of a case says, in nouns of the domain; each format is made from it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from tapewarden.domain.case import Case
from tapewarden.domain.casework import Attachment, Comment
from tapewarden.domain.grounds import Grounds
from tapewarden.domain.law import Provision
from tapewarden.domain.signal import Signal
from tapewarden.domain.trail import Link
from tapewarden.reports.market import MarketWindow

_SIMULATED: Final = re.compile(r"SIM\d*")  # as the simulator names its venues


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """Who submits a report, as the operator of the system says it; ``None`` where they do not.

    Attributes:
        name: Full name of the firm.
        legal_form: As its register has it.
        lei: Its Legal Entity Identifier, ISO 17442.
        address: Street, place and country.
        capacity: In which it acted, such as operating a trading platform.
        activity: What it trades itself, and how.
        relationship: To the persons reported, such as members of its platform.
        country: Of its platform.
        person: Who is in charge of the submission.
        position: Of that person.
        contact: Whom to ask, with an address for mail.
    """

    name: str | None = None
    legal_form: str | None = None
    lei: str | None = None
    address: str | None = None
    capacity: str | None = None
    activity: str | None = None
    relationship: str | None = None
    country: str | None = None
    person: str | None = None
    position: str | None = None
    contact: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedSignal:
    """A signal, and what is known of it beside.

    Attributes:
        signal: What was observed.
        digest: SHA-256 of the line in which it was filed, hexadecimal: the trail has the same.
        title: Of its detector; its id where that does not run any more.
        grounds: Why it was given, in sentences.
        provisions: What its pattern may fall under.
    """

    signal: Signal
    digest: str
    title: str
    grounds: Grounds
    provisions: tuple[Provision, ...]


@dataclass(frozen=True, slots=True)
class ChainedEntry:
    """An entry of the audit trail; ``before`` is the digest ahead of it, ``sound`` whether its own fits."""

    link: Link
    before: bytes
    sound: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A case as it stands, with the market around its signals. Holds nothing of when or for whom it is made.

    Attributes:
        case: The case.
        entity: Who submits.
        signals: In order of time.
        windows: Of the market, in order of time.
        missing: Why a window is not there, a sentence each.
        comments: What people said, in order.
        attachments: Files that they added.
        entries: Those of the trail that made the case what it is, in order.
    """

    case: Case
    entity: Entity
    signals: tuple[ReportedSignal, ...]
    windows: tuple[MarketWindow, ...]
    missing: tuple[str, ...]
    comments: tuple[Comment, ...]
    attachments: tuple[Attachment, ...]
    entries: tuple[ChainedEntry, ...]

    @property
    def simulated(self) -> bool:
        """Whether it is about a market that does not exist: events say so, or the venue is simulated."""
        venue = self.case.instrument.rpartition("@")[2]
        return _SIMULATED.fullmatch(venue) is not None or any(window.simulated for window in self.windows)

    @property
    def patterns(self) -> tuple[str, ...]:
        """The kinds of abuse that are suspected, each once, in the order of their first signals."""
        return tuple(dict.fromkeys(one.signal.typology for one in self.signals))

    @property
    def accounts(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The accounts that signals name, each with the parts it played, by name."""
        roles: dict[str, set[str]] = {}
        for one in self.signals:
            for party in one.signal.parties:
                roles.setdefault(party.account, set()).add(party.role)
        return tuple((name, tuple(sorted(roles[name]))) for name in sorted(roles))

    @property
    def sound(self) -> bool:
        """Whether every entry's digest is that of its content and of the entry ahead of it."""
        return all(entry.sound for entry in self.entries)
