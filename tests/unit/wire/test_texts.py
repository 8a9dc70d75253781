from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tapewarden.compiled.compiling import kernel
from tapewarden.domain.identifiers import order_id
from tapewarden.wire.texts import is_utf8, text_id

compiled_is_utf8 = kernel(is_utf8)
compiled_text_id = kernel(text_id)


def is_text(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


@given(content=st.one_of(st.binary(max_size=8), st.text(max_size=6).map(str.encode)))
@example(content=b"\xc0\x80")  # longer than it need be
@example(content=b"\xe0\x9f\xbf")
@example(content=b"\xed\xa0\x80")  # a surrogate
@example(content=b"\xf4\x90\x80\x80")  # beyond Unicode
@example(content=b"\xf4\x8f\xbf\xbf")
@example(content=b"\xe2\x82")
def test_utf8_is_what_python_decodes(content: bytes) -> None:
    data = np.frombuffer(content, np.uint8)
    assert compiled_is_utf8(data, 0, len(data)) == is_text(content)
    assert is_utf8(data, 0, len(data)) == is_text(content)


@given(before=st.binary(max_size=3), text=st.text(min_size=1, max_size=24), after=st.binary(max_size=3))
def test_a_text_has_the_id_of_the_domain(before: bytes, text: str, after: bytes) -> None:
    content = text.encode()
    data = np.frombuffer(before + content + after, np.uint8)
    number = compiled_text_id(data, len(before), len(before) + len(content))
    assert number % 2**64 == order_id(text)
    with np.errstate(over="ignore"):
        assert int(text_id(data, len(before), len(before) + len(content))) % 2**64 == order_id(text)


@pytest.mark.parametrize(
    "text",
    ["1", "0", "01", "9223372036854775807", "9223372036854775808", "99999999999999999999", "1a", "-1", "²"],
)
def test_decimals_are_told_from_other_texts(text: str) -> None:
    data = np.frombuffer(text.encode(), np.uint8)
    assert compiled_text_id(data, 0, len(data)) % 2**64 == order_id(text)
