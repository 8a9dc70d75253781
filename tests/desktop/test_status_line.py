"""The status line: what was done, for as long as it is news."""

import tkinter as tk

import pytest
import ttkbootstrap as ttk

from tapewarden.desktop.frame.status_line import LASTS_S, UNDO_S, StatusLine
from tapewarden.desktop.presenters.desk import Notice
from tapewarden.desktop.theme import Theme


@pytest.mark.parametrize(("undo", "lasts"), [(None, LASTS_S), (lambda: None, UNDO_S)])
def test_a_notice_goes_after_a_while_but_not_before_it_can_be_undone_no_more(
    window: ttk.App, monkeypatch: pytest.MonkeyPatch, undo: object, lasts: float
) -> None:
    now = 100.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    line = StatusLine(window, Theme(window), lambda: None)
    line.pack(fill="x")
    window.update()
    notice = Notice("Case 1 closed.", undo)  # type: ignore[arg-type]
    line.show(notice)
    now += lasts
    line.show(notice)
    assert texts(line)[0] == "Case 1 closed."
    now += 1
    line.show(notice)
    assert not any(texts(line))
    line.show(Notice("Case 2 closed."))
    assert texts(line)[0] == "Case 2 closed."


def texts(line: tk.Canvas) -> list[str]:
    return [line.itemcget(item, "text") for item in line.find_all()]  # type: ignore[no-untyped-call]
