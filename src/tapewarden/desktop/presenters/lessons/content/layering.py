"""The third lesson: the same lie, spread over several prices."""

from __future__ import annotations

from typing import Final

from tapewarden.desktop.presenters.lessons.lesson import Deed, Lesson, Page, Question, Task

SCENARIO: Final = "layering"

LESSON: Final = Lesson(
    "Layering",
    (
        Page(
            "One wall is easy to see. So the trader spreads the same lie: several orders at several "
            "prices, one behind the other, that appear together, let one order across the book be filled, "
            "and disappear together. These orders are called layers.",
            "Trade Stream",
        ),
        Question(
            "How do layers look in the picture of the book?",
            (
                "Several bright lines on one side that begin and end together",
                "One bright line that slowly fades",
                "A wider spread for the whole day",
            ),
            0,
            "they begin and end together because one person places and cancels them.",
            "Trade Stream",
        ),
        Task(
            "Let it loose: F3 chooses layering in the list of scenarios, F8 lets it loose.",
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
            "An algorithm keeps a fixed grid: orders at several prices on both sides that stay until they "
            "trade. Is that layering?",
            (
                "Yes: several orders at several prices",
                "No: they are meant to trade, and do not vanish when one across is filled",
                "Only on large markets",
            ),
            1,
            "what counts is not how many orders there are, but that they leave when the other side has "
            "traded.",
            "Signals",
        ),
        Task(
            "Decide on its case: F3 opens it. Step through the replay with → and see the orders of the "
            "suspect appear and go. Then as before: I to investigate, S to say why you suspect him, C to "
            "propose to close it as “suspicion reported”.",
            Deed.DECIDE,
            "Case Details",
            (SCENARIO,),
        ),
    ),
)
