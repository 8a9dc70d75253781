"""`Models`: which anomaly models judge, who decides so, and how they fare."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Final, TypeAlias

import grpc

from tapewarden.anomaly.collection import ModelCollection
from tapewarden.cases.store import Store
from tapewarden.cases.store.promoting import LARGEST
from tapewarden.cases.workflow import require
from tapewarden.domain.errors import FieldError, RefusedError
from tapewarden.domain.promotion import KeptModel
from tapewarden.domain.staff import Permission, Person
from tapewarden.live.pipeline import Pipeline
from tapewarden.server.following import Following
from tapewarden.server.handling import service_handler
from tapewarden.wire.models import model_message, status_message
from tapewarden.wire.v1 import models_pb2 as pb

Context: TypeAlias = grpc.aio.ServicerContext
Decide: TypeAlias = Callable[[str, str, Person, int], KeptModel]

_KEEPING: Final = 2  # files that are held in memory at once
_KEEP_S: Final = 120.0


class Models:
    """The service.

    Args:
        store: Where models are kept.
        pipeline: Where they judge.
        following: Lets those judge that were chosen.
        clock: The time, ns UTC.
        caller: Who makes a call; raises where that is not known.
    """

    def __init__(
        self,
        store: Store,
        pipeline: Pipeline,
        following: Following,
        clock: Callable[[], int],
        caller: Callable[[Context], Person],
    ) -> None:
        self._models = store.models
        self._pipeline = pipeline
        self._following = following
        self._clock = clock
        self._caller = caller
        self._keeping = asyncio.Semaphore(_KEEPING)

    def handler(self) -> grpc.GenericRpcHandler:
        """What a server needs."""
        return service_handler(pb.DESCRIPTOR.services_by_name["Models"], self)

    async def list_models(self, request: pb.ListModelsRequest, context: Context) -> pb.ListModelsResponse:
        """All models, without their cards."""
        self._may_look(context)
        found = await asyncio.to_thread(self._models.all)
        return pb.ListModelsResponse(models=[model_message(replace(one, card="")) for one in found])

    async def get_model(self, request: pb.GetModelRequest, context: Context) -> pb.Model:
        """A model with its card."""
        self._may_look(context)
        return model_message(await asyncio.to_thread(self._models.model, request.id))

    async def keep_model(self, requests: AsyncIterator[pb.KeepModelRequest], context: Context) -> pb.Model:
        """Keep a file that comes in pieces, if it can be used."""
        caller = self._may_promote(context)
        async with self._keeping:
            try:
                async with asyncio.timeout(_KEEP_S):
                    name, content = await _received(requests)
            except TimeoutError:
                raise RefusedError(f"a model comes within {_KEEP_S:.0f} seconds") from None
            kept = await asyncio.to_thread(self._keep, name, content, caller)
        return model_message(kept)

    async def propose(self, request: pb.ModelDecision, context: Context) -> pb.Model:
        """Propose a model that can be used."""
        caller = self._may_promote(context)
        await asyncio.to_thread(self._pipeline.shelf.model, request.id)
        return await self._decided(self._models.propose, request, caller)

    async def promote(self, request: pb.ModelDecision, context: Context) -> pb.Model:
        """Make a proposed model that can be used the champion."""
        caller = self._may_promote(context)
        await asyncio.to_thread(self._pipeline.shelf.model, request.id)
        return await self._decided(self._models.promote, request, caller)

    async def decline(self, request: pb.ModelDecision, context: Context) -> pb.Model:
        """Let a proposed model be an ordinary one again."""
        return await self._decided(self._models.decline, request, self._may_promote(context))

    async def retire(self, request: pb.ModelDecision, context: Context) -> pb.Model:
        """Let the champion judge no more."""
        return await self._decided(self._models.retire, request, self._may_promote(context))

    async def get_status(self, request: pb.GetModelsStatusRequest, context: Context) -> pb.ModelsStatus:
        """How the models that judge fare."""
        self._may_look(context)
        return status_message(await asyncio.wrap_future(self._pipeline.models_status()))

    async def _decided(self, decide: Decide, request: pb.ModelDecision, caller: Person) -> pb.Model:
        decided = await asyncio.to_thread(decide, request.id, request.reason, caller, self._clock())
        await self._following.look()
        return model_message(decided)

    def _keep(self, name: str, content: bytes, caller: Person) -> KeptModel:
        models = ModelCollection.of(content, f"model {name!r}")
        return self._models.keep(name, models.card, content, caller, self._clock())

    def _may_look(self, context: Context) -> None:
        person = self._caller(context)
        if not person.may(Permission.PROMOTE):
            require(person, Permission.READ)

    def _may_promote(self, context: Context) -> Person:
        """Before anything is looked up: whoever may not decide learns nothing of models by trying."""
        person = self._caller(context)
        require(person, Permission.PROMOTE)
        return person


async def _received(requests: AsyncIterator[pb.KeepModelRequest]) -> tuple[str, bytes]:
    """The name and the bytes of a file; no more of them are kept than a model may have."""
    name: str | None = None
    content = bytearray()
    async for request in requests:
        if (name is None) != (request.WhichOneof("part") == "name"):
            raise FieldError("part", "a name, then content", "something else")
        if name is None:
            name = request.name
        content += request.content
        if len(content) > LARGEST:
            raise RefusedError(f"a model has at most {LARGEST >> 20} MiB")
    if name is None:
        raise FieldError("part", "a name, then content", "nothing")
    return name, bytes(content)
