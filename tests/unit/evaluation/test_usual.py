"""What is usual on a market is learned from others like it."""

import pytest

from tapewarden.domain.errors import ModelError
from tapewarden.domain.simulation import MarketWish
from tapewarden.evaluation.usual import learn_usual


def test_of_a_market_that_is_too_short_nothing_is_learned_and_it_is_said_what_is_missing() -> None:
    with pytest.raises(ModelError, match=r"account 10 s: .* at least 200 are needed"):
        learn_usual(MarketWish(instruments=1, accounts=20, rate=5, minutes=0.5))
