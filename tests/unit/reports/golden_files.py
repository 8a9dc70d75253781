"""Writes the golden files anew: ``python -m tests.unit.reports.golden_files``, then read what changed."""

from tapewarden.reports.composing import compose
from tapewarden.reports.formats.html import html
from tapewarden.reports.formats.xml import xml
from tests.unit.reports.cases import report
from tests.unit.reports.test_formats import GOLDEN

if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    (GOLDEN / "report.html").write_bytes(html(compose(report())))
    (GOLDEN / "report.xml").write_bytes(xml(report()))
