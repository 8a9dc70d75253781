"""The second lesson: one wall that is not meant to trade."""

from __future__ import annotations

from typing import Final

from tapewarden.desktop.presenters.lessons.lesson import Deed, Lesson, Page, Question, Task

SCENARIO: Final = "spoofing"

LESSON: Final = Lesson(
    "Spoofing",
    (
        Page(
            "A trader wants to buy cheaply. So he places a small order to buy, and a very large order to "
            "SELL that he never wants to trade. Others see all that supply, expect the price to fall, and "
            "sell to him. Then he cancels the large order. That lie with an order is called spoofing.",
            "Trade Stream",
        ),
        Question(
            "Which of the two orders is the bait?",
            ("The small one that trades", "The large one that is canceled", "Both of them"),
            1,
            "the bait is only to be seen. The small order on the other side is what the trader really wants.",
            "Trade Stream",
        ),
        Task(
            "Let a spoofer loose: F6 in Simulation. Then watch the log: it says when the detector has seen "
            "him, and how long that took.",
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
            "Read why it fired. Which observation makes the suspicion strong?",
            (
                "The account placed a large order",
                "The account canceled an order",
                "Large orders were pulled right after small ones on the other side traded, again and again",
            ),
            2,
            "each part alone is normal. The sequence, repeated by one account, is what honest traders do "
            "not show.",
            "Signals",
        ),
        Question(
            "A market maker also cancels its sell quote when its buy quote was hit. What tells it apart?",
            (
                "Nothing, both are spoofing",
                "Its quotes are about equal in size, and it puts them back at once",
                "Its name",
            ),
            1,
            "it wants to trade on both sides. tapewarden simulates such honest look-alikes to test its "
            "detectors.",
            "Signals",
        ),
        Task(
            "Decide: F3 opens its case, press I to investigate. Pulled again and again for a gain: that is "
            "reported. Press S, say why you suspect him, and Enter: from that time on the report is due. "
            "Then C: choose “suspicion reported” with ↓, Tab, your reason, Enter. Severity is high, so your "
            "closing is a proposal until a second person agrees.",
            Deed.DECIDE,
            "Case Details",
            (SCENARIO,),
        ),
    ),
)
