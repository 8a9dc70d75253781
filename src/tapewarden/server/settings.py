"""The ``[server]`` table of the configuration file, environment variables over it, made into a plan.

``docs/reference/server.md`` shows every key. Whatever is wrong is refused with file, key, what was expected
and what was received.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Final

from tapewarden.cases import place
from tapewarden.client.connection import DEFAULT_ADDRESS
from tapewarden.domain.errors import ConfigurationError
from tapewarden.domain.kinds import HOUR, SECOND
from tapewarden.engine.contract import Detector
from tapewarden.live.intake import Bounds
from tapewarden.live.pipeline import Keeping, Options
from tapewarden.reports.content import Entity
from tapewarden.runtime.configuration import Configuration, parse_configuration
from tapewarden.runtime.sections import Section
from tapewarden.server.access import Limits, ServerTls
from tapewarden.server.rest.listener import DEFAULT_HTTP, HttpPlan
from tapewarden.server.rest.producers import load_producers
from tapewarden.server.serving import Plan

VARIABLES: Final = ("listen", "data", "database")
"""Keys that ``TAPEWARDEN_LISTEN`` and so on replace."""

_MOST: Final = 2**62


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the file says of the server.

    Attributes:
        plan: How to serve; without the key that signs, which may have to be made.
        key: File of that key.
        metrics: Address for metrics, ``None`` for none.
        log_format: ``json`` or ``text``.
    """

    plan: Plan
    key: Path
    metrics: str | None
    log_format: str


def load_settings(
    path: Path | None,
    detectors: Iterable[Detector],
    environment: Mapping[str, str] = os.environ,
    *,
    data: Path | None = None,
    listen: str | None = None,
) -> Settings:
    """The settings in a file, or the usual ones; ``data`` and ``listen`` count before all.

    Raises:
        ConfigurationError: Naming the file, and the key if one is wrong.
    """
    known = tuple(detectors)
    try:
        text = "" if path is None else path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: {error}") from error
    file = "the usual configuration" if path is None else str(path)
    configuration = parse_configuration(file, text, known)
    section = Section.of_text(file, text).section("server")
    for name in VARIABLES:
        value = environment.get(f"TAPEWARDEN_{name.upper()}")
        if value is not None:
            section.values[name] = value
    section.values |= {} if data is None else {"data": str(data)}
    section.values |= {} if listen is None else {"listen": listen}
    settings = _settings(section, configuration, Path() if path is None else path.parent)
    section.finish()
    return settings


def _settings(section: Section, configuration: Configuration, beside: Path) -> Settings:
    folder = beside / (section.text("data") or place.FOLDER)
    plan = Plan(
        folder=folder,
        configuration=configuration,
        listen=section.text("listen") or DEFAULT_ADDRESS,
        database=section.text("database"),
        tokens=section.flag("tokens", default=False),
        simulation=section.flag("simulation", default=False),
        tls=_tls(section.section("tls"), beside),
        limits=_limits(section.section("limits")),
        http=_http(section.section("http"), beside),
        entity=_entity(section.section("reports")),
        options=Options(
            bounds=_bounds(section.section("bounds")), keeping=_keeping(section.section("keeping"))
        ),
    )
    key = section.text("key")
    formats = {"json": "json", "text": "text"}
    return Settings(
        plan=plan,
        key=folder / place.KEY if key is None else beside / key,
        metrics=section.text("metrics"),
        log_format=section.one_of("log", formats) if "log" in section.values else "text",
    )


def _tls(section: Section, beside: Path) -> ServerTls | None:
    certificate, key = section.text("certificate"), section.text("key")
    authority = section.text("client_authority")
    section.finish()
    if certificate is None and key is None and authority is None:
        return None
    if certificate is None or key is None:
        raise section.refuse("certificate" if certificate is None else "key", "a file")
    return ServerTls(
        certificate=beside / certificate,
        key=beside / key,
        client_authority=None if authority is None else beside / authority,
    )


def _limits(section: Section) -> Limits:
    usual = Limits()
    limits = Limits(
        calls_per_second=float(
            section.whole("calls_per_second", int(usual.calls_per_second), least=1, most=10**6)
        ),
        burst=section.whole("burst", usual.burst, least=1, most=10**6),
        open_calls=section.whole("open_calls", usual.open_calls, least=1, most=10**4),
    )
    section.finish()
    return limits


def _bounds(section: Section) -> Bounds:
    usual = Bounds()
    bounds = replace(
        usual,
        instruments=section.whole("instruments", usual.instruments, least=1, most=10**6),
        accounts=section.whole("accounts", usual.accounts, least=1, most=10**8),
        sources=section.whole("sources", usual.sources, least=1, most=10**5),
    )
    section.finish()
    return bounds


def _keeping(section: Section) -> Keeping:
    usual = Keeping()
    keeping = Keeping(
        every_events=section.whole("checkpoint_events", usual.every_events, least=1_000, most=_MOST),
        every_ns=section.duration("checkpoint_every", HOUR),
        most_bytes=section.whole("journal_bytes", 0, least=0, most=_MOST) or None,
        age_ns=section.duration("journal_age") if "journal_age" in section.values else None,
    )
    if keeping.every_ns < SECOND:
        raise section.refuse("checkpoint_every", "at least 1s")
    section.finish()
    return keeping


def _entity(section: Section) -> Entity:
    entity = Entity(**{field.name: section.text(field.name) for field in fields(Entity)})
    section.finish()
    return entity


def _http(section: Section, beside: Path) -> HttpPlan | None:
    producers, listen = section.text("producers"), section.text("listen") or DEFAULT_HTTP
    certificate, key = section.text("certificate"), section.text("key")
    section.finish()
    if producers is None:
        if section.values:
            raise section.refuse("producers", "a file")
        return None
    if (certificate is None) != (key is None):
        raise section.refuse("key" if key is None else "certificate", "a file beside the other one")
    context = None
    if certificate is not None and key is not None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        try:
            context.load_cert_chain(beside / certificate, beside / key)
        except OSError as error:
            raise ConfigurationError(f"{section.place('certificate')}: {error}") from None
    return HttpPlan(producers=load_producers(beside / producers), listen=listen, tls=context)
