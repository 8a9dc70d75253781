"""`Models`: anomaly models by their bytes, and who said that one of them shall watch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import Row, insert, select, update

from tapewarden.cases.store.schema import model_bytes, models
from tapewarden.cases.store.staffing import Transact
from tapewarden.cases.store.trail import Work, require_text
from tapewarden.cases.workflow import require
from tapewarden.domain.errors import InputError, NotFoundError, RefusedError
from tapewarden.domain.promotion import Chosen, KeptModel, ModelState
from tapewarden.domain.staff import Permission, Person
from tapewarden.domain.trail import Entry

LARGEST: Final = 64 << 20
"""Bytes of a model."""

_DIGITS: Final = 32


class Models:
    """Models and where they stand. Methods take who asks and the time, and leave an entry in the trail.

    Nothing is deleted: a signal of years ago can be computed again by the model that brought it.
    """

    def __init__(self, transact: Transact) -> None:
        self._transact = transact

    def keep(self, name: str, card: str, content: bytes, by: Person, at_ns: int) -> KeptModel:
        """Keep a model; one that is there already is left as it is.

        Raises:
            RefusedError: It is larger than 64 MiB, or its name is longer than texts may be.
        """
        require(by, Permission.PROMOTE)
        require_text(name, card)
        if len(content) > LARGEST:
            raise RefusedError(f"a model has at most {LARGEST >> 20} MiB, received {len(content):,} bytes")
        model = KeptModel(
            id=sha256(content).hexdigest()[:_DIGITS],
            name=name,
            card=card,
            size=len(content),
            state=ModelState.KEPT,
            kept_by=by.name,
            kept_ns=at_ns,
        )
        return self._transact(lambda work: _keep(work, model, content))

    def propose(self, model_id: str, reason: str, by: Person, at_ns: int) -> KeptModel:
        """Propose a model; from now on it runs in the champion's shadow.

        Raises:
            NotFoundError: There is no such model.
            RefusedError: It is the champion or proposed already, or another one is proposed.
        """

        def propose(work: Work) -> KeptModel:
            model = _model(work, model_id)
            _require_state(model, ModelState.KEPT, ModelState.RETIRED)
            waiting = _in_state(work, ModelState.PROPOSED)
            if waiting is not None:
                raise RefusedError(f"model {waiting.id} is proposed already: promote or decline it first")
            changed = replace(model, state=ModelState.PROPOSED, proposed_by=by.name, proposed_ns=at_ns)
            return _change(work, model, changed, "propose", reason, by, at_ns)

        return self._decide(by, reason, propose)

    def promote(self, model_id: str, reason: str, by: Person, at_ns: int) -> KeptModel:
        """Make a proposed model the champion; the champion until now retires.

        Raises:
            NotFoundError: There is no such model.
            RefusedError: It is not proposed, or it was proposed by the same person.
        """

        def promote(work: Work) -> KeptModel:
            model = _model(work, model_id)
            _require_state(model, ModelState.PROPOSED)
            if model.proposed_by == by.name:
                raise RefusedError(f"model {model_id}: {by.name} proposed it, somebody else must promote it")
            before = _in_state(work, ModelState.CHAMPION)
            if before is not None:
                retired = replace(before, state=ModelState.RETIRED)
                _change(work, before, retired, "retire", f"model {model_id} follows", by, at_ns)
            changed = replace(model, state=ModelState.CHAMPION, promoted_by=by.name, promoted_ns=at_ns)
            return _change(work, model, changed, "promote", reason, by, at_ns)

        return self._decide(by, reason, promote)

    def decline(self, model_id: str, reason: str, by: Person, at_ns: int) -> KeptModel:
        """Let a proposed model be an ordinary one again; ``RefusedError`` if it is not proposed."""
        return self._leave(model_id, ModelState.PROPOSED, ModelState.KEPT, "decline", reason, by, at_ns)

    def retire(self, model_id: str, reason: str, by: Person, at_ns: int) -> KeptModel:
        """Let the champion watch no more, with none in its place; ``RefusedError`` if it is not."""
        return self._leave(model_id, ModelState.CHAMPION, ModelState.RETIRED, "retire", reason, by, at_ns)

    def all(self) -> tuple[KeptModel, ...]:
        """All models, the latest first. They tell of no case, so looking leaves no entry."""

        def read(work: Work) -> tuple[KeptModel, ...]:
            ordered = select(models).order_by(models.c.kept_ns.desc(), models.c.id)
            return tuple(_model_of(row) for row in work.connection.execute(ordered))

        return self._transact(read)

    def model(self, model_id: str) -> KeptModel:
        """One model; ``NotFoundError`` if there is none."""
        return self._transact(lambda work: _model(work, model_id))

    def chosen(self) -> Chosen:
        """Which model is the champion, and which one is proposed and runs in its shadow."""

        def read(work: Work) -> Chosen:
            found = [_in_state(work, state) for state in (ModelState.CHAMPION, ModelState.PROPOSED)]
            return Chosen(*(None if one is None else one.id for one in found))

        return self._transact(read)

    def content(self, model_id: str) -> bytes:
        """The bytes of a model.

        Raises:
            NotFoundError: There is no such model.
            InputError: Its bytes were altered since.
        """

        def read(work: Work) -> bytes:
            _model(work, model_id)
            wanted = select(model_bytes.c.content).where(model_bytes.c.id == model_id)
            return bytes(work.connection.execute(wanted).scalar_one())

        content = self._transact(read)
        found = sha256(content).hexdigest()[:_DIGITS]
        if found != model_id:
            raise InputError(f"model {model_id}", "the bytes of that hash", f"bytes of hash {found}")
        return content

    def _leave(
        self,
        model_id: str,
        before: ModelState,
        after: ModelState,
        action: str,
        reason: str,
        by: Person,
        at_ns: int,
    ) -> KeptModel:
        def leave(work: Work) -> KeptModel:
            model = _model(work, model_id)
            _require_state(model, before)
            return _change(work, model, replace(model, state=after), action, reason, by, at_ns)

        return self._decide(by, reason, leave)

    def _decide(self, by: Person, reason: str, body: Callable[[Work], KeptModel]) -> KeptModel:
        require(by, Permission.PROMOTE)
        if not reason.strip():
            raise RefusedError("say why")
        return self._transact(body)


def _keep(work: Work, model: KeptModel, content: bytes) -> KeptModel:
    row = work.connection.execute(select(models).where(models.c.id == model.id)).one_or_none()
    if row is not None:
        return _model_of(row)
    work.connection.execute(insert(models).values(**asdict(model)))
    work.connection.execute(insert(model_bytes).values(id=model.id, content=content))
    new: dict[str, Any] = {"name": model.name, "size": model.size}
    work.tell(
        Entry(
            at_ns=model.kept_ns,
            actor=model.kept_by,
            action="model.keep",
            subject=f"model {model.id}",
            new=new,
        )
    )
    return model


def _change(
    work: Work, old: KeptModel, new: KeptModel, action: str, reason: str, by: Person, at_ns: int
) -> KeptModel:
    work.connection.execute(update(models).where(models.c.id == old.id).values(**asdict(new)))
    work.tell(
        Entry(
            at_ns=at_ns,
            actor=by.name,
            action=f"model.{action}",
            subject=f"model {old.id}",
            old={"state": old.state.value},
            new={"state": new.state.value},
            reason=reason,
        )
    )
    return new


def _model(work: Work, model_id: str) -> KeptModel:
    row = work.connection.execute(select(models).where(models.c.id == model_id)).one_or_none()
    if row is None:
        raise NotFoundError(f"model {model_id}: there is none")
    return _model_of(row)


def _in_state(work: Work, state: ModelState) -> KeptModel | None:
    row = work.connection.execute(select(models).where(models.c.state == state)).one_or_none()
    return None if row is None else _model_of(row)


def _require_state(model: KeptModel, *states: ModelState) -> None:
    if model.state not in states:
        wanted = " or ".join(states)
        raise RefusedError(f"model {model.id}: expected one that is {wanted}, it is {model.state}")


def _model_of(row: Row[Any]) -> KeptModel:
    return KeptModel(**{**row._mapping, "state": ModelState(row.state)})
