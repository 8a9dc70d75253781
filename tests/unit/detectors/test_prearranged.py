from tapewarden.detectors import prearranged
from tapewarden.domain.kinds import SECOND
from tapewarden.engine.scenarios import Scenario
from tapewarden.runtime.running import run_scenario


def scenario(name: str) -> Scenario:
    (found,) = (one for one in prearranged.SCENARIOS if one.name == name)
    return found


def test_the_signal_names_both_and_their_trades() -> None:
    (signal,) = run_scenario(prearranged.DETECTOR, scenario("eleven times in a market that sleeps"))
    assert signal.actor == "friend + suspect"
    assert {(party.account, party.role) for party in signal.parties} == {
        ("friend", "counterparty"),
        ("suspect", "actor"),
    }
    assert signal.text.startswith("Of 10.0 trades of the two")
    assert "stood for 0.020 s, made up 100% of its level" in signal.text
    assert len(signal.evidence.trades) == len(signal.evidence.orders) == 8
    assert signal.evidence.orders_total == 10
    assert signal.end_ns - signal.start_ns == 100 * SECOND
    assert signal.reasons[1].value <= signal.reasons[1].threshold


def test_three_who_deal_with_each_other_are_three_couples() -> None:
    signals = run_scenario(prearranged.DETECTOR, scenario("three accounts who take each other's new orders"))
    assert {signal.actor for signal in signals} == {"friend + suspect", "ann + friend", "ann + suspect"}
