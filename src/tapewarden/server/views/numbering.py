"""Numbers for instruments and accounts within one stream, each defined before its first use."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tapewarden.domain.directory import Directory
from tapewarden.domain.kinds import Side
from tapewarden.wire.parties import account_message, instrument_message
from tapewarden.wire.v1 import ingest_pb2, market_pb2

_SIDES: Final = {int(Side.BUY): market_pb2.SIDE_BUY, int(Side.SELL): market_pb2.SIDE_SELL}


class StreamNumbers:
    """What a stream has defined so far. Numbers on the wire are given out from 1; 0 is unknown."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._instruments: dict[int, int] = {}
        self._accounts: dict[int, int] = {}

    def instruments(self, dense: npt.NDArray[Any], message: Any) -> list[int]:  # noqa: ANN401 - of generated classes
        """Numbers for the directory's, defining in ``message.instruments`` what is new."""
        for number in _fresh(dense, self._instruments):
            noun = instrument_message(self._directory.instruments[number])
            message.instruments.append(
                ingest_pb2.InstrumentDefinition(number=self._instruments[number], instrument=noun)
            )
        return _numbered(dense, self._instruments)

    def accounts(self, dense: npt.NDArray[Any], message: Any) -> list[int]:  # noqa: ANN401 - as above
        """Numbers for the directory's, defining in ``message.accounts`` what is new."""
        for number in _fresh(dense, self._accounts):
            noun = account_message(self._directory.accounts[number])
            message.accounts.append(ingest_pb2.AccountDefinition(number=self._accounts[number], account=noun))
        return _numbered(dense, self._accounts)


def side_codes(sides: npt.NDArray[Any]) -> list[market_pb2.Side]:
    """Sides as codes of the wire."""
    return [_SIDES.get(side, market_pb2.SIDE_UNSPECIFIED) for side in sides.tolist()]


def _fresh(dense: npt.NDArray[Any], known: dict[int, int]) -> list[int]:
    """Those that get a number now."""
    fresh = [number for number in np.unique(dense).tolist() if number >= 0 and number not in known]
    for number in fresh:
        known[number] = len(known) + 1
    return fresh


def _numbered(dense: npt.NDArray[Any], known: dict[int, int]) -> list[int]:
    return [known[number] if number >= 0 else 0 for number in dense.tolist()]
