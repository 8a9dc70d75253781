"""Walls: orders of one account on one side that follow or accompany each other, and what became of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import numpy as np

from tapewarden.desktop.presenters.replay.order_tracks import OrderTrack
from tapewarden.domain.kinds import SECOND, Side

GAP_NS: Final = SECOND
"""An order that comes so soon after the others ended belongs to them: they were moved."""


@dataclass(frozen=True, slots=True)
class Wall:
    """Orders of an account on a side. Sizes are in units of the instrument.

    Attributes:
        account: Its place in the accounts of the window.
        side: Which.
        tracks: The orders.
        from_ns: When the first of them came.
        until_ns: When the last of them ended.
        peak: The most that rested at a time.
        placed: What was placed in all.
        canceled: What of it was taken away.
        filled: What of it was traded.
    """

    account: int
    side: Side
    tracks: tuple[OrderTrack, ...]
    from_ns: int
    until_ns: int
    peak: int
    placed: int
    canceled: int
    filled: int

    @property
    def canceled_share(self) -> float:
        """Of what was placed, how much was taken away, 0 to 1."""
        return self.canceled / self.placed if self.placed else 0.0


def walls(tracks: Iterable[OrderTrack]) -> list[Wall]:
    """The walls that orders make up, the largest first."""

    def whose(track: OrderTrack) -> tuple[int, int]:
        return track.account, int(track.side)

    ordered = sorted(tracks, key=lambda track: (*whose(track), track.from_ns))
    found = [_wall(group) for _, own in groupby(ordered, key=whose) for group in _groups(list(own))]
    return sorted(found, key=lambda wall: -wall.peak)


def _groups(tracks: Sequence[OrderTrack]) -> list[list[OrderTrack]]:
    groups: list[list[OrderTrack]] = []
    end = 0
    for track in tracks:
        if not groups or track.from_ns > end + GAP_NS:
            groups.append([])
            end = track.until_ns
        groups[-1].append(track)
        end = max(end, track.until_ns)
    return groups


def _wall(tracks: Sequence[OrderTrack]) -> Wall:
    return Wall(
        account=tracks[0].account,
        side=tracks[0].side,
        tracks=tuple(tracks),
        from_ns=tracks[0].from_ns,
        until_ns=max(track.until_ns for track in tracks),
        peak=_peak(tracks),
        placed=sum(track.placed for track in tracks),
        canceled=sum(track.canceled for track in tracks),
        filled=sum(track.filled for track in tracks),
    )


def _peak(tracks: Sequence[OrderTrack]) -> int:
    legs = [leg for track in tracks for leg in track.legs if leg.size > 0]
    if not legs:
        return 0
    times = np.array([leg.from_ns for leg in legs] + [leg.until_ns for leg in legs])
    changes = np.array([leg.size for leg in legs] + [-leg.size for leg in legs])
    ends_first = np.lexsort((changes, times))
    return int(np.cumsum(changes[ends_first]).max())
