"""The configuration file: which detectors run with which parameters, and facts that no venue reports.

``docs/reference/configuration.md`` shows every key. Whatever is wrong is refused with file, dotted key,
what was expected and what was received, and for a wrong name the nearest right one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from tapewarden.domain.directory import Directory
from tapewarden.domain.errors import ConfigurationError
from tapewarden.domain.kinds import SECOND, LinkKind, WindowKind
from tapewarden.engine.contract import Detector
from tapewarden.engine.parameters import nearest
from tapewarden.engine.settings import Settings
from tapewarden.runtime.facts import FOREVER, FactMerger, Link, Window
from tapewarden.runtime.sections import Section
from tapewarden.runtime.tuning import DetectorRules, Groups, settings_of

_WINDOWS: Final = {
    kind.name.lower(): kind
    for kind in WindowKind
    if kind not in (WindowKind.UNKNOWN, WindowKind.MARKET_MAKER)
}
_LINKS: Final = {
    "owner": LinkKind.SAME_OWNER,
    "device": LinkKind.DEVICE,
    "information": LinkKind.INFORMATION,
}
_ROLES: Final = {"house": LinkKind.HOUSE, "employee": LinkKind.EMPLOYEE, "market maker": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What a configuration file says, checked.

    Attributes:
        detectors: Those that run somewhere, in the order of their ids.
        settings: Parameters by profile, and which instrument has which; allowed lateness.
        windows: Reference windows and market makers' roles.
        links: Links of accounts, the house's accounts and its employees'.
        instruments: Names of instruments the file mentions.
    """

    detectors: tuple[Detector, ...]
    settings: Settings = field(default_factory=Settings)
    windows: tuple[Window, ...] = ()
    links: tuple[Link, ...] = ()
    instruments: tuple[str, ...] = ()

    def merger(self, directory: Directory) -> FactMerger:
        """What puts this configuration's dated facts into a tape of that directory."""
        return FactMerger(self.windows, self.links, directory)

    def unmatched(self, directory: Directory) -> list[str]:
        """A line for each instrument the file names that the tape does not have: perhaps misspelled."""
        known = {instrument.name for instrument in directory.instruments}
        return [
            f"instrument {name!r} of the configuration is not on the tape{nearest(name, known)}"
            for name in self.instruments
            if name not in known
        ]


def load_configuration(path: Path, detectors: Iterable[Detector]) -> Configuration:
    """The configuration in a file, for these detectors.

    Raises:
        ConfigurationError: Naming the file, and the key if one is wrong.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: {error}") from error
    return parse_configuration(str(path), text, detectors)


def parse_configuration(file: str, text: str, detectors: Iterable[Detector]) -> Configuration:
    """The configuration in a TOML text; ``file`` is what messages call it.

    Raises:
        ConfigurationError: As ``load_configuration`` does.
    """
    top = Section.of_text(file, text)
    known = {detector.id: detector for detector in detectors}
    top.section("server")  # for the server alone
    groups = _groups(top.section("groups"))
    lateness = top.duration("lateness", SECOND)
    table = top.section("detectors")
    running = _running(table, known)
    rules = {name: DetectorRules.read(section, known[name], groups) for name, section in _each(table, known)}
    windows = [window for section in top.sections("windows") for window in _windows(section, groups)]
    roles = [role for section in top.sections("roles") for role in _roles(section, groups)]
    links = [link for section in top.sections("links") for link in _links(section)]
    top.finish()
    windows += [role for role in roles if isinstance(role, Window)]
    named = {name for members in groups.values() for name in members}
    named.update(*(rule.by_instrument for rule in rules.values()))
    exceptions = {name: (rules[name].enabled, rules[name].exceptions(named, groups)) for name in running}
    return Configuration(
        detectors=tuple(known[name] for name in sorted(running) if exceptions[name] != (False, frozenset())),
        settings=replace(settings_of(rules, groups, named, lateness), exceptions=exceptions),
        windows=tuple(windows),
        links=(*links, *(role for role in roles if isinstance(role, Link))),
        instruments=tuple(sorted(named.union(*(window.instruments for window in windows)))),
    )


def _groups(section: Section) -> dict[str, tuple[str, ...]]:
    return {name: section.texts(name) for name in section.values}


def _running(table: Section, known: Mapping[str, Detector]) -> set[str]:
    """Ids of the detectors that the file does not leave out."""
    only = table.texts("only", sorted(known))
    for name in only:
        if name not in known:
            raise ConfigurationError(f"{table.place('only')}: no detector {name!r}{nearest(name, known)}")
    return set(only)


def _each(table: Section, known: Mapping[str, Detector]) -> Iterator[tuple[str, Section]]:
    """Every detector with its table, an empty one if the file does not mention it."""
    for name in table.values:
        if name != "only" and name not in known:
            raise ConfigurationError(f"{table.place(name)}: no such detector{nearest(name, known)}")
    for name in known:
        yield name, table.section(name)


def _instruments(section: Section, groups: Groups) -> tuple[str, ...]:
    """The instruments a table names, itself or by group; none means all."""
    names = list(section.texts("instruments", ()))
    for group in section.texts("groups", ()):
        if group not in groups:
            raise ConfigurationError(f"{section.place('groups')}: no group {group!r}{nearest(group, groups)}")
        names += groups[group]
    return tuple(dict.fromkeys(names))


def _windows(section: Section, groups: Groups) -> Iterator[Window]:
    kind = section.one_of("kind", _WINDOWS)
    first = section.instant("first")
    if first is None:
        raise section.refuse("first", "the date and time when the first one opens")
    length = section.duration("length")
    period = section.duration("every", 0)
    if period and period < length:
        raise section.refuse("every", "at least the window's length")
    yield Window(
        kind=kind,
        instruments=_instruments(section, groups),
        first=first,
        period=period,
        length=length,
        until=section.instant("until"),
    )


def _roles(section: Section, groups: Groups) -> Iterator[Window | Link]:
    kind = section.one_of("role", _ROLES)
    since = section.instant("from")
    accounts = section.texts("accounts")
    if kind is not None:
        for account in accounts:
            yield Link(kind=kind, account=account, other=None, confidence=1.0, since=since)
        return
    until, instruments = section.instant("until"), _instruments(section, groups)
    for account in accounts:
        yield Window(
            kind=WindowKind.MARKET_MAKER,
            instruments=instruments,
            first=since,
            period=0,
            length=FOREVER if until is None else until - (since or 0),
            until=until,
            account=account,
        )


def _links(section: Section) -> Iterator[Link]:
    kind, accounts = section.one_of("kind", _LINKS), section.texts("accounts")
    if len(accounts) < 2:
        raise section.refuse("accounts", "at least two accounts")
    confidence, since = section.share("confidence", 1.0), section.instant("from")
    for other in accounts[1:]:
        yield Link(kind=kind, account=accounts[0], other=other, confidence=confidence, since=since)
