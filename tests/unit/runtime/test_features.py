"""The windows of a tape as columns with names."""

import numpy as np

from tapewarden.anomaly.features.windows import WindowSettings
from tapewarden.domain.kinds import MINUTE
from tapewarden.engine.scenarios import quiet
from tapewarden.engine.scenarios.draft import START
from tapewarden.engine.scenarios.playing import play
from tapewarden.runtime.features import feature_tables

TAPE = """
0ms link mallory other owner
1s place m1 buy 10 @ 99.99 by maker
2s place s1 sell 10 @ 100.01 by mallory
3s quality gap
4s cancel s1
61s place m2 buy 1 @ 90 by maker
62s place m3 buy 1 @ 90 by maker
"""


def test_windows_carry_the_names_of_actor_and_instrument_and_the_state_of_the_data() -> None:
    batch, directory = play(quiet("a tape", TAPE))
    settings = WindowSettings(account=(99, 99, 2, 99, 99), instrument=(99, 99, 2, 99, 99))
    ((accounts, instruments),) = feature_tables([batch], directory, settings)

    assert (accounts.actors, accounts.instruments) == (("mallory",), ("BTC-USD@SIM",))
    assert (instruments.actors, instruments.instruments) == (("",), ("BTC-USD@SIM",))
    columns = accounts.columns()
    assert [columns[name][0] for name in ("start", "end", "length", "acts", "blind", "cancel_ratio")] == [
        START, START + MINUTE, MINUTE, 2, True, 1.0,
    ]  # fmt: skip


def test_batches_without_an_ended_window_give_nothing() -> None:
    batch, directory = play(quiet("a tape", TAPE))
    tables = list(feature_tables(batch.split(1), directory, WindowSettings(instrument=(1, 1, 1, 1, 1))))

    assert all(len(accounts) + len(instruments) > 0 for accounts, instruments in tables)
    lengths = np.concatenate([instruments.lengths for _, instruments in tables])
    assert sorted(set(lengths.tolist()))[-1] == MINUTE
