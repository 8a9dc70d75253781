"""From signals to cases: which belong together, and which case to look at first."""

from tapewarden.cases.triage.grouping import GAP, Group, Subject, belongs, gravity, group, subject
from tapewarden.cases.triage.priority import (
    Weights,
    Witness,
    materiality,
    noisy_or,
    precision,
    repetition,
    weigh,
)

__all__ = [
    "GAP",
    "Group",
    "Subject",
    "Weights",
    "Witness",
    "belongs",
    "gravity",
    "group",
    "materiality",
    "noisy_or",
    "precision",
    "repetition",
    "subject",
    "weigh",
]
