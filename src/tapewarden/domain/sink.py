"""Where adapters hand over what they read; the command line wires it to a file, a client or an engine."""

from typing import Protocol

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory


class Sink(Protocol):
    """Takes batches in tape order. ``directory`` names the dense numbers the batches use."""

    directory: Directory

    def write(self, batch: EventBatch) -> None:
        """Take the next events of the tape."""
        ...
