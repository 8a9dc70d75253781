"""`Callers`: tells callers who they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import grpc

from tapewarden.domain.staff import Permission, Person
from tapewarden.server.handling import service_handler
from tapewarden.wire.v1 import access_pb2 as pb

Context: TypeAlias = grpc.aio.ServicerContext


class Callers:
    """The service ``Access``. ``caller`` says who makes a call, and raises where that is not known."""

    def __init__(self, caller: Callable[[Context], Person]) -> None:
        self._caller = caller

    def handler(self) -> grpc.GenericRpcHandler:
        """What a server needs."""
        return service_handler(pb.DESCRIPTOR.services_by_name["Access"], self)

    async def who_am_i(self, request: pb.WhoAmIRequest, context: Context) -> pb.Caller:
        """The caller; asking leaves no entry in the trail, for nothing is told of anybody else."""
        person = self._caller(context)
        allowed = sorted(one for one in Permission if person.may(one))
        return pb.Caller(name=person.name, roles=sorted(person.roles), permissions=allowed)
