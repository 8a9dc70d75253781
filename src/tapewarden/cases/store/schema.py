"""Tables of the store. Times are nanoseconds UTC; ``words`` are folded for search; rows are never deleted.

The lines of signals and the bytes of attachments stand apart from what is searched: a search reads little.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

METADATA: Final = MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"}
)

cases: Final = Table(
    "cases",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("actor", Text, nullable=False),
    Column("instrument", Text, nullable=False),
    Column("family", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("priority", Double, nullable=False),
    Column("start_ns", BigInteger, nullable=False),
    Column("end_ns", BigInteger, nullable=False),
    Column("opened_ns", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("assignee", Text),
    Column("suspicion_formed_ns", BigInteger),
    Column("proposed", Text),  # JSON of a Closing
    Column("closing", Text),  # JSON of a Closing
    Column("disposition", Text),
    Column("amount", Double),
    Column("words", Text, nullable=False),
    Index(None, "actor", "instrument", "family"),
    Index(None, "state", "priority"),
    Index(None, "priority"),
    Index(None, "assignee"),
    Index(None, "amount"),
)

suppressions: Final = Table(
    "suppressions",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("detector", Text),
    Column("actor", Text),
    Column("instrument", Text),
    Column("family", Text),
    Column("from_ns", BigInteger, nullable=False),
    Column("until_ns", BigInteger, nullable=False),
    Column("by", Text, nullable=False),
    Column("reason", Text, nullable=False),
)

signals: Final = Table(
    "signals",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("detector", Text, nullable=False),
    Column("family", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("severity_rank", Integer, nullable=False, server_default="0"),
    Column("score", Double, nullable=False),
    Column("instrument", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("start_ns", BigInteger, nullable=False),
    Column("end_ns", BigInteger, nullable=False),
    Column("amount", Double),
    Column("case_id", Integer, ForeignKey(cases.c.id)),
    Column("suppression_id", Integer, ForeignKey(suppressions.c.id)),
    Column("words", Text, nullable=False),
    Index(None, "end_ns", "id"),
    Index(None, "score", "end_ns", "id"),
    Index(None, "severity_rank", "score", "end_ns", "id"),
    Index(None, "case_id"),
    Index(None, "actor", "end_ns"),
    Index(None, "instrument", "end_ns"),
    Index(None, "detector", "end_ns"),
)

signal_lines: Final = Table(
    "signal_lines",
    METADATA,
    Column("id", Text, ForeignKey(signals.c.id), primary_key=True),
    Column("line", Text, nullable=False),
)

arrivals: Final = Table(
    "arrivals",
    METADATA,
    Column("id", Text, ForeignKey(signals.c.id), primary_key=True),
    Column("frame", BigInteger, nullable=False),
    Column("detected_ns", BigInteger, nullable=False),
)

comments: Final = Table(
    "comments",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("case_id", Integer, ForeignKey(cases.c.id), nullable=False, index=True),
    Column("at_ns", BigInteger, nullable=False),
    Column("by", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("words", Text, nullable=False),
)

attachments: Final = Table(
    "attachments",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("case_id", Integer, ForeignKey(cases.c.id), nullable=False, index=True),
    Column("at_ns", BigInteger, nullable=False),
    Column("by", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("digest", Text, nullable=False),
)

attachment_bytes: Final = Table(
    "attachment_bytes",
    METADATA,
    Column("id", Integer, ForeignKey(attachments.c.id), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

audit: Final = Table(
    "audit",
    METADATA,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("at_ns", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("old", Text),  # JSON
    Column("new", Text),  # JSON
    Column("reason", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Index(None, "subject"),
    Index(None, "actor"),
)

audit_heads: Final = Table(
    "audit_heads",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("number", BigInteger, nullable=False, index=True),
    Column("digest", Text, nullable=False),
    Column("at_ns", BigInteger, nullable=False),
    Column("signature", Text, nullable=False),
)

audit_tail: Final = Table(  # one row: where the chain ends. Whoever writes holds it.
    "audit_tail",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("digest", LargeBinary, nullable=False),
)

people: Final = Table(
    "people",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("roles", Text, nullable=False),  # JSON, in order
)

tokens: Final = Table(
    "tokens",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("person", Text, ForeignKey(people.c.name), nullable=False, index=True),
    Column("note", Text, nullable=False),
    Column("source", Text),
    Column("created_ns", BigInteger, nullable=False),
    Column("expires_ns", BigInteger, nullable=False),
    Column("revoked_ns", BigInteger),
    Column("digest", LargeBinary, nullable=False),  # SHA-256 of the secret
)

models: Final = Table(
    "models",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("card", Text, nullable=False),  # JSON
    Column("size", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("kept_by", Text, nullable=False),
    Column("kept_ns", BigInteger, nullable=False),
    Column("proposed_by", Text),
    Column("proposed_ns", BigInteger),
    Column("promoted_by", Text),
    Column("promoted_ns", BigInteger),
)

model_bytes: Final = Table(
    "model_bytes",
    METADATA,
    Column("id", Text, ForeignKey(models.c.id), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
