"""The recorded markets in ``../shared/data``, read through the importers."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks.figures import NotMeasuredError
from benchmarks.streams import Stream
from tapewarden.adapters.files import Session, find_preset
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.errors import TapewardenError

FOLDER: Final = Path(__file__).parents[2] / "shared" / "data"


class Recording(NamedTuple):
    """A recorded market: name, preset of its importer, and its file below ``FOLDER``."""

    name: str
    preset: str
    path: str


RECORDINGS: Final = (
    Recording("Bitstamp, orders", "bitstamp-l3", "bitstamp_l3/2015-05-01_first3h.log.xz"),
    Recording("CME, orders", "databento-mbo", "cme_es_mbo/*.dbn.zst"),
    Recording("Binance, levels", "binance-raw", "binance_raw_feeds/usdm_btcusdt_20240808.gz"),
)


def read_recording(recording: Recording) -> Stream:
    """All events of a recorded market in memory.

    Raises:
        NotMeasuredError: If its files or the library that reads them are not there.
    """
    paths = sorted(FOLDER.glob(recording.path))
    if not paths:
        raise NotMeasuredError(f"{recording.name}: no ../shared/data/{recording.path}")
    try:
        return read_files(recording.preset, *paths)
    except (TapewardenError, ImportError) as error:
        raise NotMeasuredError(f"{recording.name}: {error}") from error


@cache
def read_files(preset: str, *paths: Path) -> Stream:
    """All events of files, read once: that takes longer than most of what is done with them.

    Nobody may change them.
    """
    session = Session()
    batches = find_preset(preset).read(paths, session)
    return Stream(session.directory, EventBatch.concatenate(list(batches)))
