"""What people add to a case: comments, and attachments with the hash of their bytes."""

from __future__ import annotations

from dataclasses import asdict
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import Row, insert, select

from tapewarden.cases.audit import Entry
from tapewarden.cases.store.rows import folded
from tapewarden.cases.store.schema import attachment_bytes, attachments, cases, comments
from tapewarden.cases.store.trail import Work, require_text
from tapewarden.domain.casework import Attachment, Comment
from tapewarden.domain.errors import InputError, NotFoundError, RefusedError

MAX_ATTACHMENT: Final = 16 * 2**20
"""Most bytes of an attachment."""


def add_comment(work: Work, case_id: int, text: str, by: str, at_ns: int) -> Comment:
    """Keep a comment."""
    require_case(work, case_id)
    require_text(text)
    if not text.strip():
        raise RefusedError(f"case {case_id}: a comment says something")
    columns = {"case_id": case_id, "at_ns": at_ns, "by": by, "text": text}
    stored = insert(comments).values(**columns, words=folded(text)).returning(comments.c.id)
    comment = Comment(work.connection.execute(stored).scalar_one(), case_id, at_ns, by, text)
    _tell(work, "case.comment", asdict(comment))
    return comment


def add_attachment(
    work: Work, case_id: int, name: str, media_type: str, content: bytes, by: str, at_ns: int
) -> Attachment:
    """Keep a file; its bytes stand in the database, its hash in the audit trail too."""
    require_case(work, case_id)
    require_text(name, media_type)
    if not name.strip() or len(content) > MAX_ATTACHMENT:
        raise RefusedError(f"case {case_id}: an attachment has a name and at most {MAX_ATTACHMENT} bytes")
    columns: dict[str, Any] = {
        "case_id": case_id,
        "at_ns": at_ns,
        "by": by,
        "name": name,
        "media_type": media_type,
        "size": len(content),
        "digest": sha256(content).hexdigest(),
    }
    stored = insert(attachments).values(**columns).returning(attachments.c.id)
    attachment = Attachment(work.connection.execute(stored).scalar_one(), **columns)
    work.connection.execute(insert(attachment_bytes).values(id=attachment.id, content=content))
    _tell(work, "case.attach", asdict(attachment))
    return attachment


def comments_of(work: Work, case_id: int) -> tuple[Comment, ...]:
    """The comments of a case, oldest first."""
    columns = (comments.c.id, comments.c.case_id, comments.c.at_ns, comments.c.by, comments.c.text)
    chosen = select(*columns).where(comments.c.case_id == case_id).order_by(comments.c.id)
    return tuple(Comment(*row) for row in work.connection.execute(chosen))


def attachments_of(work: Work, case_id: int) -> tuple[Attachment, ...]:
    """The attachments of a case without their bytes, oldest first."""
    chosen = select(attachments).where(attachments.c.case_id == case_id).order_by(attachments.c.id)
    return tuple(map(_attachment, work.connection.execute(chosen)))


def attached(work: Work, attachment_id: int) -> tuple[Attachment, bytes]:
    """An attachment and its bytes. ``InputError`` where these are not those that were attached."""
    joined = select(attachments, attachment_bytes.c.content).join(attachment_bytes)
    row = work.connection.execute(joined.where(attachments.c.id == attachment_id)).one_or_none()
    if row is None:
        raise NotFoundError(f"attachment {attachment_id}: there is none")
    found = sha256(row.content).hexdigest()
    if found != row.digest:
        raise InputError(f"attachment {attachment_id}", f"bytes with SHA-256 {row.digest}", found)
    return _attachment(row), row.content


def require_case(work: Work, case_id: int) -> None:
    """Raise ``NotFoundError`` unless there is such a case."""
    if work.connection.execute(select(cases.c.id).where(cases.c.id == case_id)).one_or_none() is None:
        raise NotFoundError(f"case {case_id}: there is none")


def _attachment(row: Row[Any]) -> Attachment:
    return Attachment(row.id, row.case_id, row.at_ns, row.by, row.name, row.media_type, row.size, row.digest)


def _tell(work: Work, action: str, new: dict[str, Any]) -> None:
    subject = f"case {new['case_id']}"
    work.tell(Entry(at_ns=new["at_ns"], actor=new["by"], action=action, subject=subject, new=new))
