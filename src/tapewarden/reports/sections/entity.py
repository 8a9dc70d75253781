"""Section 1: who submits."""

from __future__ import annotations

from typing import Final

from tapewarden.reports.content import Report
from tapewarden.reports.document import Block, Fields

NOT_STATED: Final = "NA – not stated in the configuration of the system"

_FIELDS: Final = (
    ("person", "Person in charge of the submission"),
    ("position", "Position within the entity"),
    ("name", "Name of the entity"),
    ("legal_form", "Legal form"),
    ("lei", "Legal Entity Identifier (LEI)"),
    ("address", "Address"),
    ("capacity", "Acting capacity"),
    ("activity", "Type of trading activity"),
    ("relationship", "Relationship with the persons reported"),
    ("contact", "Contact for further requests"),
)


def blocks(report: Report) -> list[Block]:
    """What the operator said of themselves."""
    return [
        Fields(tuple((title, getattr(report.entity, name) or NOT_STATED) for name, title in _FIELDS)),
    ]
