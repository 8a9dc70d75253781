"""Whatever breaks when, the window gives every stream what is not durable, in order and without a hole."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tapewarden.client.window import Delivered, Message, Window


class Publishing(RuleBasedStateMachine):
    """A window, the stream it feeds, and a server that others may have told the same events."""

    def __init__(self) -> None:
        super().__init__()
        self.window = Window(0, 50)
        self.messages: list[Message] = []
        self.received = 0  # number of the last event the server has, durable or not
        self.durable = 0
        self.stream: list[Message] = []
        self.delivered: list[Delivered] = []
        self.clock = 0.0

    def now(self) -> float:
        self.clock += 1
        return self.clock

    @property
    def last(self) -> int:
        return self.messages[-1].last if self.messages else 0

    @rule(events=st.integers(0, 4))
    def produce(self, events: int) -> None:
        message = Message(f"{len(self.messages)}:{'x' * events}".encode(), self.last + 1, events)
        self.window.append(message)
        self.messages.append(message)

    @rule()
    def send(self) -> None:
        first = self.window.next_first()
        data = self.window.give(self.now())
        if data is None:
            assert first is None
            return
        message = next(one for one in self.messages if one.data == data)
        assert message.first == first
        if not self.stream:
            assert message.first <= self.durable + 1, "nothing is left out where a stream begins"
        else:
            assert message.first == self.stream[-1].last + 1
        self.stream.append(message)
        self.received = max(self.received, message.last)

    @rule(events=st.integers(1, 6))
    def somebody_else_sends(self, events: int) -> None:
        self.received += events

    @precondition(lambda self: self.stream)
    @rule(share=st.floats(0, 1))
    def acknowledge(self, share: float) -> None:
        self.durable += int((self.received - self.durable) * share)
        self.delivered += self.window.acknowledge(self.durable, self.now())

    @rule(share=st.floats(0, 1))
    def break_the_stream(self, share: float) -> None:
        """The server may have kept less than it received, never less than it acknowledged."""
        self.durable += int((self.received - self.durable) * share)
        self.received = self.durable
        self.stream = []
        self.delivered += self.window.rewind(self.durable, self.now())

    @invariant()
    def nothing_is_lost_or_told_twice(self) -> None:
        kept = self.messages[len(self.delivered) :]
        assert [(one.last, one.events) for one in self.delivered] == [
            (one.last, one.events) for one in self.messages[: len(self.delivered)]
        ]
        assert all(one.last <= self.durable for one in self.delivered)
        assert len(self.window) == len(kept)
        assert self.window.bytes == sum(len(one.data) for one in kept)
        assert self.window.full == (self.window.bytes >= 50)
        assert all(one.seconds is None or one.seconds > 0 for one in self.delivered)

    def teardown(self) -> None:
        """In the end all becomes durable."""
        self.break_the_stream(1.0)
        while self.window.next_first() is not None:
            self.send()
        self.received = self.durable = max(self.received, self.last)
        self.delivered += self.window.acknowledge(self.durable, self.now())
        self.nothing_is_lost_or_told_twice()
        assert not len(self.window)


TestPublishing = Publishing.TestCase
