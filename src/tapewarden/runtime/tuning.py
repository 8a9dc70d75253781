"""What a configuration says of single detectors: parameters, and where they are enabled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any, NamedTuple

from tapewarden.domain.errors import ConfigurationError
from tapewarden.engine.contract import Detector
from tapewarden.engine.parameters import nearest, parameters_of, set_parameters
from tapewarden.engine.settings import Settings
from tapewarden.runtime.sections import Section

Groups = Mapping[str, tuple[str, ...]]
"""Instruments by the name of their group."""


class Layer(NamedTuple):
    """What the file says of a detector on some instruments, and where it says so."""

    place: str
    values: Mapping[str, object]
    enabled: bool | None


@dataclass(frozen=True, slots=True)
class DetectorRules:
    """What the file says of one detector: parameters for all instruments, for groups, for single ones."""

    detector: Detector
    enabled: bool
    base: Any
    by_group: Mapping[str, Layer]
    by_instrument: Mapping[str, Layer]

    @staticmethod
    def read(section: Section, detector: Detector, groups: Groups) -> DetectorRules:
        """From the detector's table; every table below it is checked by itself."""
        enabled = section.flag("enabled", default=True)
        by_group, by_instrument = section.section("groups"), section.section("instruments")
        base = set_parameters(
            section.place("")[:-1], detector.params(), _values(section, detector, section.rest())
        )
        for name in by_group.values:
            if name not in groups:
                raise ConfigurationError(f"{by_group.place(name)}: no such group{nearest(name, groups)}")
        rules = DetectorRules(
            detector, enabled, base, _overrides(by_group, detector), _overrides(by_instrument, detector)
        )
        for layer in (*rules.by_group.values(), *rules.by_instrument.values()):
            set_parameters(layer.place, base, layer.values)
        return rules

    def parameters(self, instrument: str, groups: Groups) -> object:
        """For one instrument: its own beat its groups', a later group's an earlier one's."""
        layers = self._layers(instrument, groups)
        return reduce(lambda base, layer: set_parameters(layer.place, base, layer.values), layers, self.base)

    def exceptions(self, instruments: Iterable[str], groups: Groups) -> frozenset[str]:
        """The instruments where the detector is enabled although it is not in general, or the reverse."""
        return frozenset(name for name in instruments if self._enabled(name, groups) != self.enabled)

    def _enabled(self, instrument: str, groups: Groups) -> bool:
        said = [layer.enabled for layer in self._layers(instrument, groups) if layer.enabled is not None]
        return said[-1] if said else self.enabled

    def _layers(self, instrument: str, groups: Groups) -> list[Layer]:
        layers = [layer for name, layer in self.by_group.items() if instrument in groups[name]]
        return layers + [layer for name, layer in self.by_instrument.items() if name == instrument]


def settings_of(
    rules: Mapping[str, DetectorRules], groups: Groups, instruments: Iterable[str], lateness: int
) -> Settings:
    """Profile 0 is every instrument's; instruments with the same other parameters share a profile."""
    profiles = [tuple(rule.base for rule in rules.values())]
    of_instrument: dict[str, int] = {}
    for instrument in sorted(instruments):
        profile = tuple(rule.parameters(instrument, groups) for rule in rules.values())
        if profile not in profiles:
            profiles.append(profile)
        if profiles.index(profile):
            of_instrument[instrument] = profiles.index(profile)
    columns = zip(*profiles, strict=True)
    return Settings(
        parameters=dict(zip(rules, columns, strict=True)),
        profiles=of_instrument,
        profile_count=len(profiles),
        lateness=lateness,
    )


def _overrides(section: Section, detector: Detector) -> dict[str, Layer]:
    """The tables below one, by their names."""
    found = {}
    for name in section.values:
        below = section.section(name)
        enabled = below.flag("enabled", default=True) if "enabled" in below.values else None
        values = _values(below, detector, below.rest())
        found[name] = Layer(f"{below.file}, {below.key}", values, enabled)
    return found


def _values(section: Section, detector: Detector, values: Mapping[str, Any]) -> dict[str, object]:
    """Parameters as written, durations turned into nanoseconds."""
    durations = {parameter.name for parameter in parameters_of(detector.params) if parameter.unit == "ns"}
    return {name: section.duration(name) if name in durations else value for name, value in values.items()}
