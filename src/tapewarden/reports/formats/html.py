"""A document as one HTML page that needs nothing else."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from tapewarden.reports.document import Document
from tapewarden.reports.words import legible


def html(document: Document) -> bytes:
    """The page, UTF-8. It refers to nothing outside and runs no script; browsers are told to allow none."""
    return _template().render(document=document, svg=Markup).encode()


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader(__package__, "."),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_legible,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("report.html.jinja")


def _legible(value: object) -> object:
    """Every text as people may see it; pictures are made of such text already."""
    return legible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
