from tapewarden.engine.registry import built_in_detectors
from tapewarden.evaluation.injection.experiment import judge_injections, trade_table
from tapewarden.evaluation.injection.injecting import Recording
from tests.unit.evaluation.injection.market import tape
from tests.unit.evaluation.injection.test_injecting import MARKET, QUOTE, TWO_ACCOUNTS


def test_each_scenario_is_injected_alone_at_each_severity_for_each_seed() -> None:
    scenarios = (QUOTE, TWO_ACCOUNTS)
    found = list(
        judge_injections(Recording(tape(MARKET)), scenarios, (0.1, 1.0), (1, 2), built_in_detectors())
    )
    told = [
        (one.episode.scenario, one.episode.severity, one.episode.seed) for j in found for one in j.outcomes
    ]
    assert told == [
        (scenario.name, severity, seed)
        for scenario in scenarios
        for severity in (0.1, 1.0)
        for seed in (1, 2)
    ]
    table = trade_table(found)
    assert table.columns == ("scenario", "0.1", "1")
    assert table.rows[0] == ("same owner", "1", "1")
    assert table.rows[1][0] == "test"
