"""Typed clients of a tapewarden server: nouns of the domain in and out, no protobuf."""

from tapewarden.client.cases import CasesClient, Changed, Verification
from tapewarden.client.connection import DEFAULT_ADDRESS, Connection, TlsFiles, answering
from tapewarden.client.delivery import Reject
from tapewarden.client.ingest import resume
from tapewarden.client.outbox import Batching
from tapewarden.client.publisher import Publisher
from tapewarden.client.simulation import SimulationClient
from tapewarden.client.surveillance import (
    Arrived,
    Derivation,
    Print,
    SurveillanceClient,
    TapeNews,
)
from tapewarden.client.window import Delivered

__all__ = [
    "DEFAULT_ADDRESS",
    "Arrived",
    "Batching",
    "CasesClient",
    "Changed",
    "Connection",
    "Delivered",
    "Derivation",
    "Print",
    "Publisher",
    "Reject",
    "SimulationClient",
    "SurveillanceClient",
    "TapeNews",
    "TlsFiles",
    "Verification",
    "answering",
    "resume",
]
