"""Servers in a process of their own, so that a client does not share their interpreter lock.

``python -m benchmarks.servers NAME ARGUMENT...`` serves on free ports, prints them, and ends with its input.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from time import monotonic, process_time
from typing import Any, Final
from zlib import crc32

import grpc
import msgspec

from benchmarks.apart import variables_of_child
from benchmarks.figures import NotMeasuredError
from benchmarks.wire import SOURCE, batch_of
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.live.detection import Detected
from tapewarden.server.announcing import Announcements
from tapewarden.server.running import run, spare_lasting_objects
from tapewarden.wire.decoding import decode
from tapewarden.wire.numbering import Numbering
from tapewarden.wire.v1 import ingest_pb2

SERVICE: Final = "bench.Rows"
LARGEST: Final = 16 * 2**20


class Read(msgspec.Struct):
    """What a server made of a stream: its CPU seconds, how many events, and a checksum of them."""

    seconds: float
    events: int
    checksum: int


@contextmanager
def serving(name: str, *arguments: object) -> Iterator[tuple[str, ...]]:
    """The addresses of a server of this module; ``NotMeasuredError`` if it does not start."""
    command = [sys.executable, "-m", __name__, name, *map(str, arguments)]
    with subprocess.Popen(
        command,
        env=variables_of_child(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        ports = process.stdout.readline().split()
        if not ports or not all(port.isdecimal() for port in ports):
            lines = process.stderr.read().strip().splitlines() or ["no reason given"]
            raise NotMeasuredError(f"server {name}: {lines[-1]}")
        try:
            yield tuple(f"127.0.0.1:{port}" for port in ports)
        finally:
            process.stdin.close()


# --- in the other process ---------------------------------------------------------------------------------


async def rows() -> None:
    """Serve streams of rows made into columns: by the compiled decoder, and by the generated classes."""
    handlers = {
        "compiled": grpc.stream_unary_rpc_method_handler(_reading(_compiled())),
        "generated": grpc.stream_unary_rpc_method_handler(
            _reading(batch_of), request_deserializer=ingest_pb2.EventBatch.FromString
        ),
    }
    server = grpc.aio.server(options=(("grpc.max_receive_message_length", LARGEST),))
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, handlers),))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    await _until_input_ends(port)
    await server.stop(None)


async def whole(folder: str) -> None:
    """Serve as `tapewarden serve` does, with all built-in detectors, and tell when the rules saw what."""
    import structlog

    from tapewarden.cli.warmup import compile_all
    from tapewarden.engine.registry import built_in_detectors
    from tapewarden.runtime.configuration import Configuration
    from tapewarden.server.serving import Plan, Server

    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())  # signals are not what is measured
    configuration = Configuration(detectors=built_in_detectors())
    for _ in compile_all(configuration.detectors):
        pass
    plan = Plan(folder=Path(folder), configuration=configuration, listen="127.0.0.1:0")
    async with Server(plan) as server, _telling(server.seen) as port:
        spare_lasting_objects()
        await _until_input_ends(server.port, port)


@asynccontextmanager
async def _telling(seen: Announcements[Detected]) -> AsyncIterator[int]:
    """The port of a service that tells how many events the rules had seen in all, and when."""
    times: list[tuple[int, float]] = []

    async def note() -> None:
        events = 0
        with seen.listening() as listener:
            while True:
                frames = await listener.take(1.0)
                events += sum(len(one.work.events) for one in frames)
                times.append((events, monotonic()))

    async def tell(request: bytes, context: grpc.aio.ServicerContext) -> bytes:
        return msgspec.json.encode(times)

    noting = asyncio.create_task(note())
    server = grpc.aio.server(options=(("grpc.max_send_message_length", LARGEST),))
    handlers = {"seen": grpc.unary_unary_rpc_method_handler(tell)}
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, handlers),))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    yield port
    await server.stop(None)
    noting.cancel()


def _compiled() -> Callable[[bytes], EventBatch]:
    numbering = Numbering(Directory(), SOURCE)
    return lambda data: numbering.take(decode(data)).events


def _reading(read: Callable[[Any], EventBatch]) -> Callable[..., Any]:
    async def handle(requests: AsyncIterator[Any], context: grpc.aio.ServicerContext) -> bytes:
        start = process_time()
        batches = [read(request) async for request in requests]
        seconds = process_time() - start
        checksum = 0
        for batch in batches:
            for _, column in batch.columns():
                checksum = crc32(column.tobytes(), checksum)
        return msgspec.json.encode(Read(seconds, sum(map(len, batches)), checksum))

    return handle


async def _until_input_ends(*ports: int) -> None:
    print(*ports, flush=True)
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    servers: dict[str, Callable[..., Coroutine[Any, Any, None]]] = {"rows": rows, "whole": whole}
    run(servers[sys.argv[1]](*sys.argv[2:]))
