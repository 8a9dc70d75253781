"""Market surveillance for crypto markets: order flow in, explained and reproducible signals out.

>>> import tapewarden as tw
>>> signals = tw.replay("tape.parquet")  # doctest: +SKIP

What this package offers is loaded at its first use, so that importing it costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from tapewarden.domain.version import VERSION

if TYPE_CHECKING:
    from tapewarden.engine.engine import Engine
    from tapewarden.engine.registry import find_detectors
    from tapewarden.runtime.library import Signals, replay
    from tapewarden.tape.merge import merge_tapes
    from tapewarden.tape.opening import read_tape, write_tape

__version__ = VERSION

__all__ = ["Engine", "Signals", "find_detectors", "merge_tapes", "read_tape", "replay", "write_tape"]

_HOMES = {
    "Engine": "tapewarden.engine.engine",
    "Signals": "tapewarden.runtime.library",
    "find_detectors": "tapewarden.engine.registry",
    "merge_tapes": "tapewarden.tape.merge",
    "read_tape": "tapewarden.tape.opening",
    "replay": "tapewarden.runtime.library",
    "write_tape": "tapewarden.tape.opening",
}


if not TYPE_CHECKING:  # a type checker knows the names above, and only those

    def __getattr__(name: str) -> object:
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value: object = getattr(import_module(_HOMES[name]), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
