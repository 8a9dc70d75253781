"""What Prometheus is told: rates, lag, queues, latencies, gaps, rejects, signals per detector."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Lock
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from tapewarden.domain.errors import ConfigurationError, UnavailableError
from tapewarden.domain.kinds import SECOND
from tapewarden.live.detection import Detected
from tapewarden.live.pipeline import Pipeline
from tapewarden.wire.addresses import is_local

_LATENCIES: Final = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 5.0)
_MODELS: Final = {
    "windows": "Windows judged",
    "alerts": "Windows beyond the budget",
    "expected_alerts": "Alerts that the budget allows",
    "score_distance": "Kolmogorov-Smirnov distance of scores from those of calibration",
    "shifted_features": "Features whose stability index asks for a look",
}
_MOST_PENDING: Final = 100_000
_PATIENCE_S: Final = 1.0


class Metrics:
    """Counts what happens; ``registry`` is what is exported. Methods may be called by any thread.

    Latencies are measured from the reception of a message, by a clock that only rises.
    """

    def __init__(self, clock: Callable[[], int] = time.monotonic_ns) -> None:
        self.registry = CollectorRegistry()
        self._clock = clock
        self._lock = Lock()
        self._undurable: deque[tuple[int, int]] = deque(maxlen=_MOST_PENDING)
        self._undetected: deque[tuple[int, int]] = deque(maxlen=_MOST_PENDING)
        self._events = Counter("tapewarden_events", "Events taken in", registry=self.registry)
        self._rejects = Counter("tapewarden_rejects", "Rows rejected", registry=self.registry)
        self._refused = Counter("tapewarden_refused", "Messages refused", registry=self.registry)
        self._signals = Counter(
            "tapewarden_signals", "Signals that became visible", ["detector"], registry=self.registry
        )
        self._durable = self._latency("tapewarden_durable_seconds", "From reception until durable")
        self._detection = self._latency("tapewarden_detection_seconds", "From reception until seen by rules")

    def received(self, frame: int, events: int, rejects: int) -> None:
        """A message was taken in as a frame."""
        self._events.inc(events)
        self._rejects.inc(rejects)
        now = self._clock()
        with self._lock:
            self._undurable.append((frame, now))
            self._undetected.append((frame, now))

    def refused(self) -> None:
        """A message was refused."""
        self._refused.inc()

    def durable_to(self, frame: int) -> None:
        """A frame and all before it are durable."""
        self._observe(self._undurable, frame, self._durable)

    def detected(self, detected: Detected) -> None:
        """The engine has seen a frame."""
        self._observe(self._undetected, detected.work.frame, self._detection)

    def visible(self, detector: str) -> None:
        """A signal became visible."""
        self._signals.labels(detector).inc()

    def watch(self, pipeline: Pipeline, clock_ns: Callable[[], int]) -> None:
        """Export what a pipeline says of itself, each time it is asked; ``clock_ns`` gives the time, UTC."""
        self.registry.register(_Gauges(pipeline, clock_ns))

    def _latency(self, name: str, documentation: str) -> Histogram:
        return Histogram(name, documentation, buckets=_LATENCIES, registry=self.registry)

    def _observe(self, waiting: deque[tuple[int, int]], frame: int, histogram: Histogram) -> None:
        now = self._clock()
        with self._lock:
            while waiting and waiting[0][0] <= frame:
                histogram.observe((now - waiting.popleft()[1]) / SECOND)


class _Gauges(Collector):
    def __init__(self, pipeline: Pipeline, clock_ns: Callable[[], int]) -> None:
        self._pipeline = pipeline
        self._clock_ns = clock_ns

    def collect(self) -> Iterator[Metric]:
        pipeline = self._pipeline
        values: dict[str, tuple[str, float]] = {
            "tapewarden_waiting_events": ("Events that wait for the engine", pipeline.detection.waiting),
            "tapewarden_pending_bytes": ("Bytes that wait for the disk", pipeline.journal.pending_bytes),
            "tapewarden_journal_frame": ("The journal's last frame", pipeline.journal.last),
            "tapewarden_instruments": ("Instruments known", len(pipeline.directory.instruments)),
            "tapewarden_accounts": ("Accounts known", len(pipeline.directory.accounts)),
        }
        if pipeline.clock_ns >= 0:
            lag = (self._clock_ns() - pipeline.clock_ns) / SECOND
            values["tapewarden_lag_seconds"] = ("How old the newest event is", lag)
        for name, (documentation, value) in values.items():
            yield GaugeMetricFamily(name, documentation, value=value)
        yield from self._quality()
        yield from self._models()

    def _quality(self) -> Iterator[Metric]:
        """Left out while the engine is too busy to say."""
        family = GaugeMetricFamily("tapewarden_quality", "Quality facts by kind", labels=["kind"])
        asked = self._pipeline.detection.ask(lambda engine: engine.ledger.totals())
        with suppress(TimeoutError, UnavailableError):
            for kind, count in asked.result(_PATIENCE_S).items():
                family.add_metric([kind], count)
        yield family

    def _models(self) -> Iterator[Metric]:
        """How models fare, of the last seven days; left out while the engine is too busy to say."""
        families = {
            name: GaugeMetricFamily(f"tapewarden_model_{name}", meaning, labels=["role", "scope"])
            for name, meaning in _MODELS.items()
        }
        with suppress(TimeoutError, UnavailableError):
            status = self._pipeline.models_status().result(_PATIENCE_S)
            for role, drift in (("champion", status.champion), ("challenger", status.challenger)):
                for one in () if drift is None else drift.scopes:
                    labels = [role, one.scope]
                    families["windows"].add_metric(labels, one.windows)
                    families["alerts"].add_metric(labels, one.alerts)
                    families["expected_alerts"].add_metric(labels, one.expected)
                    families["score_distance"].add_metric(labels, one.score_distance)
                    families["shifted_features"].add_metric(labels, len(one.shifted))
        yield from families.values()


@contextmanager
def exporting(address: str | None, metrics: Metrics) -> Iterator[None]:
    """Serve metrics by HTTP, on a thread of its own; not at all without an address.

    Raises:
        ConfigurationError: If the address is none, can be reached from other machines, or is in use.
    """
    if address is None:
        yield
        return
    if not is_local(address):
        raise ConfigurationError(
            f"metrics: {address} can be reached from other machines; put a proxy before it"
        )
    host, _, port = address.rpartition(":")
    try:
        server, thread = start_http_server(int(port), host.strip("[]"), metrics.registry)
    except OSError as error:
        raise ConfigurationError(f"metrics: cannot listen on {address}: {error.strerror}") from None
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
