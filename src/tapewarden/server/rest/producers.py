"""Who may send by HTTP: names, secrets and sources of producers, from a file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tapewarden.domain.errors import ConfigurationError
from tapewarden.runtime.sections import Section

SHORTEST_SECRET: Final = 32
"""Letters: 128 bits in hexadecimal."""

_OF_OTHERS: Final = 0o077  # permissions of anybody but the owner


@dataclass(frozen=True, slots=True, kw_only=True)
class Producer:
    """A program that sends events of some sources; ``secret`` is shared with it and never shown."""

    name: str
    secret: bytes = field(repr=False)
    sources: frozenset[str]


def load_producers(path: Path) -> Mapping[str, Producer]:
    """The producers of a TOML file, by name: tables ``[producers.NAME]`` with ``secret`` and ``sources``.

    Without ``sources`` a producer sends for the source of its own name.

    Raises:
        ConfigurationError: If the file cannot be read, others than its owner may read it, or an entry is not
            what it must be; a secret is never part of the message.
    """
    text = _private_text(path)
    top = Section.of_text(str(path), text)
    producers = top.section("producers")
    top.finish()
    return {name: _producer(name, producers) for name in producers.rest()}


def _producer(name: str, producers: Section) -> Producer:
    if not isinstance(producers.values[name], dict):
        raise ConfigurationError(f"{producers.place(name)}: expected a table, received another value")
    entry = producers.section(name)
    secret = entry.values.pop("secret", None)
    if not isinstance(secret, str) or len(secret) < SHORTEST_SECRET:
        expected = f"a text of at least {SHORTEST_SECRET} letters"
        raise ConfigurationError(
            f"{entry.place('secret')}: expected {expected}, received another value or none"
        )
    sources = entry.texts("sources", default=[name])
    entry.finish()
    return Producer(name=name, secret=secret.encode(), sources=frozenset(sources))


def _private_text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            if os.name == "posix" and os.fstat(file.fileno()).st_mode & _OF_OTHERS:
                raise ConfigurationError(f"{path}: expected a file that only its owner may read (chmod 600)")
            return file.read().decode()
    except OSError as error:
        raise ConfigurationError(f"{path}: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise ConfigurationError(f"{path}: expected TOML, received bytes that are not UTF-8") from None
