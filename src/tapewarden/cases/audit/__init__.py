"""A trail that shows when it was altered: hash-chained entries, signed heads, offline verification."""

from tapewarden.cases.audit.chain import GENESIS, link
from tapewarden.cases.audit.export import head_line, write_trail
from tapewarden.cases.audit.heads import SignedHead, read_private_key, read_public_key, sign
from tapewarden.cases.audit.verification import Fault, FaultKind, Verdict, heads_in, verify
from tapewarden.domain.trail import Entry, Link, Value

__all__ = [
    "GENESIS",
    "Entry",
    "Fault",
    "FaultKind",
    "Link",
    "SignedHead",
    "Value",
    "Verdict",
    "head_line",
    "heads_in",
    "link",
    "read_private_key",
    "read_public_key",
    "sign",
    "verify",
    "write_trail",
]
