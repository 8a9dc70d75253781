"""The version of tapewarden, as tapes and services state it."""

from typing import Final

VERSION: Final = "0.1.0"
