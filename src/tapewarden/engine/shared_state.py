"""The part of a snapshot that belongs to no instrument: accounts, tallies, the second stage."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from tapewarden.compiled.rows import column_of
from tapewarden.engine.container import pack, unpack
from tapewarden.engine.housekeeping import room_for_informed
from tapewarden.engine.snapshot import Names, state_kind
from tapewarden.engine.stage import HELD, Stage, in_order
from tapewarden.engine.tables import MOST_TOLD, PAIRS_AT_ONCE, UNSET

if TYPE_CHECKING:
    from tapewarden.engine.engine import Engine

_ACCOUNT_COLUMNS: Final = ("account", "counter_account", "actor", "counter_actor")


def take_shared(engine: Engine) -> bytes:
    """Everything of the engine that is not an instrument's."""
    directory, tables = engine.directory, engine.tables
    accounts = tables.accounts[1:]
    numbers = np.arange(1, len(accounts) + 1)
    told = (accounts["actor"] != numbers) | (accounts["roles"] != 0) | (accounts["maker_until"] != UNSET)
    owners = [account.owner is not None for account in directory.accounts]
    rows = numbers[told | np.array(owners, np.bool_)]
    state = {
        "position": engine.position,
        "accounts": sorted(
            [
                directory.accounts[row - 1].name,
                directory.accounts[row - 1].owner,
                directory.accounts[tables.accounts[row]["actor"] - 1].name,
                int(tables.accounts[row]["roles"]),
                int(tables.accounts[row]["maker_until"]),
            ]
            for row in rows
        ),
        "informed": [
            [directory.accounts[number - 1].name if number else "" for number in link]
            for link in tables.informed[1 : tables.counters[0]["informed"] + 1].tolist()
        ],
        "tallies": [[name, tally.signals, tally.cold] for name, tally in sorted(engine.tallies.items())],
    }
    sections = {"state": json.dumps(state, ensure_ascii=False, separators=(",", ":")).encode()}
    if engine.stage is not None:
        sections.update(_take_stage(engine.stage, engine))
    return pack(state_kind(engine.memories, engine.observers), sections)


def _take_stage(stage: Stage, engine: Engine) -> dict[str, bytes]:
    directory = engine.directory
    held = in_order(stage.held)
    rows = {memory.detector.id: memory.lasting(0) for memory in stage.memories}
    columns = [held["act"][name] for name in _ACCOUNT_COLUMNS] + [states["key"] for states in rows.values()]
    for memory in stage.memories:
        states = rows[memory.detector.id]
        columns += [column_of(states, name).ravel() for name in memory.detector.state.accounts]
    names = Names(directory, np.concatenate(columns))
    for name in _ACCOUNT_COLUMNS:
        held["act"][name] = names.places(held["act"][name])
    held["act"]["pair"] = held["act"]["couple"] = 0  # the second stage knows actors only
    instruments, instrument_places = _sorted([instrument.name for instrument in directory.instruments])
    held["act"]["instrument"] = np.array([0, *(place + 1 for place in instrument_places)])[
        held["act"]["instrument"]
    ]
    sources, source_places = _sorted(list(directory.sources))
    held["source"] = _mapped(held["source"], source_places)
    clocks = dict(zip(source_places, stage.clocks[:-1].tolist(), strict=False))
    about = {
        "accounts": [
            [name, directory.accounts[directory.account_number(name)].owner] for name in names.names
        ],
        "instruments": instruments,
        "sources": sources,
        "clocks": [clocks.get(place, UNSET) for place in range(len(sources))],
        "unknown_clock": int(stage.clocks[-1]),
        "mark": int(stage.mark[0]),
        "ready": sorted(memory.detector.id for memory in stage.memories if memory.readied[0]),
    }
    sections = {"stage": json.dumps(about, ensure_ascii=False).encode(), "held": held.tobytes()}
    for memory in stage.memories:
        states = rows[memory.detector.id]
        states["key"] = names.places(states["key"])
        for name in memory.detector.state.accounts:
            column_of(states, name)[...] = names.places(column_of(states, name))
        states = states[np.argsort(states["key"], kind="stable")]
        sections[f"detector/{memory.detector.id}"] = states.tobytes()
    return sections


def _mapped(sources: npt.NDArray[np.int32], places: Sequence[int]) -> npt.NDArray[np.int32]:
    """Source numbers renumbered; unknown ones are -1 on both sides."""
    table = np.array([*places, -1], np.int32)
    known = (sources >= 0) & (sources < len(places))
    mapped: npt.NDArray[np.int32] = table[np.where(known, sources, len(places))]
    return mapped


def _sorted(names: list[str]) -> tuple[list[str], list[int]]:
    """The names in order, and for each as given its place there."""
    order = sorted(names)
    places = {name: place for place, name in enumerate(order)}
    return order, [places[name] for name in names]


def put_shared(engine: Engine, data: bytes) -> None:
    """Put back what ``take_shared`` took into an engine that has seen nothing yet."""
    sections = unpack(state_kind(engine.memories, engine.observers), data)
    state: dict[str, Any] = json.loads(sections["state"])
    directory = engine.directory
    for name, owner, *_ in state["accounts"]:
        directory.add_account(name, owner)
    engine.catch_up()
    tables = engine.tables
    for name, _, actor, roles, maker_until in state["accounts"]:
        row = tables.accounts[directory.account_number(name) + 1]
        row["actor"] = directory.account_number(actor) + 1
        row["roles"], row["maker_until"] = roles, maker_until
    _put_informed(engine, state["informed"])
    for name, signals, cold in state["tallies"]:
        engine.tallies[name].signals, engine.tallies[name].cold = signals, cold
    engine.position = state["position"]
    if engine.stage is not None:
        _put_stage(engine.stage, engine, sections)


def _put_informed(engine: Engine, links: Sequence[tuple[str, str]]) -> None:
    """Put back who may know of whose client orders, in the order in which it became known."""
    numbers = [[engine.directory.add_account(name) + 1 if name else 0 for name in link] for link in links]
    engine.catch_up()
    engine.tables = room_for_informed(engine.tables, len(numbers))
    for row, (account, client) in enumerate(numbers, start=1):
        engine.tables.informed[row] = account, client
    counters = engine.tables.counters[0]
    counters["informed"] = len(numbers)
    counters["pairs_at_once"] = PAIRS_AT_ONCE + min(len(numbers), MOST_TOLD)


def _put_stage(stage: Stage, engine: Engine, sections: dict[str, bytes]) -> None:
    directory = engine.directory
    about: dict[str, Any] = json.loads(sections["stage"])
    numbers = np.array([0, *(directory.add_account(*named) + 1 for named in about["accounts"])], np.uint32)
    instruments = np.array([0, *(_instrument(engine, name) for name in about["instruments"])], np.uint32)
    sources = [directory.sources.number(name) for name in about["sources"]]
    engine.catch_up()
    held = np.frombuffer(sections["held"], HELD).copy()
    for name in _ACCOUNT_COLUMNS:
        held["act"][name] = numbers[held["act"][name]]
    held["act"]["instrument"] = instruments[held["act"]["instrument"]]
    held["source"] = _mapped(held["source"], sources)
    stage.held = held
    stage.clocks = np.full(len(directory.sources) + 1, UNSET, np.int64)
    stage.clocks[sources] = about["clocks"]
    stage.clocks[-1] = about["unknown_clock"]
    stage.mark[0] = about["mark"]
    engine.fit()
    for memory in stage.memories:
        memory.readied[0] = memory.detector.id in about["ready"]
        rows = np.frombuffer(sections[f"detector/{memory.detector.id}"], memory.detector.state.dtype).copy()
        rows["key"] = numbers[rows["key"]]
        for name in memory.detector.state.accounts:
            column_of(rows, name)[...] = numbers[column_of(rows, name)]
        memory.adopt(rows, np.zeros(len(rows), np.uint32))


def _instrument(engine: Engine, name: str) -> int:
    number = engine.directory.find_instrument(name)
    return 0 if number is None else number + 1
