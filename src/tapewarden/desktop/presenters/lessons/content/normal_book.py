"""The first lesson: what an order book is, and what a suspicion is not."""

from __future__ import annotations

from typing import Final

from tapewarden.desktop.presenters.lessons.lesson import Deed, Lesson, Page, Question, Task

SCENARIO: Final = "quote-stuffing"

LESSON: Final = Lesson(
    "A normal book",
    (
        Task(
            "First we need a market. In Simulation, F5 starts one: a few hundred honest members who place, "
            "change and cancel orders, and trade. If a market runs already, there is nothing to do.",
            Deed.RUN,
            "Simulation",
        ),
        Page(
            "An order says: I buy, or I sell, so much at this price or better. Orders that nobody has "
            "taken yet wait in the order book. The pane “depth” of Trade Stream is its picture: each row is "
            "a price, brighter where more is waiting. The green line is the highest buyer, the red one the "
            "lowest seller; the gap between them is the spread. Circles are trades, larger for more.",
            "Trade Stream",
        ),
        Question(
            "Buyers wait at 99 and 98, sellers at 101 and 103. How wide is the spread?",
            ("It is 1", "It is 2", "It is 5"),
            1,
            "from the best buyer at 99 to the best seller at 101. A narrow spread makes trading cheap.",
            "Trade Stream",
        ),
        Question(
            "Most orders on a healthy market are canceled and never trade. Why is that normal?",
            (
                "Most members want to deceive the others",
                "Members who quote prices renew them whenever the market moves",
                "Orders are deleted after one second",
            ),
            1,
            "who offers to buy and to sell all day must move both offers with the price. Canceling proves "
            "nothing.",
            "Trade Stream",
        ),
        Task(
            "Now something that is not normal: bursts of thousands of orders that live for milliseconds "
            "and only slow everybody down, quote stuffing. F3 chooses it in the list of scenarios, F8 lets "
            "it loose. Only what you let loose yourself counts here.",
            Deed.INJECT,
            "Simulation",
            (SCENARIO,),
        ),
        Task(
            "This takes half a minute. When it is over, the log says whether a detector saw it. Then F3 "
            "puts the cursor on its line, and Enter opens the signal. It shows each condition of the rule, "
            "with what was measured beside the limit.",
            Deed.OPEN,
            "Simulation",
            (SCENARIO,),
        ),
        Question(
            "What does a signal tell you?",
            (
                "A crime has been proven",
                "Something unusual happened, for reasons that you can check",
                "The account is blocked",
            ),
            1,
            "a signal is a reason to look, never a verdict. People decide what it was.",
            "Signals",
        ),
        Task(
            "Decide. F3 opens the case of the signal. Press I to investigate, then C to close. A burst does "
            "not show whether it was meant or came from a broken program, and you can ask nobody here: so "
            "choose “insufficient evidence” with ↓, press Tab, write that as your reason, and press Enter.",
            Deed.DECIDE,
            "Case Details",
            (SCENARIO,),
        ),
        Page(
            "You have closed a case. Your decision and your reason are now in the audit trail, which "
            "nobody can change unnoticed. From here on you meet people whose orders show what they gain by "
            "deceiving others: there a suspicion is reported.",
        ),
    ),
)
