"""A trail as text: one line of canonical JSON per entry and per signed head.

An entry's line is ``{"digest":…,"entry":{…}}``, a head's ``{"head":{…},"signature":…}``, each behind the
entry it names. The last line is the head of the whole, so that a trail that was cut short lacks it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from heapq import merge
from operator import itemgetter

from tapewarden.cases.audit.canonical import canonical
from tapewarden.cases.audit.chain import numbered
from tapewarden.cases.audit.heads import SignedHead
from tapewarden.domain.trail import Link


def write_trail(links: Iterable[Link], heads: Iterable[SignedHead]) -> Iterator[str]:
    """The lines of a trail, each with its newline; ``heads`` are in order of their numbers."""
    entries = ((link.number, entry_line(link)) for link in links)
    signed = ((head.number, head_line(head)) for head in heads)
    for _, line in merge(entries, signed, key=itemgetter(0)):  # of equal numbers, the entry comes first
        yield line


def entry_line(link: Link) -> str:
    """The line of an entry."""
    entry = numbered(link.number, link.entry)
    return canonical({"digest": link.digest.hex(), "entry": entry}) + "\n"


def head_line(head: SignedHead) -> str:
    """The line of a signed head."""
    fields = asdict(head)
    signature = fields.pop("signature")
    return canonical({"head": fields, "signature": signature}) + "\n"
