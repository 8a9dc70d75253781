"""Events of a window in order of time: the journal keeps them in the order in which they came."""

from __future__ import annotations

import numpy as np

from tapewarden.client import WindowEvents


def in_order_of_time(events: WindowEvents) -> WindowEvents:
    """The same events by time; those of one time stay in order of the journal."""
    if bool((np.diff(events.ts_event) >= 0).all()):
        return events
    order = np.argsort(events.ts_event, kind="stable")
    places = order.tolist()
    return WindowEvents(
        accounts=events.accounts,
        kind=events.kind[order],
        ts_event=events.ts_event[order],
        side=events.side[order],
        account=events.account[order],
        counter_account=events.counter_account[order],
        order=[events.order[place] for place in places],
        counter_order=[events.counter_order[place] for place in places],
        price=events.price[order],
        size=events.size[order],
        flags=events.flags[order],
        frame=events.frame[order],
    )
