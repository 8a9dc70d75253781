"""Self-match: an account trades with itself, far oftener than chance has it.

A trade with oneself changes nobody's ownership, and shows others a volume and a price that nobody meant. But
whoever makes and takes on a lively market meets himself now and then: two strategies on one account, each in
its own right. So the number of meetings is compared with what random matching gives at the actor's own
volume, and only an excess that chance cannot explain, among all actors looked at, is a signal.
"""

from dataclasses import dataclass

from tapewarden.engine.api import (
    DAY,
    FILL,
    FIRE,
    KEEP,
    LIQUIDATION,
    OFF_BOOK,
    Act,
    Detector,
    Family,
    Finding,
    Meta,
    Row,
    Severity,
    Tier,
    Triage,
    Typology,
    by_actor,
    fires,
    i64,
    param,
    quiet,
    rule,
    u32,
)
from tapewarden.engine.self_trades import SelfTrades, explain_excess, follow

META = Meta(
    id="WSH-01",
    title="Self-match",
    typology=Typology.SELF_MATCH,
    family=Family.WASH,
    severity=Severity.HIGH,
    tier=Tier.T3,
    summary=(
        "Records every trade with the same account on both sides. Signals when, over a fading day, there are "
        "at least three times as many as random matching would give at the actor's own share of trading, and "
        "so many by chance are too unlikely among all actors and instruments looked at."
    ),
    false_positives=(
        "A broker's omnibus account whose clients trade with each other: use the clients' accounts",
        "A venue's internal transfers between strategies that are not marked as off the book",
        "A strategy that keeps one resting order in front of all others while another takes from it",
    ),
    blind_spots=(
        "The same owner on several accounts (WSH-02), accounts not known to belong together (WSH-03, WSH-04)",
        "A few self-trades, however large: they are recorded, and chance explains them",
        "An account that makes most of a market: what it takes would meet itself by chance too",
    ),
    triage=Triage(
        look_at=(
            "The trades: did the resting order stand for moments only, were sizes and prices the same?",
            "Strategies or users behind both orders, and whether self-trade prevention was switched off",
            "What the volume earned: rebates, points, a place in a ranking, a listing requirement",
            "Whether the self-trades set the price of a reference window",
        ),
        cleared_by=(
            "Two independent strategies whose self-trades have no pattern in time and size",
            "An omnibus account with different clients on each side",
        ),
        then=(
            "Ask for self-trade prevention to be switched on",
            "Open a case with the shares of the account's and the instrument's volume; correct the latter",
        ),
    ),
    references=(
        "Delegated Regulation (EU) 2016/522, Annex II, section 1, 3(a): wash trades",
        "FINRA rule 5210.02, self-trades",
        "Cong, Li, Tang, Yang: Crypto Wash Trading, Management Science 69, 2023",
    ),
    lookback=DAY,
)


@dataclass(frozen=True, kw_only=True)
class Params:
    """What chance has to answer for."""

    excess: float = param(3.0, "times", "meetings / expected, at least", least=1)
    chance: float = param(0.01, "probability", "of any false signal by chance in a day", least=0, most=1)
    tested: float = param(1e5, "pairs", "actors times instruments looked at (Bonferroni)", least=1)
    growth: float = param(2.0, "times", "meetings / those of the last signal, before another", least=1)
    half_life: int = param(DAY, "ns", "after which evidence has half its weight", least=1)
    hold: int = param(DAY, "ns", "an actor is forgotten this long after the last self-trade", least=1)


class State(Row):
    """What is remembered of an actor on an instrument since his first trade with himself."""

    key: u32
    spare: u32
    until: i64
    record: SelfTrades


@rule
def is_self_match(act: Act) -> bool:
    """Both sides are one account."""
    return act.account == act.counter_account


@rule
def is_own_doing(act: Act) -> bool:
    """Matched in the book, by orders of those who own them."""
    return act.flags & (OFF_BOOK | LIQUIDATION) == 0


@rule
def opens(act: Act, p: Params) -> bool:
    """A trade with himself."""
    return is_self_match(act) and is_own_doing(act)


@rule
def step(act: Act, s: State, p: Params) -> int:
    """Every fill of his own doing shows how often orders meet; judge the meetings."""
    if not is_own_doing(act):
        return KEEP
    excess = follow(s.record, act, is_self_match(act), p)
    s.until = s.record.instant + p.hold
    return FIRE if excess else KEEP


def explain(act: Act, s: State, p: Params) -> Finding:
    """Say how often he met himself, and how often chance would have had him."""
    return explain_excess(act, s.record, "Orders of the same account", p, lookback=META.lookback)


def _meetings(
    count: int, *, first: int = 0, what: str = "", by: str = "suspect", also: str = "", every: int = 10
) -> str:
    """An order inside the spread, taken by the same account; ``also`` stands in every round."""
    lines = ""
    for n in range(first, first + count):
        at = f"{n * every}s"
        lines += f"{at} place s{n} sell 1 @ ask-1\n{at} place b{n} buy 1 @ ask by {by} flags immediate\n"
        lines += f"{at} trade b{n} s{n} 1 {what}\n" + also.replace("#", str(n)).replace("AT", at)
    return lines


_MAKES = "".join(f"AT place m{i}x# sell 1 @ ask-1\nAT fill m{i}x# 1\n" for i in range(8))
_TAKES = "AT take buy 0.1\n" * 40
_TAKE = "5s take buy 0.1\n"
_LATER = "".join(f"{20 + i}s take buy 0.1\n" for i in range(99))
_LADDER = "".join(f"200s place l{i} sell 1 @ ask-1\n" for i in range(30))
_SWEEP = "".join(f"201s trade sweep l{i} 1\n" for i in range(30))
_OTHERS = "0s place o sell 50 @ 100.05 by other\n"
_OWNER = "0s link suspect friend owner\n"

SCENARIOS = (
    fires(1, "trades with itself all the time", _meetings(14), market="calm"),
    fires(2, "goes on and on", _meetings(28), market="calm"),
    fires(1, "in a market that sleeps", _OTHERS + _meetings(25)),
    quiet("a few times", _OTHERS + _meetings(15)),
    quiet(
        "a few times, by an account that traded with others before",
        _OTHERS + _TAKE + _meetings(15, first=1),
    ),
    quiet("once, and then takes from others", _OTHERS + _meetings(1) + _LATER),
    quiet("now and then, one every twenty hours", _OTHERS + _meetings(40, every=72_000)),
    quiet("two strategies: one makes what others take", _meetings(40, also=_MAKES), market="calm"),
    quiet("two strategies: one takes all the time", _meetings(40, also=_TAKES), market="calm"),
    quiet(
        "a whale sweeps the book and his own ladder in it",
        _meetings(2) + _LADDER + "201s place sweep buy 30 @ ask flags immediate\n" + _SWEEP,
        market="calm",
    ),
    quiet("two accounts of one owner", _OWNER + _meetings(28, by="friend"), market="calm"),
    quiet(
        "transfers agreed off the book",
        _meetings(1) + _meetings(28, first=1, what="flags off_book"),
        market="calm",
    ),
    quiet(
        "a few times after a transfer agreed off the book",
        _OTHERS + _meetings(1, what="flags off_book") + _TAKE + _meetings(15, first=1),
    ),
    quiet(
        "the venue closes the position against the account's own orders",
        _meetings(1) + _meetings(28, first=1, what="flags liquidation"),
        market="calm",
    ),
)

DETECTOR = Detector(META, Params, State, by_actor, FILL, FILL, opens, step, explain, SCENARIOS)
