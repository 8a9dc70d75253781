"""Errors a user can act on. The command line prints them as one line and exits with code 2."""


class TapewardenError(Exception):
    """Base of every error that is the input's or the user's, never the program's."""


class InputError(TapewardenError):
    """A value in a file or stream is not what it must be.

    ``source`` names the file or stream, ``row`` counts from 1 as the user's tools do, ``field`` is the
    column; each is ``None`` where it does not apply.
    """

    def __init__(
        self, source: str, expected: str, received: str, *, row: int | None = None, field: str | None = None
    ) -> None:
        self.source = source
        self.row = row
        self.field = field
        self.expected = expected
        self.received = received
        place = source
        if row is not None:
            place += f", row {row}"
        if field is not None:
            place += f", field {field!r}"
        super().__init__(f"{place}: expected {expected}, received {received}")


class FieldError(ValueError):
    """A field is not what it must be; ``field`` is ``None`` where the whole line is meant."""

    def __init__(self, field: str | None, expected: str, received: str) -> None:
        self.field = field
        self.expected = expected
        self.received = received
        super().__init__(f"{field}: expected {expected}, received {received}")


class ConfigurationError(TapewardenError):
    """A configuration key or value is wrong; the message names the nearest right one where there is one."""


class SnapshotError(TapewardenError):
    """A snapshot cannot be restored: damaged, of another version, or of another engine."""


class ModelError(TapewardenError):
    """A model cannot be made or used: damaged, of another version or other features, of too little data."""


class SequenceError(TapewardenError):
    """Input does not continue where the engine stopped: a gap or a repeat."""


class SourceError(TapewardenError):
    """A source's events do not follow those it sent before; the message says where it is to go on."""


class SimulationError(TapewardenError):
    """A simulated market is not in the state for what was asked: one runs already, or none does."""


class RefusedError(TapewardenError):
    """A person asked for what the rules of work do not allow them, or not in the state of the case."""


class ConflictError(TapewardenError):
    """Somebody else changed it in the meantime; nothing was overwritten. Look again, then decide."""


class JournalError(TapewardenError):
    """The journal cannot do what it was asked; after a failed write or sync, it never will again."""


class JournalCorruptionError(JournalError):
    """Bytes that were durable are not what was written; ``path`` and ``offset`` say where they begin."""

    def __init__(self, path: str, offset: int, expected: str, received: str) -> None:
        self.path = path
        self.offset = offset
        super().__init__(f"{path}, byte {offset}: expected {expected}, received {received}")


class NotFoundError(TapewardenError):
    """What was asked for does not exist."""


class UnauthenticatedError(TapewardenError):
    """Who asks is not known: they gave no token, or none that is valid."""


class LimitError(TapewardenError):
    """A caller asks for more than one caller may have; what they asked for was not done."""


class UnavailableError(TapewardenError):
    """A server or database cannot be reached. Nothing was done; asking again later may help."""


class UncertainError(TapewardenError):
    """The connection broke so that nobody can say whether it was done. Look before asking again."""


class ServerError(TapewardenError):
    """A server's answer that no other error stands for."""


class PublishError(TapewardenError):
    """A source's events can no longer be published; what was not durable has to be sent again, if at all."""
