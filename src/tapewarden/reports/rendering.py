"""Rendering a report in one of its formats. The same report gives the same bytes."""

from __future__ import annotations

from tapewarden.domain.casework import ExportFormat
from tapewarden.reports.composing import compose
from tapewarden.reports.content import Report


def render(report: Report, wanted: ExportFormat) -> bytes:
    """The file of a report.

    Raises:
        ValueError: For a ZIP, which is no report.
        RenderingError: The XML would not fit its schema, or the PDF cannot be set.
        ImportError: What is needed to make reports is not installed.
    """
    match wanted:
        case ExportFormat.HTML:
            from tapewarden.reports.formats.html import html

            return html(compose(report))
        case ExportFormat.PDF:
            from tapewarden.reports.formats.pdf import pdf

            return pdf(compose(report))
        case ExportFormat.XML:
            from tapewarden.reports.formats.xml import xml

            return xml(report)
        case ExportFormat.ZIP:
            raise ValueError("a ZIP file is a bundle, not a report")
