"""Keys by the names people give them."""

import pytest

from tapewarden.desktop.presenters.keys import key_name, types_text

SHIFT, LOCK, CONTROL, ALT, NUM_LOCK = 0x1, 0x2, 0x4, 0x8, 0x10


@pytest.mark.parametrize(
    ("keysym", "state", "name"),
    [
        ("a", 0, "A"),
        ("a", NUM_LOCK, "A"),
        ("A", LOCK, "A"),
        ("A", SHIFT, "Shift+A"),
        ("k", CONTROL, "Ctrl+K"),
        ("2", ALT, "Alt+2"),
        ("Left", SHIFT, "Shift+Left"),
        ("question", SHIFT, "?"),
        ("space", 0, "Space"),
        ("F1", 0, "F1"),
        ("Return", CONTROL | SHIFT, "Ctrl+Shift+Enter"),
    ],
)
def test_a_key_has_the_name_people_write(keysym: str, state: int, name: str) -> None:
    assert key_name(keysym, state) == name


@pytest.mark.parametrize("name", ["A", "Space", "/", "Left", "Shift+Left", "Enter", "F", "End"])
def test_text_fields_keep_the_keys_that_edit_text(name: str) -> None:
    assert types_text(name)


@pytest.mark.parametrize("name", ["Ctrl+K", "Alt+1", "F1", "F12", "Escape", "Ctrl+Shift+Enter"])
def test_text_fields_leave_other_keys_to_the_window(name: str) -> None:
    assert not types_text(name)
