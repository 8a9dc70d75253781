"""The legal basis of each typology, in one file per regime beside this one. Naming aids, not legal advice."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from tapewarden.domain.typology import Typology

REGIME_FILES: Final = ("mica.toml", "mar.toml", "us.toml")


@dataclass(frozen=True, slots=True)
class Provision:
    """A place in a regime's text and what it says, in short."""

    regime: str
    place: str
    says: str

    def __str__(self) -> str:
        return f"{self.regime} {self.place}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Regime:
    """A body of law: its provisions by typology, and why some typologies have none."""

    name: str
    title: str
    applies_to: str
    provisions: Mapping[Typology, tuple[Provision, ...]]
    without: Mapping[Typology, str]


@cache
def regimes() -> tuple[Regime, ...]:
    """All regimes, in the order in which they are shown."""
    return tuple(_read(name) for name in REGIME_FILES)


def legal_basis(typology: Typology) -> tuple[Provision, ...]:
    """The provisions a typology may fall under, in all regimes; empty for one that accuses nobody."""
    return tuple(provision for regime in regimes() for provision in regime.provisions.get(typology, ()))


def _read(name: str) -> Regime:
    table = tomllib.loads((files(__name__) / name).read_text(encoding="utf-8"))
    says = table["provisions"]
    return Regime(
        name=table["name"],
        title=table["title"],
        applies_to=table["applies_to"],
        provisions={
            Typology(typology): tuple(Provision(table["name"], place, says[place]) for place in places)
            for typology, places in table["typologies"].items()
        },
        without={Typology(typology): reason for typology, reason in table["none"].items()},
    )
