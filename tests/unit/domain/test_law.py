import tomllib
from importlib.resources import files

import pytest

from tapewarden.domain.law import REGIME_FILES, Regime, legal_basis, regimes
from tapewarden.domain.typology import Typology

each_regime = pytest.mark.parametrize("regime", regimes(), ids=lambda regime: regime.name)


@each_regime
@pytest.mark.parametrize("typology", Typology)
def test_each_typology_has_provisions_or_a_reason_for_none(regime: Regime, typology: Typology) -> None:
    assert bool(regime.provisions.get(typology)) != bool(regime.without.get(typology))


@pytest.mark.parametrize("name", REGIME_FILES)
def test_each_provision_is_used_and_explained(name: str) -> None:
    table = tomllib.loads((files("tapewarden.domain.law") / name).read_text())
    used = {place for places in table["typologies"].values() for place in places}
    assert used == set(table["provisions"])


def test_legal_basis_spans_the_regimes() -> None:
    names = [str(provision) for provision in legal_basis(Typology.SPOOFING)]
    assert {"MiCA Art. 91(3)(b)(iii)", "MAR Annex II 5(e)", "US CEA 4c(a)(5)(C)"} <= set(names)


@pytest.mark.parametrize("typology", [Typology.PRICE_MOVE, Typology.PULLED_WALL, Typology.ANOMALY])
def test_what_accuses_nobody_has_no_legal_basis(typology: Typology) -> None:
    assert legal_basis(typology) == ()
