"""Where `tapewarden model` finds kept models: at a server, or in its database, running or not."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from time import time_ns
from typing import TYPE_CHECKING, Annotated, Any, Concatenate, ParamSpec, Protocol

import typer

from tapewarden.cli.connecting import (
    Authority,
    Certificate,
    Key,
    Person,
    Tls,
    TokenFile,
    connection_of,
)
from tapewarden.cli.data import DATA, Data
from tapewarden.cli.database import By, Database, administrator, opened
from tapewarden.cli.working import calling
from tapewarden.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from tapewarden.cases.store import Store
    from tapewarden.domain.drift import ModelsStatus
    from tapewarden.domain.promotion import KeptModel
    from tapewarden.domain.staff import Person as Somebody

Given = ParamSpec("Given")

ServerOrNone = Annotated[
    str | None,
    typer.Option(
        "--server",
        metavar="ADDR",
        envvar="TAPEWARDEN_SERVER",
        help="Ask the server that listens there; not given: work in the database.",
    ),
]


class KeptModels(Protocol):
    """What can be done with kept models; ``ModelsClient`` is one."""

    async def all(self) -> tuple[KeptModel, ...]:
        """All models, the latest first."""

    async def keep(self, name: str, content: bytes) -> KeptModel:
        """Keep the bytes of a file of models."""

    async def propose(self, model_id: str, reason: str) -> KeptModel:
        """Let a model judge in the champion's shadow."""

    async def promote(self, model_id: str, reason: str) -> KeptModel:
        """Make a model that somebody else proposed the champion."""

    async def decline(self, model_id: str, reason: str) -> KeptModel:
        """Let a proposed model be an ordinary one again."""

    async def retire(self, model_id: str, reason: str) -> KeptModel:
        """Let the champion judge no more."""

    async def status(self) -> ModelsStatus:
        """How the models that judge fare."""


class DatabaseModels:
    """Kept models in the database of a server, for who may write there."""

    def __init__(self, store: Store, by: Somebody) -> None:
        self._models = store.models
        self._by = by

    async def all(self) -> tuple[KeptModel, ...]:
        """See ``KeptModels``."""
        return self._models.all()

    async def keep(self, name: str, content: bytes) -> KeptModel:
        """See ``KeptModels``."""
        from tapewarden.anomaly.collection import ModelCollection

        card = ModelCollection.of(content, f"model {name!r}").card
        return self._models.keep(name, card, content, self._by, time_ns())

    async def propose(self, model_id: str, reason: str) -> KeptModel:
        """See ``KeptModels``; ``ModelError`` where it cannot be used."""
        self._require_usable(model_id)
        return self._models.propose(model_id, reason, self._by, time_ns())

    async def promote(self, model_id: str, reason: str) -> KeptModel:
        """See ``KeptModels``; ``ModelError`` where it cannot be used."""
        self._require_usable(model_id)
        return self._models.promote(model_id, reason, self._by, time_ns())

    async def decline(self, model_id: str, reason: str) -> KeptModel:
        """See ``KeptModels``."""
        return self._models.decline(model_id, reason, self._by, time_ns())

    async def retire(self, model_id: str, reason: str) -> KeptModel:
        """See ``KeptModels``."""
        return self._models.retire(model_id, reason, self._by, time_ns())

    async def status(self) -> ModelsStatus:
        """Raises ``ConfigurationError``: a database does not know."""
        raise ConfigurationError("how models fare is known to a running server: --server ADDR asks one")

    def _require_usable(self, model_id: str) -> None:
        from tapewarden.anomaly.collection import ModelCollection

        ModelCollection.of(self._models.content(model_id), f"model {model_id}")


def governing(command: Callable[Concatenate[KeptModels, Given], Awaitable[None]]) -> Callable[..., None]:
    """A command of the terminal from a coroutine function that takes kept models first.

    They are those of ``--server`` where one is given, otherwise those of the database.
    """
    return calling(command, "KeptModels", _opening)


def _opening(  # noqa: PLR0913, PLR0917 - how to reach a server or a database is told by options
    server: ServerOrNone = None,
    person: Person = None,
    token_file: TokenFile = None,
    tls: Tls = False,
    authority: Authority = None,
    certificate: Certificate = None,
    key: Key = None,
    data: Data = DATA,
    database: Database = None,
    by: By = None,
) -> AbstractAsyncContextManager[Any]:
    if server is None:
        return _in_database(data, database, by or person)
    if by is not None:
        raise ConfigurationError("--by says who works in the database; with --server, --as does")
    from tapewarden.client import ModelsClient

    connection = connection_of(
        server, token_file, person=person, tls=tls, authority=authority, certificate=certificate, key=key
    )
    return ModelsClient(connection)


@asynccontextmanager
async def _in_database(data: Data, database: Database, by: By) -> AsyncIterator[DatabaseModels]:
    with opened(data, database) as store:
        yield DatabaseModels(store, administrator(by))
