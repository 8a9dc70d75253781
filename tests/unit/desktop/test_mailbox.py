"""What waits for the window, and what of it gives way."""

from hypothesis import given
from hypothesis import strategies as st

from tapewarden.desktop.transport.mailbox import Mailbox

BATCHES = st.lists(st.one_of(st.integers(0, 30), st.just("take")), max_size=60)


@given(BATCHES, st.integers(1, 40))
def test_received_rows_are_taken_dropped_or_waiting_whatever_happens(
    steps: list[int | str], most: int
) -> None:
    mailbox = Mailbox[tuple[int, ...]](most, len)
    number, taken = 0, []
    for step in steps:
        if step == "take":
            taken += [row for item in mailbox.take() for row in item]
        else:
            item = tuple(range(number, number + int(step)))
            number += int(step)
            mailbox.put(item)
            assert mailbox.waiting <= max(most, len(item))
        assert mailbox.received == mailbox.taken + mailbox.dropped + mailbox.waiting == number
    assert len(taken) == mailbox.taken
    assert taken == sorted(taken)


def test_the_oldest_give_way_and_are_counted() -> None:
    mailbox = Mailbox[str](most_rows=2)
    for letter in "abcd":
        mailbox.put(letter)
    assert mailbox.take() == ["c", "d"]
    assert (mailbox.received, mailbox.taken, mailbox.dropped) == (4, 2, 2)
