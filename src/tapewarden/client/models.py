"""`ModelsClient`: which anomaly models judge on a server, and how they fare, in nouns of the domain."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Final, Self

from tapewarden.client.connection import Connection, answering
from tapewarden.domain.drift import ModelsStatus
from tapewarden.domain.promotion import KeptModel
from tapewarden.wire import models
from tapewarden.wire.v1 import models_pb2 as pb
from tapewarden.wire.v1.models_pb2_grpc import ModelsStub

ANSWER_S: Final = 60.0
"""How long a server may take to answer, seconds; to take a file it has no limit."""

_PIECE: Final = 256 * 2**10


class ModelsClient:
    """Calls to a server: ``async with ModelsClient(connection) as models``.

    Methods raise the errors of the domain: ``NotFoundError``, ``RefusedError`` where the caller's role, the
    state of the model or the rule of four eyes forbids it, ``ServerError`` where the model cannot be used.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def __aenter__(self) -> Self:
        self._channel = self._connection.channel()
        self._stub: Any = ModelsStub(self._channel)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._channel.close()

    async def all(self) -> tuple[KeptModel, ...]:
        """All models, the latest first, without their cards."""
        answer = await self._ask(self._stub.ListModels, pb.ListModelsRequest())
        return tuple(map(models.model_of, answer.models))

    async def model(self, model_id: str) -> KeptModel:
        """A model with its card."""
        return models.model_of(await self._ask(self._stub.GetModel, pb.GetModelRequest(id=model_id)))

    async def keep(self, name: str, content: bytes) -> KeptModel:
        """Keep the bytes of a file of models for good."""
        pieces = (content[start : start + _PIECE] for start in range(0, len(content), _PIECE))
        requests = [pb.KeepModelRequest(name=name), *(pb.KeepModelRequest(content=one) for one in pieces)]
        return models.model_of(await self._ask(self._stub.KeepModel, iter(requests), None))

    async def propose(self, model_id: str, reason: str) -> KeptModel:
        """Let a model judge in the champion's shadow."""
        return await self._decide(self._stub.Propose, model_id, reason)

    async def promote(self, model_id: str, reason: str) -> KeptModel:
        """Make a model that somebody else proposed the champion."""
        return await self._decide(self._stub.Promote, model_id, reason)

    async def decline(self, model_id: str, reason: str) -> KeptModel:
        """Let a proposed model be an ordinary one again."""
        return await self._decide(self._stub.Decline, model_id, reason)

    async def retire(self, model_id: str, reason: str) -> KeptModel:
        """Let the champion judge no more, with none in its place."""
        return await self._decide(self._stub.Retire, model_id, reason)

    async def status(self) -> ModelsStatus:
        """How the models that judge fare."""
        return models.status_of(await self._ask(self._stub.GetStatus, pb.GetModelsStatusRequest()))

    async def _decide(self, method: Any, model_id: str, reason: str) -> KeptModel:  # noqa: ANN401
        return models.model_of(await self._ask(method, pb.ModelDecision(id=model_id, reason=reason)))

    async def _ask(self, method: Any, request: Any, seconds: float | None = ANSWER_S) -> Any:  # noqa: ANN401
        with answering(self._connection.address):
            return await method(request, timeout=seconds, metadata=self._connection.metadata)
