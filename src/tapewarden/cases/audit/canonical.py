"""Canonical JSON: equal values have equal bytes, so that hashes and signatures can be checked anywhere.

Keys are sorted by code point, nothing stands between tokens, text is UTF-8 and escaped only where JSON
demands it, integers are written in full, other numbers in the shortest form that reads back the same. This is
RFC 8785 but for integers beyond 2^53, which nanoseconds are, and for floats, which Python writes as `1.0`.
"""

from __future__ import annotations

import json

from tapewarden.domain.errors import FieldError
from tapewarden.domain.trail import Json


def canonical(value: Json) -> str:
    """The value's canonical JSON. ``FieldError`` for NaN, infinity and text that UTF-8 cannot hold.

    >>> canonical({"b": 1, "a": [None, "é"]})
    '{"a":[null,"é"],"b":1}'
    """
    try:
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
        text.encode()
    except ValueError as error:
        raise FieldError(None, "finite numbers and text that UTF-8 can hold", str(error)) from None
    return text
