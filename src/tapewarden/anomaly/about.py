"""What the models' detectors say about themselves, as every detector does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tapewarden.anomaly.alerting import DETECTORS, VERSION
from tapewarden.anomaly.collection import Subject
from tapewarden.domain.kinds import HOUR, Tier
from tapewarden.domain.typology import Family, Severity, Typology
from tapewarden.engine.meta import Meta, Triage

_OF_NEIGHBORS: Final = (
    "Ramaswamy, Rastogi and Shim (2000), Efficient algorithms for mining outliers from large data sets",
    "Gonzalez (1985), Clustering to minimize the maximum intercluster distance",
)
_OF_FORESTS: Final = (
    "Liu, Ting and Zhou (2008), Isolation Forest",
    "Lundberg, Erion and Lee (2018), Consistent individualized feature attribution for tree ensembles",
)

_BEHIND: Final = (
    "What is only a little beyond usual, while much is: alerts keep their budget on each instrument"
)

METAS: Final[Mapping[str, Meta]] = {
    meta.id: meta
    for meta in (
        Meta(
            id=DETECTORS[Subject.ACCOUNT],
            title="Unusual account window",
            typology=Typology.ANOMALY,
            family=Family.ANOMALY,
            severity=Severity.LOW,
            tier=Tier.T3,
            version=VERSION,
            summary=(
                "Compares what an account did in a second, ten seconds, up to an hour with the most similar "
                "that accounts did on days it learned from. It says unusual, never suspected."
            ),
            false_positives=(
                "A role of which training saw little: a new market maker, a large order being worked",
                "News, a listing or a broken program, which make many accounts act unusually at once",
            ),
            blind_spots=(
                "Abuse that is usual on this market, and many who do the same at once",
                "An account that did too little in the window for it to be judged",
                _BEHIND,
            ),
            triage=Triage(
                look_at=(
                    "Its orders and fills in this window, and what the price did a minute before and after",
                    "Whether rules name it too, and whether it did the same on other days",
                ),
                cleared_by=("A role or an event that explains it, and peers of that role who do the same",),
                then=("Close the case with that explanation, or look for the rule that describes it",),
            ),
            references=_OF_NEIGHBORS,
            lookback=HOUR,
        ),
        Meta(
            id=DETECTORS[Subject.INSTRUMENT],
            title="Unusual market window",
            typology=Typology.ANOMALY,
            family=Family.ANOMALY,
            severity=Severity.LOW,
            tier=Tier.T1,
            version=VERSION,
            summary=(
                "An isolation forest compares what happened on an instrument in a second, ten seconds, up to "
                "an hour with what happens on days it learned from. It names nobody."
            ),
            false_positives=(
                "News, a listing, liquidations after a move elsewhere",
                "Hours of the day, or days of the week, of which training saw none",
            ),
            blind_spots=("Abuse that moves neither price nor book more than usual", _BEHIND),
            triage=Triage(
                look_at=(
                    "The book and trades of this window: who traded most, who pulled most",
                    "Whether other instruments moved at the same time",
                ),
                cleared_by=("News, or the same on other instruments and venues",),
                then=("Close the case with that explanation, or look at who gained from the move",),
            ),
            references=_OF_FORESTS,
            lookback=HOUR,
        ),
    )
}
"""By the id of the detector."""
