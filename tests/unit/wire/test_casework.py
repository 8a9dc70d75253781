"""Cases and commands arrive on the other side of the wire as they were sent."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewarden.domain.case import Case, CaseState, Closing, Disposition
from tapewarden.domain.casework import (
    Attachment,
    CaseFile,
    CaseFilter,
    CaseOrder,
    Comment,
    Move,
    Muting,
    Queued,
    StoredSignal,
    Suppression,
)
from tapewarden.domain.commands import (
    Approve,
    Assign,
    Close,
    Command,
    Decline,
    Escalate,
    FormSuspicion,
    Investigate,
    Reopen,
    Undo,
)
from tapewarden.domain.errors import FieldError
from tapewarden.domain.trail import Entry, Link
from tapewarden.domain.typology import Severity
from tapewarden.wire import casework
from tapewarden.wire.commands import command_message, command_of
from tapewarden.wire.v1 import cases_pb2, signals_pb2
from tests.unit.cases.signals import signal

texts = st.text(max_size=8)
maybe_texts = st.none() | texts
times = st.integers(-(2**63), 2**63 - 1)
numbers = st.integers(0, 2**32 - 1)
maybe_numbers = st.none() | numbers
scores = st.floats(allow_nan=False)
closings = st.builds(Closing, st.sampled_from(Disposition), texts, texts, times, maybe_numbers, maybe_texts)
cases = st.builds(
    Case,
    id=numbers,
    version=numbers,
    actor=texts,
    instrument=texts,
    family=texts,
    severity=st.sampled_from(Severity),
    priority=scores,
    start_ns=times,
    end_ns=times,
    opened_ns=times,
    state=st.sampled_from(CaseState),
    assignee=maybe_texts,
    suspicion_formed_ns=st.none() | times,
    proposed=st.none() | closings,
    closing=st.none() | closings,
)
values = st.none() | st.dictionaries(
    texts, st.none() | st.booleans() | times | scores | texts | st.lists(texts, max_size=2), max_size=3
)
links = st.builds(
    Link,
    st.integers(0, 2**64 - 1),
    st.builds(
        Entry, at_ns=times, actor=texts, action=texts, subject=texts, old=values, new=values, reason=texts
    ),
    st.binary(min_size=32, max_size=32),
)
mutings = st.builds(
    Muting, detector=maybe_texts, actor=maybe_texts, instrument=maybe_texts, family=maybe_texts
)
files = st.builds(
    CaseFile,
    cases,
    st.tuples(st.builds(StoredSignal, st.just(signal()), st.none() | scores, maybe_numbers, maybe_numbers)),
    st.tuples(st.builds(Comment, numbers, numbers, times, texts, texts)),
    st.tuples(
        st.builds(Attachment, numbers, numbers, times, texts, texts, texts, st.integers(0, 2**64 - 1), texts)
    ),
    st.tuples(links),
    st.tuples(st.builds(Move, texts, maybe_texts)),
)
filters = st.builds(
    CaseFilter,
    state=st.none() | st.sampled_from(CaseState),
    disposition=st.none() | st.sampled_from(Disposition),
    assignee=maybe_texts,
    family=maybe_texts,
    severity=st.none() | st.sampled_from(Severity),
    actor=maybe_texts,
    instrument=maybe_texts,
    minimum_priority=st.none() | scores,
    since_ns=st.none() | times,
    until_ns=st.none() | times,
    text=maybe_texts,
    order=st.sampled_from(CaseOrder),
    limit=st.integers(1, 2**32 - 1),
    offset=numbers,
)
commands: st.SearchStrategy[Command | Undo] = st.one_of(
    st.builds(Assign, maybe_texts),
    st.just(Investigate()),
    st.builds(FormSuspicion, times, texts),
    st.builds(Close, st.sampled_from(Disposition), texts, maybe_numbers),
    *(st.builds(kind, texts) for kind in (Escalate, Approve, Decline, Reopen, Undo)),
)


@given(files, numbers)
def test_a_case_with_all_that_belongs_to_it_arrives_as_it_was(file: CaseFile, signals: int) -> None:
    data = casework.file_message(file).SerializeToString()
    assert casework.file_of(cases_pb2.CaseFile.FromString(data)) == file
    queued = casework.queued_message(Queued(file.case, signals)).SerializeToString()
    assert casework.queued_of(cases_pb2.QueuedCase.FromString(queued)) == Queued(file.case, signals)


@given(filters)
def test_a_filter_arrives_as_it_was(wanted: CaseFilter) -> None:
    data = casework.filter_message(wanted).SerializeToString()
    assert casework.filter_of(cases_pb2.CaseFilter.FromString(data)) == wanted


def test_a_filter_that_says_nothing_is_the_default() -> None:
    assert casework.filter_of(cases_pb2.CaseFilter()) == CaseFilter()


@given(commands)
def test_a_command_arrives_as_it_was(command: Command | Undo) -> None:
    data = command_message(command).SerializeToString()
    assert command_of(cases_pb2.Command.FromString(data)) == command


@given(mutings, numbers, times, texts)
def test_a_suppression_arrives_as_it_was(muting: Muting, number: int, time: int, text: str) -> None:
    one = Suppression(id=number, muting=muting, from_ns=time, until_ns=time, by=text, reason=text)
    data = casework.suppression_message(one).SerializeToString()
    assert casework.suppression_of(cases_pb2.Suppression.FromString(data)) == one


def test_a_stored_signal_that_is_in_no_case_says_so() -> None:
    stored = StoredSignal(signal(), None, None, 3)
    data = casework.stored_message(stored).SerializeToString()
    found = casework.stored_of(signals_pb2.StoredSignal.FromString(data))
    assert found == stored
    assert found != replace(stored, case_id=0)


def test_words_that_are_none_are_refused_by_field() -> None:
    with pytest.raises(FieldError, match="severity: expected one of low, medium, high, critical"):
        casework.filter_of(cases_pb2.CaseFilter(severity="grave"))
    with pytest.raises(FieldError, match="disposition: expected one of suspicion reported"):
        command_of(cases_pb2.Command(close=cases_pb2.Close(disposition="bored")))
    with pytest.raises(FieldError, match="command: expected a command, received none"):
        command_of(cases_pb2.Command())
