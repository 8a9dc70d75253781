"""The text of a PDF that typst set, read back from its content streams: enough for tests, no more."""

from __future__ import annotations

import re
import zlib

_OBJECT = re.compile(rb"(\d+) 0 obj\b(.*?)\bendobj", re.DOTALL)
_STREAM = re.compile(rb"(.*?)\bstream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_FONT = re.compile(rb"/([A-Za-z]\w*) (\d+) 0 R")
_SHOWN = re.compile(rb"/(\w+) [\d.]+ Tf|<([0-9a-fA-F]*)>|\(((?:\\.|[^\\)])*)\)", re.DOTALL)
_ESCAPE = re.compile(rb"\\([nrtbf()\\]|[0-7]{1,3})")
_MEANT = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def text_of(pdf: bytes) -> str:
    """All letters in the order in which they are set, lines and cells without anything between them."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    contents = {number: _unpacked(body) for number, body in objects.items()}
    fonts = {
        name.decode(): _letters(contents, objects[int(number)])
        for body in objects.values()
        for name, number in _FONT.findall(body)
        if b"/ToUnicode" in objects.get(int(number), b"")
    }
    return "".join(
        _page(content, fonts) for content in contents.values() if b"BT" in content and b" Tf" in content
    )


def _unpacked(body: bytes) -> bytes:
    found = _STREAM.match(body)
    if found is None:
        return b""
    return zlib.decompress(found[2]) if b"/FlateDecode" in found[1] else found[2]


def _letters(contents: dict[int, bytes], font: bytes) -> dict[int, str]:
    """What the glyphs of a font mean, by its ToUnicode map."""
    found = re.search(rb"/ToUnicode (\d+) 0 R", font)
    assert found is not None
    pairs = re.findall(rb"<([0-9a-fA-F]{4})> <([0-9a-fA-F]+)>", contents[int(found[1])])
    return {int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in pairs}


def _page(content: bytes, fonts: dict[str, dict[int, str]]) -> str:
    letters: dict[int, str] = {}
    shown = []
    for font, hexadecimal, literal in _SHOWN.findall(content):
        if font:
            letters = fonts.get(font.decode(), {})
            continue
        codes = bytes.fromhex(hexadecimal.decode()) if hexadecimal else _ESCAPE.sub(_unescaped, literal)
        shown += [
            letters.get(int.from_bytes(codes[place : place + 2]), "") for place in range(0, len(codes), 2)
        ]
    return "".join(shown)


def _unescaped(found: re.Match[bytes]) -> bytes:
    code = found[1]
    return bytes([int(code, 8)]) if code.isdigit() else _MEANT.get(code, code)
