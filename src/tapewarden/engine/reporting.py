"""From what fired to a signal: names instead of numbers, an id, the health of the data."""

from __future__ import annotations

from typing import NamedTuple

from tapewarden.domain.directory import Directory
from tapewarden.domain.signal import Evidence, Party, Signal, signal_id
from tapewarden.engine.acts import BLIND
from tapewarden.engine.contract import Detector, Finding
from tapewarden.engine.keys import Scope
from tapewarden.engine.ledger import Ledger
from tapewarden.engine.memory import Fired
from tapewarden.engine.tables import Tables


class Origin(NamedTuple):
    """Where the firing event stands in its source."""

    source: int
    epoch: int
    sequence: int


class Reporter:
    """Builds signals. Everything in them is the source's text or a fact of the tape, never a dense number."""

    def __init__(self, directory: Directory, ledger: Ledger) -> None:
        self._directory = directory
        self._ledger = ledger

    def signal(self, detector: Detector, fired: Fired, origin: Origin, tables: Tables) -> Signal:
        """The signal of a detector that fired. Cost: some tens of microseconds."""
        act = fired.act
        finding = detector.explain(act, fired.state, fired.parameters)
        accuses = detector.meta.accuses
        actors = self._actors(detector, fired, finding, tables) if accuses else ()
        actor = " + ".join(actors)
        instrument = self._directory.instruments[act.instrument - 1].name if act.instrument else ""
        source = self._directory.source_name(origin.source)
        span = (finding.since, act.ts, origin.epoch, origin.sequence)
        meta, parameters = detector.meta, fired.parameters_hash
        return Signal(
            id=signal_id(meta.id, meta.version, parameters, f"{actor}\x1e{source}", instrument, span),
            detector=meta.id,
            version=meta.version,
            parameters=parameters,
            typology=meta.typology.value,
            family=meta.family.value,
            severity=meta.severity.value,
            score=round(min(1.0, max(0.0, finding.score)), 6),
            instrument=instrument,
            actor=actor,
            parties=self._parties(fired, finding) if accuses else (),
            start_ns=finding.since,
            end_ns=act.ts,
            text=finding.text,
            reasons=finding.reasons,
            evidence=self._evidence(finding, source, origin),
            health=self._ledger.between(act.instrument, finding.since, act.ts, blind=bool(act.marks & BLIND)),
        )

    def _actors(self, detector: Detector, fired: Fired, finding: Finding, tables: Tables) -> tuple[str, ...]:
        key = int(fired.state.key)  # type: ignore[attr-defined]
        scope = detector.key.scope
        if scope is Scope.PAIRS:
            return (self.actor_name(int(tables.pairs[key]["actor"])),)
        if scope is Scope.COUPLES:
            couple = tables.couples[key]
            return tuple(sorted(self.actor_name(int(couple[name])) for name in ("first", "second")))
        if scope is Scope.ACTORS:
            return (self.actor_name(key),)
        return tuple(sorted({self.actor_name(actor) for actor in finding.actors}))

    def actor_name(self, actor: int) -> str:
        """The owner's name where it is known, otherwise the account's."""
        return self._directory.accounts[actor - 1].actor

    def _parties(self, fired: Fired, finding: Finding) -> tuple[Party, ...]:
        act = fired.act
        # The act that ends what somebody began may be a stranger's.
        takes_part = act.account != 0 and (not finding.actors or act.actor in finding.actors)
        numbers = [(act.account, "actor")] if takes_part else []
        numbers += [party for party in finding.parties if party[0]]
        named = {self._directory.accounts[number - 1].name: role for number, role in reversed(numbers)}
        return tuple(Party(name, role) for name, role in sorted(named.items()))

    def _evidence(self, finding: Finding, source: str, origin: Origin) -> Evidence:
        names = self._directory.order_names
        return Evidence(
            orders=tuple(names.text(number) for number in finding.orders),
            orders_total=max(finding.orders_total, len(finding.orders)),
            trades=tuple(names.text(number) for number in finding.trades),
            source=source,
            epoch=origin.epoch,
            sequence=origin.sequence,
        )
