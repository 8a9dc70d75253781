"""A document as PDF, set by typst: tagged (PDF/UA-1), with its own fonts, the same bytes on every machine."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any, Final

import msgspec
import typst

from tapewarden.domain.kinds import SECOND
from tapewarden.reports.document import Document
from tapewarden.reports.formats.errors import RenderingError
from tapewarden.reports.words import code_point, legible

STANDARD: Final = "ua-1"

_NOT_IN_FONTS: Final = re.compile(r'the text `"(.+?)"` could not be displayed')
_ESCAPED: Final = re.compile(r"\\u\{([0-9a-f]+)\}")
_MOST_TRIES: Final = 5  # one finds what the fonts lack, rarely another one does: letters change beside others


def pdf(document: Document) -> bytes:
    """The PDF. What typst's own fonts cannot show, such as most emoji, stands as its code point.

    Costs about 0.2 s, and 1 s for a thousand rows; twice that where characters have to be replaced.

    Raises:
        RenderingError: It cannot be set.
    """
    lacking: frozenset[str] = frozenset()
    for _ in range(_MOST_TRIES):
        try:
            return _compiled(document, lacking)
        except typst.TypstError as error:
            found = _lacking(error.diagnostic)
            if not found - lacking:
                raise RenderingError(f"the report cannot be set: {error.message}") from None
            lacking |= found
    raise RenderingError("the report cannot be set: its characters cannot be shown")


def _compiled(document: Document, lacking: frozenset[str]) -> bytes:
    """The PDF; the document goes in as data, so that nothing in it can be taken for markup."""
    data = _mapped(asdict(document), lambda text: _replaced(legible(text), lacking))
    compiled = typst.compile(
        _template(),
        sys_inputs={"document": msgspec.json.encode(data).decode()},
        timestamp=datetime.fromtimestamp(document.as_of_ns // SECOND, UTC),
        ignore_system_fonts=True,
        pdf_standards=[STANDARD],
    )
    assert isinstance(compiled, bytes)
    return compiled


def _lacking(diagnostic: str) -> frozenset[str]:
    """The characters that typst found in no font."""
    told = "".join(_NOT_IN_FONTS.findall(diagnostic))
    letters = _ESCAPED.sub(lambda code: chr(int(code[1], 16)), told)
    return frozenset(letter for letter in letters if not letter.isascii())  # these only stood beside one


def _replaced(text: str, lacking: frozenset[str]) -> str:
    return "".join(code_point(letter) if letter in lacking else letter for letter in text)


def _mapped(value: Any, change: Callable[[str], str]) -> Any:  # noqa: ANN401 - as deep as the document is
    """The value with every text changed."""
    if isinstance(value, dict):
        return {key: _mapped(one, change) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_mapped(one, change) for one in value]
    return change(value) if isinstance(value, str) else value


@cache
def _template() -> bytes:
    return (files(__package__) / "report.typ").read_bytes()
