import pytest

from tapewarden.anomaly.features.digest import (
    AFTER_FILL,
    BY_MEMBER,
    HAS_GAP,
    HAS_OCTAVE,
    IN_WINDOW,
    IS_SELL,
    IS_SHOWN,
    IS_SOON,
    TAKES,
    TICKS,
    WITH_ITSELF,
    Digest,
    bucket,
    digest_act,
    is_activity,
    is_message,
    kind_of,
    other_bucket,
    second_of,
)
from tapewarden.anomaly.features.state import UNKNOWN, MarketState, PairState
from tapewarden.domain.kinds import HOUR, SECOND, Initiator
from tapewarden.engine.acts import (
    AGGRESSOR,
    AMEND,
    BUY,
    CANCEL,
    EXPIRE,
    FILL,
    LEVEL,
    PLACE,
    REJECT,
    SELL,
    Act,
)

KINDS = {PLACE: True, AMEND: True, CANCEL: True, REJECT: True, FILL: False, EXPIRE: False, LEVEL: False}
"""Whether an act of this kind is a message."""


def act_of(kind: int, *, second: int = 0, side: int = BUY) -> Act:
    act = Act()
    act.kind, act.ts, act.side, act.initiator = kind, second * SECOND, side, int(Initiator.MEMBER)
    act.price, act.size, act.previous_size, act.age = 20_000, 5, 5, -1
    return act


def digested(act: Act, *, bought: int = UNKNOWN, message: int = UNKNOWN) -> Digest:
    pair, market, digest = PairState(), MarketState(), Digest()
    pair.message, pair.bought, pair.sold = message, bought, UNKNOWN
    market.second, market.fill = act.ts // SECOND, 0
    market.starts[-1] = market.second // 3600 * 3600
    digest_act(digest, pair, market, act)
    return digest


@pytest.mark.parametrize("second", [0, 1, 3599])
@pytest.mark.parametrize("kind", KINDS)
def test_an_act_of_any_kind_and_second_is_told_from_its_digest(kind: int, second: int) -> None:
    digest = digested(act_of(kind, second=HOUR // SECOND + second))
    assert (kind_of(digest), second_of(digest)) == (kind, second)
    assert is_message(digest) is KINDS[kind]
    assert is_activity(digest) is (KINDS[kind] or kind == FILL)


def test_an_act_takes_half_a_cache_line() -> None:
    assert Digest.dtype.itemsize == 32


def test_what_only_fills_have_does_not_run_into_what_only_messages_have() -> None:
    act = act_of(FILL, second=10, side=SELL)
    act.marks, act.window, act.price, act.age = AGGRESSOR, 1, -1, 4 * SECOND
    act.actor = act.counter_actor = 2**32 - 1
    digest = digested(act, bought=9 * SECOND, message=0)
    expected = IS_SELL | BY_MEMBER | AFTER_FILL | TAKES | TICKS | WITH_ITSELF | IN_WINDOW
    assert (digest.flags, digest.partner_or_gap) == (expected, 2**32 - 1)
    assert (digest.depth, bucket(digest), other_bucket(digest)) == (1.0, 1 + 6, 1 + 5)


def test_a_new_order_keeps_where_and_how_large_it_is() -> None:
    act = act_of(PLACE, second=10)
    act.size_scale, act.distance, act.depth_own, act.own = 5.0, 20, 8, 2
    digest = digested(act, message=8 * SECOND)
    assert digest.flags == BY_MEMBER | HAS_GAP | IS_SHOWN | HAS_OCTAVE
    assert (digest.distance, digest.depth_share, digest.partner_or_gap) == (10.0, 0.25, 2_000_000)
    assert bucket(digest) == 2


@pytest.mark.parametrize(("fill", "soon"), [(9, True), (8, False)])
def test_an_end_tells_how_soon_it_followed_a_fill(fill: int, soon: bool) -> None:
    act = act_of(CANCEL, second=10, side=SELL)
    act.age = 3600 * SECOND
    digest = digested(act, bought=fill * SECOND)
    assert digest.flags & IS_SOON == (IS_SOON if soon else 0)
    assert bucket(digest) == 12
