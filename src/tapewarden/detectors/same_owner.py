"""Same owner: two accounts of one beneficial owner trade with each other, far oftener than chance has it.

As a trade with oneself, it changes nobody's ownership; only the link between the accounts shows it.
Two desks of one firm that make and take on a lively market meet now and then, each in its own right. So the
number of meetings is compared with what random matching gives at the owner's own volume, and only an excess
that chance cannot explain, among all owners looked at, is a signal.
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
    id="WSH-02",
    title="Same owner",
    typology=Typology.SAME_OWNER,
    family=Family.WASH,
    severity=Severity.HIGH,
    tier=Tier.T4,
    summary=(
        "Records every trade between two accounts that belong to one owner by then. Signals when, over a "
        "fading day, there are at least three times as many as random matching would give at the owner's own "
        "share of trading, and so many by chance are too unlikely among all owners and instruments looked at."
    ),
    false_positives=(
        "Accounts of a broker's different clients, linked because the broker is the legal owner",
        "Two funds of one manager that rebalance through the book instead of a marked cross",
        "A desk that keeps one order in front of all others while another desk takes from it",
    ),
    blind_spots=(
        "Accounts whose common owner is not known, or linked with a confidence below 0.8 (WSH-03, WSH-04)",
        "Links that become known later: they apply from then on, never backwards",
        "One account on both sides (WSH-01)",
        "A few such trades, however large: they are recorded, and chance explains them",
    ),
    triage=Triage(
        look_at=(
            "The link: how sure is it, and who decides for each account?",
            "The trades: did the resting order stand for moments only, were sizes and prices the same?",
            "What moved between the accounts: profit, loss, tax, rebates, a place in a ranking",
            "Whether the trades set the price of a reference window",
        ),
        cleared_by=(
            "Desks or funds with separate decisions whose meetings have no pattern in time and size",
            "An owner in name only, such as a custodian or a broker, with different clients on each side",
        ),
        then=(
            "Open a case with the shares of the owner's and the instrument's volume; correct the latter",
            "Ask for self-trade prevention across the owner's accounts",
        ),
    ),
    references=(
        "Delegated Regulation (EU) 2016/522, Annex II, section 1, 3(a) wash trades, 3(d) hidden ownership",
        "Commodity Exchange Act, section 4c(a)",
        "Cong, Li, Tang, Yang: Crypto Wash Trading, Management Science 69, 2023",
    ),
    lookback=DAY,
)


@dataclass(frozen=True, kw_only=True)
class Params:
    """What chance has to answer for."""

    excess: float = param(3.0, "times", "meetings / expected, at least", least=1)
    chance: float = param(0.01, "probability", "of any false signal by chance in a day", least=0, most=1)
    tested: float = param(1e5, "pairs", "owners times instruments looked at (Bonferroni)", least=1)
    growth: float = param(2.0, "times", "meetings / those of the last signal, before another", least=1)
    half_life: int = param(DAY, "ns", "after which evidence has half its weight", least=1)
    hold: int = param(DAY, "ns", "an owner is forgotten this long after the last such trade", least=1)


class State(Row):
    """What is remembered of an owner on an instrument since the first trade between his accounts."""

    key: u32
    spare: u32
    until: i64
    record: SelfTrades


@rule
def is_same_owner(act: Act) -> bool:
    """Both sides are one owner's, and not one account."""
    return act.actor == act.counter_actor and act.account != act.counter_account


@rule
def is_own_doing(act: Act) -> bool:
    """Matched in the book, by orders of those who own them."""
    return act.flags & (OFF_BOOK | LIQUIDATION) == 0


@rule
def opens(act: Act, p: Params) -> bool:
    """A trade between accounts of one owner."""
    return is_same_owner(act) and is_own_doing(act)


@rule
def step(act: Act, s: State, p: Params) -> int:
    """Every fill of his own doing shows how often orders meet; judge the meetings."""
    if not is_own_doing(act):
        return KEEP
    excess = follow(s.record, act, is_same_owner(act), p)
    s.until = s.record.instant + p.hold
    return FIRE if excess else KEEP


def explain(act: Act, s: State, p: Params) -> Finding:
    """Say how often the accounts met, and how often chance would have had them."""
    return explain_excess(act, s.record, "Two accounts of one owner", p, lookback=META.lookback)


def _meetings(
    count: int, *, first: int = 0, what: str = "", by: str = "friend", also: str = "", every: int = 10
) -> str:
    """One account's order inside the spread, taken by the other; ``also`` stands in every round."""
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
    fires(1, "two accounts trade with each other all the time", _OWNER + _meetings(14), market="calm"),
    fires(2, "they go on and on", _OWNER + _meetings(28), market="calm"),
    fires(1, "in a market that sleeps", _OWNER + _OTHERS + _meetings(25)),
    quiet("a few times", _OWNER + _OTHERS + _meetings(15)),
    quiet(
        "a few times, by accounts that traded with others before",
        _OWNER + _OTHERS + _TAKE + _meetings(15, first=1),
    ),
    quiet("once, and then one takes from others", _OWNER + _OTHERS + _meetings(1) + _LATER),
    quiet("now and then, one every twenty hours", _OWNER + _OTHERS + _meetings(40, every=72_000)),
    quiet("two desks: one makes what others take", _OWNER + _meetings(40, also=_MAKES), market="calm"),
    quiet("two desks: one takes all the time", _OWNER + _meetings(40, also=_TAKES), market="calm"),
    quiet(
        "one desk sweeps the book and the other's ladder in it",
        _OWNER
        + _meetings(2)
        + _LADDER
        + "201s place sweep buy 30 @ ask by friend flags immediate\n"
        + _SWEEP,
        market="calm",
    ),
    quiet("strangers who trade with each other", _meetings(28), market="calm"),
    quiet(
        "accounts that share a device only", "0s link suspect friend device\n" + _meetings(28), market="calm"
    ),
    quiet("one account on both sides", _OWNER + _meetings(28, by="suspect"), market="calm"),
    quiet(
        "funds of one manager cross off the book",
        _OWNER + _meetings(1) + _meetings(28, first=1, what="flags off_book"),
        market="calm",
    ),
    quiet(
        "a few times after a cross off the book",
        _OWNER + _OTHERS + _meetings(1, what="flags off_book") + _TAKE + _meetings(15, first=1),
    ),
    quiet(
        "the venue closes one account's position against the other's orders",
        _OWNER + _meetings(1) + _meetings(28, first=1, what="flags liquidation"),
        market="calm",
    ),
)

DETECTOR = Detector(META, Params, State, by_actor, FILL, FILL, opens, step, explain, SCENARIOS)
