"""The layering program of CFTC v. Nav Sarao Futures (N.D. Ill. 2015), reconstructed from the complaint.

Four to six orders on one side, a tick apart and at least three levels from the best price, together a fifth
to 29 % of the visible side of the book; a program amended each of them whenever the price moved, some 19,000
times in two hours of 6 May 2010, so that less than one in a hundred contracts was filled; meanwhile he traded
across. The market around him is simulated; the figures are the complaint's.
"""

from __future__ import annotations

from typing import Final

from tapewarden.domain.typology import Typology
from tapewarden.simulator.scenarios.layering import layer_patiently
from tapewarden.simulator.scenarios.scenario import Knob, Scenario

SCENARIOS: Final = (
    Scenario(
        name="sarao-2010",
        summary="The documented case: five layers, a quarter of the side, amended as the price moves.",
        typologies=(Typology.LAYERING,),
        expected_detectors=("SPF-02",),
        latency=1_000_000,
        knobs={
            "share": Knob(0.25, 0.25, "of depth", "all layers beside what the market shows near its price"),
            "levels": Knob(5.0, 5.0, "levels", "prices at which bait is shown"),
            "stay": Knob(480.0, 480.0, "s", "how long layers stay"),
            "reaction": Knob(0.2, 0.2, "s", "between looks at the price to follow"),
            "cycles": Knob(4.0, 4.0, "cycles", "repetitions"),
            "rest": Knob(10.0, 10.0, "s", "between repetitions"),
        },
        script=layer_patiently,
    ),
)
