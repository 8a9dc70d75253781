"""The fifth lesson: a price that many are talked into."""

from __future__ import annotations

from typing import Final

from tapewarden.desktop.presenters.lessons.lesson import Deed, Lesson, Page, Question, Task

SCENARIO: Final = "pump-and-dump"

LESSON: Final = Lesson(
    "Pump and dump",
    (
        Page(
            "A few organizers buy quietly. Then they tell thousands in a chat group: buy NOW. The crowd "
            "rushes in, the price shoots up, and the organizers sell to it. Minutes later the price is "
            "back, and the crowd has paid for the difference.",
            "Trade Stream",
        ),
        Question(
            "Who loses?",
            ("The organizers", "Those of the crowd who buy late", "Nobody, the price only moved"),
            1,
            "they buy near the top, from the organizers. What these gain, the late ones lose.",
            "Trade Stream",
        ),
        Task(
            "Let it loose: F3 chooses pump-and-dump in the list of scenarios, F8 lets it loose. Look at "
            "the candles of its market in Trade Stream while it goes on.",
            Deed.INJECT,
            "Simulation",
            (SCENARIO,),
        ),
        Task(
            "Wait until the log says “detected”. Then F3 puts the cursor on its line, and Enter opens the "
            "signal.",
            Deed.OPEN,
            "Simulation",
            (SCENARIO,),
        ),
        Question(
            "This detector sees only public trades. What does it look for?",
            (
                "Messages in chat groups",
                "Far more buyers than usual who rush in within seconds, and a price that jumps",
                "A price that has risen",
            ),
            1,
            "it compares with what is usual on this market. A rise alone is no suspicion.",
            "Signals",
        ),
        Question(
            "Good news also makes many buy at once. What could show you the difference?",
            (
                "After news the price stays where it went; after a pump it comes back",
                "News comes only in the morning",
                "There is no difference",
            ),
            0,
            "and the detector may still be wrong about news. That is why a person closes the case, not the "
            "machine.",
            "Case Details",
        ),
        Task(
            "Decide on its case, on your own now: F3 opens it, press I to investigate. Did the price come "
            "back? Then it looks like a pump: S to say so, C for “suspicion reported”. If you cannot tell, "
            "“insufficient evidence”. A second person must agree, because the suspicion is grave.",
            Deed.DECIDE,
            "Case Details",
            (SCENARIO,),
        ),
    ),
)
