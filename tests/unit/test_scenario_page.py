import re
from pathlib import Path

from tapewarden.domain.kinds import EventKind
from tapewarden.engine.scenarios import play, quiet
from tapewarden.engine.scenarios.notation import VERBS
from tapewarden.runtime.conformance import CHECKS

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "scenarios.md").read_text()


def test_every_verb_is_on_the_page_as_it_is() -> None:
    assert all(f"| `{f'{verb} {usage}'.strip()}` |" in PAGE for verb, usage in VERBS.items())


def test_every_check_is_on_the_page_in_order() -> None:
    table = PAGE[PAGE.index("## Conformance checks") :]
    assert re.findall(r"^\| ([a-z ]+) \|", table, re.MULTILINE)[1:] == [check.name for check in CHECKS]


def test_the_example_plays() -> None:
    (example,) = re.findall(r"```\n(0ms.*?)```", PAGE, re.DOTALL)
    batch, directory = play(quiet("the page's", example))
    assert list(batch.kind) == [EventKind.PLACE, EventKind.PLACE, EventKind.TRADE, EventKind.CANCEL]
    assert directory.find_account("mallory") is not None
