"""Typed clients of a tapewarden server: nouns of the domain in and out, no protobuf."""

from tapewarden.client.access import AccessClient, Caller
from tapewarden.client.cases import CasesClient, Changed, Verification
from tapewarden.client.connection import DEFAULT_ADDRESS, Connection, TlsFiles, answering
from tapewarden.client.delivery import Reject
from tapewarden.client.health import (
    DetectorFacts,
    DetectorHealth,
    InstrumentHealth,
    ServerHealth,
    SourcePosition,
)
from tapewarden.client.ingest import resume
from tapewarden.client.models import ModelsClient
from tapewarden.client.outbox import Batching
from tapewarden.client.publisher import Publisher
from tapewarden.client.replay import Book, MarketWindow, WindowEvents
from tapewarden.client.simulation import SimulationClient
from tapewarden.client.surveillance import Arrived, Derivation, SurveillanceClient
from tapewarden.client.tape import Print, Subject, TapeNews, Trades, TradeScores
from tapewarden.client.window import Delivered

__all__ = [
    "DEFAULT_ADDRESS",
    "AccessClient",
    "Arrived",
    "Batching",
    "Book",
    "Caller",
    "CasesClient",
    "Changed",
    "Connection",
    "Delivered",
    "Derivation",
    "DetectorFacts",
    "DetectorHealth",
    "InstrumentHealth",
    "MarketWindow",
    "ModelsClient",
    "Print",
    "Publisher",
    "Reject",
    "ServerHealth",
    "SimulationClient",
    "SourcePosition",
    "Subject",
    "SurveillanceClient",
    "TapeNews",
    "TlsFiles",
    "TradeScores",
    "Trades",
    "Verification",
    "WindowEvents",
    "answering",
    "resume",
]
