"""One case: what it shows, and what is done about it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from tapewarden.desktop.presenters.case_details.evidence import EvidenceKind
from tapewarden.desktop.presenters.case_details.header import header_of, header_while_reading, standing
from tapewarden.desktop.presenters.case_details.investigation_log import log_lines
from tapewarden.desktop.presenters.conditions import Bar, Heading, model_bars, rule_bars
from tapewarden.domain.case import CaseState, Closing, Disposition
from tapewarden.domain.casework import Attachment, ExportFormat, Move
from tapewarden.domain.commands import Assign, Close, Escalate, FormSuspicion, Investigate, Undo
from tapewarden.domain.errors import RefusedError, TapewardenError, UnavailableError, UncertainError
from tapewarden.domain.kinds import SECOND as SECOND_NS
from tapewarden.domain.signal import Anomaly, Reason
from tapewarden.domain.trail import Entry, Link, Value
from tests.unit.desktop.case_server import FIRST, SECOND, CaseScene
from tests.unit.desktop.tapes import START, signal
from tests.unit.desktop.windows import time_of


def opened(*, moves: tuple[Move, ...] = ()) -> CaseScene:
    scene = CaseScene(moves=moves)
    scene.details.open(1)
    return scene


def test_a_case_opens_at_its_gravest_signal_with_the_market_around_it() -> None:
    details = opened().details
    assert details.signal == FIRST
    assert details.replay is not None
    assert details.replay.timeline.at_ns == time_of(30)
    assert details.verification is not None
    assert [piece.kind for piece in details.evidence.items] == ["orders", "signal", "signal"]
    assert details.missing == details.warning == ""
    assert details.grounds is not None
    assert details.grounds.against == "habit of first"


def test_the_next_signal_is_elsewhere_and_its_market_is_read_once() -> None:
    scene = opened()
    scene.details.seek_signal()
    assert scene.details.signal == SECOND
    scene.details.seek_signal()
    scene.details.seek_signal(back=True)
    assert scene.services.surveillance.asked == ["first", "second"]


def test_an_only_signal_is_next_to_itself_and_the_speed_stays() -> None:
    scene = CaseScene(FIRST)
    scene.details.open(1)
    shown = scene.details.replay
    assert shown is not None
    shown.playback.change_speed(2)
    shown.seek(START)
    scene.details.seek_signal()
    scene.details.seek_signal()
    assert scene.details.replay is shown
    assert (shown.playback.speed, shown.timeline.at_ns) == (4.0, time_of(30))


def test_closing_forgets_everything() -> None:
    scene = opened()
    scene.details.close()
    details = scene.details
    assert (details.file, details.replay, details.case_id) == (None, None, None)
    assert len(details.evidence) == len(details.related) == len(details.log) == 0
    scene.change()
    assert scene.details.file is None


def test_what_others_change_is_read_again_and_the_cursor_stays() -> None:
    scene = opened()
    shown = scene.details.replay
    assert shown is not None
    shown.seek(time_of(12))
    scene.change(assignee="sam")
    assert scene.details.file is not None
    assert scene.details.file.case.assignee == "sam"
    assert scene.details.replay is shown
    assert shown.timeline.at_ns == time_of(11)


def test_a_market_that_cannot_be_read_is_said_and_may_be_read_again() -> None:
    scene = CaseScene()
    scene.services.surveillance.error = UnavailableError("the journal is away")
    scene.details.open(1)
    assert "the journal is away" in scene.details.missing
    scene.services.surveillance.error = None
    scene.details.look_again()
    assert scene.details.replay is not None
    scene.details.look_again()
    assert scene.services.surveillance.asked == ["first"] * 3


def test_a_case_that_is_not_there_is_said() -> None:
    scene = CaseScene()
    scene.details.open(7)
    assert "there is none" in scene.details.missing
    assert scene.desk.notice.bad


def test_a_chain_that_one_may_not_verify_is_not_called_verified() -> None:
    scene = CaseScene()
    scene.cases.unverifiable = RefusedError("ada may not read the audit trail")
    scene.details.open(1)
    assert scene.details.verification is None
    assert "may not read" in scene.details.unverified


def test_the_most_urgent_case_opens() -> None:
    scene = CaseScene()
    scene.details.open_most_urgent()
    assert scene.details.case_id == 1


def test_other_cases_of_the_actor_and_counterparties_are_related() -> None:
    scene = CaseScene()
    scene.put(SECOND, number=2)
    scene.details.open(1)
    told = {(one.kind, one.name): one for one in scene.details.related.items}
    assert told["case 2", "order book · BTC-USD@SIM"].case_id == 2
    assert ("account", "mallory") in told
    assert told["traded with", "bob"].note == "100% of what they traded here"


def test_an_act_is_sent_with_the_version_that_was_seen_and_can_be_undone() -> None:
    scene = opened()
    scene.work.assign("ada")
    assert scene.desk.notice.text == "Case 1 assigned to ada."
    scene.desk.undo()
    assert scene.cases.commands == [Assign("ada"), Undo()]
    assert scene.details.file is not None
    assert scene.details.file.case.version == 3


def test_what_a_command_did_is_shown_before_the_case_is_read_again() -> None:
    scene = opened()
    version = scene.details.version
    scene.cases.unreadable = UnavailableError("away")
    scene.work.assign("sam")
    assert scene.details.file is not None
    assert (scene.details.file.case.assignee, scene.details.file.case.version) == ("sam", 2)
    assert scene.details.version > version
    scene.work.investigate()
    assert scene.cases.commands == [Assign("sam"), Investigate()]


def test_an_older_version_that_comes_late_is_passed_over() -> None:
    scene = opened()
    before = scene.cases.files[1]
    scene.work.assign("sam")
    scene.cases.files[1] = before
    scene.details.read_again()
    assert scene.details.file is not None
    assert scene.details.file.case.assignee == "sam"


def test_a_conflict_is_shown_above_the_case_as_it_is_now() -> None:
    scene = opened()
    file = scene.cases.files[1]
    scene.cases.files[1] = replace(file, case=replace(file.case, version=5, assignee="sam"))
    scene.work.assign("ada")
    assert "you saw version 1" in scene.details.warning
    assert scene.desk.notice.bad
    assert scene.details.file is not None
    assert scene.details.file.case.assignee == "sam"
    assert scene.cases.commands == []


def test_nobody_is_told_that_something_was_done_when_nobody_knows() -> None:
    scene = opened()
    scene.cases.error = UncertainError("the connection was lost")
    scene.work.escalate("grave")
    assert scene.details.warning.startswith("Perhaps done, perhaps not")


def test_what_the_server_would_refuse_is_not_sent() -> None:
    scene = opened(moves=(Move("close", "case 1: it is open"), Move("assign", None)))
    assert scene.work.may("assign")
    assert not scene.work.may("close")
    assert scene.desk.notice.text == "case 1: it is open"


def test_texts_become_commands() -> None:
    scene = opened()
    scene.work.form_suspicion("2024-01-01 10:00", "r")
    scene.work.close("duplicate", "r", "CASE-0002")
    assert scene.cases.commands == [
        FormSuspicion(1_704_103_200 * SECOND_NS, "r"),
        Close(Disposition.DUPLICATE, "r", 2),
    ]


def test_files_are_attached_exported_and_saved(tmp_path: Path) -> None:
    scene = opened()
    note = tmp_path / "note.txt"
    note.write_bytes(b"hello")
    scene.work.attach(note)
    scene.work.comment("<script>& مرحبا 🙂")
    assert scene.cases.commands == [("note.txt", "text/plain", b"hello"), "<script>& مرحبا 🙂"]
    scene.work.export(tmp_path / "case.zip", ExportFormat.ZIP)
    assert (tmp_path / "case.zip").read_bytes() == b"zip of 1"
    scene.work.export(tmp_path / "v1.2", ExportFormat.PDF)
    assert (tmp_path / "v1.2.pdf").read_bytes() == b"pdf of 1"
    assert scene.desk.notice.text == f"Case 1 exported to {tmp_path / 'v1.2.pdf'}."
    for piece in scene.details.evidence.items:
        scene.work.save(piece, tmp_path / piece.name)
        assert hashlib.sha256((tmp_path / piece.name).read_bytes()).hexdigest() == piece.digest
    assert sorted(one.name for one in tmp_path.iterdir() if one.suffix == ".part") == []


def test_a_file_that_cannot_be_read_or_written_is_said(tmp_path: Path) -> None:
    scene = opened()
    scene.work.attach(tmp_path / "none.txt")
    assert "No such file" in scene.desk.notice.text
    scene.work.export(tmp_path / "none" / "case.zip", ExportFormat.ZIP)
    assert "No such file" in scene.desk.notice.text


def test_a_file_of_the_case_is_evidence_whose_bytes_the_server_has(tmp_path: Path) -> None:
    scene = CaseScene()
    file = scene.cases.files[1]
    attachment = Attachment(3, 1, START, "sam", "../evil name.txt", "text/plain", 7, "ab" * 32)
    scene.cases.files[1] = replace(file, attachments=(attachment,))
    scene.details.open(1)
    piece = scene.details.evidence.items[0]
    assert (piece.kind, piece.content, piece.digest) == (EvidenceKind.FILE, None, "ab" * 32)
    scene.work.save(piece, tmp_path / "saved.txt")
    assert (tmp_path / "saved.txt").read_bytes() == b"content"


def test_orders_are_exported_with_exact_decimals() -> None:
    details = opened().details
    lines = (details.evidence.items[0].content or b"").decode().splitlines()
    assert lines[0].startswith("ts_event_ns,event,side,price,size,account")
    assert lines[1] == f"{time_of(10)},PLACE,SELL,10.1,0.05,mallory,,wall,2"
    assert len(lines) == 1 + 6


def test_the_log_says_in_words_who_did_what_the_latest_first() -> None:
    told: list[tuple[str, Value | None, Value | None, str]] = [
        ("case.open", None, {"signals": ["a", "b"]}, ""),
        ("case.assign", None, {"assignee": "ada"}, ""),
        ("case.comment", None, {"text": "two\nlines"}, ""),
        ("case.close", None, {"proposed": {"disposition": "false positive"}}, "news"),
        ("case.approve", None, {}, ""),
        ("case.unheard of", None, None, "because"),
    ]
    links = [
        Link(
            number,
            Entry(at_ns=START, actor="x", action=action, subject="case 1", old=old, new=new, reason=why),
            b"",
        )
        for number, (action, old, new, why) in enumerate(told)
    ]
    assert [line.text for line in reversed(log_lines(links))] == [
        "case opened from 2 signals",
        "assigned to ada",
        "commented: two lines",
        "proposed to close as false positive: news",
        "approved the closing",
        "unheard of: because",
    ]
    whole = log_lines(links)[3].full_text
    assert "two\nlines" in whole
    assert "entry 2 of the audit trail" in whole


def test_the_header_says_what_is_simulated_and_what_waits_for_whom() -> None:
    scene = opened()
    assert scene.details.file is not None
    file = scene.details.file
    assert header_of(file, simulated=True).chips[0].text == "SIM"
    assert "SIM" not in [chip.text for chip in header_of(file, simulated=False).chips]
    assert "2 signals" in header_of(file, simulated=False).about
    assert "market time" in header_of(file, simulated=True).about
    assert header_while_reading(7, "Reading case 7 …").title == "CASE-0007"
    proposed = replace(file.case, proposed=Closing(Disposition.FALSE_POSITIVE, "a\nmaker", "ada", START))
    assert standing(proposed) == (
        "ada proposes to close it as false positive: “a maker”.  A second person must approve."
    )
    closing = Closing(Disposition.DUPLICATE, "same", "ada", START, 4, "sam")
    closed = replace(file.case, state=CaseState.CLOSED, closing=closing)
    assert standing(closed) == "ada closed it as duplicate of CASE-0004: “same”.  Approved by sam."
    assert standing(file.case) == ""


@pytest.mark.parametrize(
    ("reason", "text"),
    [
        (Reason("pulled", 0.97, 0.85, "of wall", passed=True), "97% ≥ 85% met · of wall"),
        (Reason("life", 0.21, 0.5, "s", passed=True), "0.21 ≤ 0.5 met · s"),
        (Reason("life", 0.7, 0.5, "s", passed=False), "0.7 > 0.5 not met · s"),
        (Reason("hedged", 1_234.56, 0.5, "lots", passed=True), "1,235 ≥ 0.5 met · lots"),
        (Reason("size", 1.0, 4.0, "times", passed=False), "1 < 4 not met · times"),
    ],
)
def test_a_condition_says_how_its_value_is_beside_its_threshold(reason: Reason, text: str) -> None:
    heading, bar = rule_bars([replace(FIRST, reasons=(reason,))])
    assert isinstance(heading, Heading)
    assert isinstance(bar, Bar)
    assert bar.text == text
    assert bar.mark is not None
    assert (bar.share >= bar.mark) == (reason.value >= reason.threshold)


def test_bars_stay_within_their_bounds_whatever_the_values() -> None:
    reasons = tuple(
        Reason("r", value, threshold, "") for value, threshold in ((0, 0), (-5, 3), (1e300, 1e-300))
    )
    for bar in rule_bars([replace(FIRST, reasons=reasons)])[1:]:
        assert isinstance(bar, Bar)
        assert 0 <= bar.share <= 1
        assert bar.mark is None or 0 <= bar.mark <= 1


def test_a_model_says_its_score_how_rare_that_is_and_its_name() -> None:
    anomaly = Anomaly(model="m-42", raw_score=0.71, p_value=0.003, features=(), level=0.65)
    first = replace(signal("x", first=0, last=1), anomaly=replace(anomaly, level=None))
    old, bar = model_bars([FIRST, first, replace(first, anomaly=anomaly)])
    assert isinstance(old, Bar)
    assert isinstance(bar, Bar)
    assert bar.name == "1 s from 22:13:20 · model m-42"
    assert bar.text == "0.710 ≥ 0.650 · above 99.7% of usual windows"
    assert old.text == "0.710 · above 99.7% of usual windows"


def test_beside_a_case_of_rules_stands_what_models_said_of_the_same_actor_the_rarest_first() -> None:
    scene = CaseScene()
    usual, rare = (
        replace(FIRST, id=name, anomaly=Anomaly(model="m", raw_score=1.0, p_value=p_value, features=()))
        for name, p_value in (("usual", 0.01), ("rare", 0.001))
    )
    scene.services.surveillance.unusual = (usual, rare)
    scene.details.open(1)
    assert scene.details.unusual == (rare, usual)
    asked = scene.services.surveillance.wanted
    assert asked is not None
    assert (asked.family, asked.actor, asked.instrument) == ("anomaly", FIRST.actor, FIRST.instrument)
    scene.details.close()
    assert not scene.details.unusual


def test_an_act_on_nothing_is_refused() -> None:
    scene = CaseScene()
    scene.work.comment("hello")
    assert scene.desk.notice.text == "no case is open"
    assert issubclass(RefusedError, TapewardenError)
    assert scene.details.refusal("close") == "no case is open"
    assert Escalate("x") not in scene.cases.commands
