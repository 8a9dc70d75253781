"""A window read back from the journal, as messages."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from tapewarden.domain.batch import EventBatch
from tapewarden.live.windows import Part, Window, WindowReader
from tapewarden.server.views.numbering import StreamNumbers, side_codes
from tapewarden.server.views.tape import book_message
from tapewarden.wire.parties import instrument_message
from tapewarden.wire.v1 import surveillance_pb2 as messages


def window_messages(reader: WindowReader, window: Window) -> Iterator[messages.WindowPart]:
    """The parts of a window, the first one with its instrument; see ``WindowReader``."""
    numbers = StreamNumbers(reader.directory)
    first = True
    for part in reader:
        message = _message(part, reader, numbers)
        if first:
            known = reader.directory.find_instrument(window.instrument)
            assert known is not None
            message.instrument.CopyFrom(instrument_message(reader.directory.instruments[known]))
            message.from_ns, message.until_ns = window.from_ns, window.until_ns
            first = False
        yield message


def _message(part: Part, reader: WindowReader, numbers: StreamNumbers) -> messages.WindowPart:
    message = messages.WindowPart(books=[book_message(book) for book in part.books])
    events = part.events
    if len(events):
        message.events.CopyFrom(
            messages.WindowEvents(
                kind=events.kind.tolist(),
                ts_event=events.ts_event.tolist(),
                side=side_codes(events.side),
                account=numbers.accounts(events.account, message),
                counter_account=numbers.accounts(events.counter_account, message),
                order=_names(events, events.order, reader),
                counter_order=_names(events, events.counter_order, reader),
                price=events.price.tolist(),
                size=events.size.tolist(),
                flags=events.flags.tolist(),
                frame=[part.frame] * len(events),
            )
        )
    return message


def _names(events: EventBatch, ids: npt.NDArray[np.generic], reader: WindowReader) -> list[str]:
    """What the source calls these orders; empty for none."""
    names = reader.directory.order_names
    return [names.text(number) if number else "" for number in ids.tolist()]
