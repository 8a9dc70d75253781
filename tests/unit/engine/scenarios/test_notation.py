import pytest

from tapewarden.domain.errors import InputError
from tapewarden.domain.kinds import MINUTE, SECOND
from tapewarden.engine.scenarios.notation import VERBS, parse


def refusal(text: str) -> str:
    with pytest.raises(InputError) as error:
        parse("scenario 'x'", text)
    return str(error.value)


def test_words_are_told_apart() -> None:
    (line,) = parse("x", "1.5s place s1 sell 50 @ ask+2 by mallory on ETH-USD flags hidden  # why not")
    assert line.at == 1_500_000_000
    assert line.arguments == {"ORDER": "s1", "SIDE": "sell", "SIZE": "50"}
    assert (line.price, line.by, line.on, line.flags) == ("ask+2", "mallory", "ETH-USD", "hidden")


def test_comments_and_empty_lines_are_skipped_but_counted() -> None:
    lines = parse("x", "# a wall\n\n1s clear\n1m clock # later\n")
    assert [(line.number, line.at, line.verb) for line in lines] == [
        (3, SECOND, "clear"),
        (4, MINUTE, "clock"),
    ]


def test_optional_words_may_be_left_out() -> None:
    whole, part = parse("x", "1s cancel s1\n2s cancel s1 5")
    assert "SIZE" not in whole.arguments
    assert part.arguments["SIZE"] == "5"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("soon clear", "row 1: expected a duration such as 500ms, 1.5s or 24h, received 'soon clear'"),
        ("1s", "row 1: expected a verb after the time"),
        ("1s clear\n1s cansel s1", "row 2: expected a verb after the time; did you mean 'cancel'?"),
        ("1s place s1 sell", "row 1: expected place ORDER SIDE SIZE [@ PRICE] [by ACCOUNT] [flags FLAGS],"),
        ("1s fill s1 5 because user", "row 1: expected fill ORDER SIZE [@ PRICE] [by ACCOUNT]"),
        ("1s fill s1 5 @", "row 1: expected fill ORDER SIZE"),
        ("1s fill s1 5 @ 1 @ 2", "row 1: expected fill ORDER SIZE"),
        ("1s fill s1 @ 1 5", "row 1: expected fill ORDER SIZE"),
        ("2s clear\n1s clear", "row 2: expected lines in time order"),
    ],
)
def test_bad_notation_is_refused_with_its_line(text: str, message: str) -> None:
    assert refusal(text).startswith(f"scenario 'x', {message}")


def test_every_verb_is_described() -> None:
    from tapewarden.engine.scenarios import notation

    assert all(f"``{verb}" in (notation.__doc__ or "") for verb in VERBS)
