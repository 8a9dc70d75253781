"""The fourth lesson: trades with oneself."""

from __future__ import annotations

from typing import Final

from tapewarden.desktop.presenters.lessons.lesson import Deed, Lesson, Page, Question, Task

SCENARIO: Final = "same-owner"

LESSON: Final = Lesson(
    "Wash trading",
    (
        Page(
            "A trade needs two who disagree: one would rather have the money, one the coin. If both "
            "accounts belong to one person, nothing changes hands, but the tape shows volume. It makes a "
            "dull market look busy. That is wash trading.",
            "Trade Stream",
        ),
        Question(
            "What does somebody gain who trades only with himself?",
            (
                "A better price",
                "Others believe that there is demand, or he collects a reward for volume",
                "He owns more coins than before",
            ),
            1,
            "what he owns stays the same, less the fees. The lie is the volume.",
            "Trade Stream",
        ),
        Task(
            "Let two accounts of one owner trade with each other: F7 in Simulation.",
            Deed.INJECT,
            "Simulation",
            (SCENARIO,),
        ),
        Task(
            "Wait until the log says “detected”. Then F3 puts the cursor on its line, and Enter opens the "
            "signal. It names both accounts.",
            Deed.OPEN,
            "Simulation",
            (SCENARIO,),
        ),
        Question(
            "How can a detector know that two accounts belong together?",
            (
                "From the owner that the venue knows for each account",
                "From their names alone",
                "It cannot know, it guesses",
            ),
            0,
            "who sees only public trades cannot find this. A venue's own records can.",
            "Signals",
        ),
        Question(
            "Two desks of one firm meet in the market now and then, by chance. What is different?",
            (
                "Nothing: same owner, so it is a crime",
                "They meet rarely, and trade with everybody else too",
                "Firms may trade with themselves",
            ),
            1,
            "the rule asks how much of their trading is with each other, and how it comes about.",
            "Signals",
        ),
        Task(
            "Decide on its case: F3 opens it, press I to investigate. Nobody gains from trading with himself "
            "by chance so often: S to say so, C to propose to close it as “suspicion reported”. Severity is "
            "high: a second person must agree.",
            Deed.DECIDE,
            "Case Details",
            (SCENARIO,),
        ),
    ),
)
