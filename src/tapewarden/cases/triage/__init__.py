"""From signals to cases: which belong together, and which case to look at first."""

from tapewarden.cases.triage.grouping import GAP, Group, belongs, group, subject
from tapewarden.cases.triage.priority import Weights, materiality, noisy_or, precision, priority, repetition

__all__ = [
    "GAP",
    "Group",
    "Weights",
    "belongs",
    "group",
    "materiality",
    "noisy_or",
    "precision",
    "priority",
    "repetition",
    "subject",
]
