"""One case as HTML, PDF and XML: the same bytes each time, foreign words as words, XML by its schema."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from lxml import etree

from tapewarden.cases.audit.chain import chained
from tapewarden.domain.casework import ExportFormat
from tapewarden.reports.composing import compose
from tapewarden.reports.content import Entity, Report
from tapewarden.reports.document import Heading, Table
from tapewarden.reports.formats.errors import RenderingError
from tapewarden.reports.formats.html import html
from tapewarden.reports.formats.pdf import pdf
from tapewarden.reports.formats.xml import NAMESPACE, schema, xml
from tapewarden.reports.printing import print_report
from tapewarden.reports.rendering import render
from tapewarden.reports.sections.market import LISTED
from tapewarden.reports.sections.suspicion import DETAILED
from tests.unit.reports.cases import SUSPECT, case, report, reports, signal, simulated, window
from tests.unit.reports.cases import reported as reported_signal
from tests.unit.reports.pdf_text import text_of

GOLDEN = Path(__file__).parent / "golden"
INJECTED = '<script>alert("&")</script> #set text(red) *bold* $x$ {{ 7 * 7 }} ]]> \x00\u202e'
SHOWN = '<script>alert("&")</script> #set text(red) *bold* $x$ {{ 7 * 7 }} ]]> [U+0000][U+202E]'
LONG = "n" * 300
FORMATS = (ExportFormat.HTML, ExportFormat.PDF, ExportFormat.XML)


class Page(HTMLParser):
    """The words of a page, its tags, and what it refers to."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: set[str] = set()
        self.addresses: list[str] = []
        self.feed(content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src", "action")]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def tree(content: bytes) -> etree._Element:
    return etree.fromstring(content)


def texts(root: etree._Element, name: str) -> list[str]:
    return [one.text or "" for one in root.iter(f"{{{NAMESPACE}}}{name}")]


def test_html_and_xml_are_as_they_were_read_and_found_good() -> None:
    """To renew the files after a change on purpose: ``python -m tests.unit.reports.golden_files``."""
    assert html(compose(report())).decode() == (GOLDEN / "report.html").read_text("utf-8")
    assert xml(report()).decode() == (GOLDEN / "report.xml").read_text("utf-8")


@pytest.mark.parametrize("wanted", FORMATS)
def test_the_same_case_gives_the_same_bytes(wanted: ExportFormat) -> None:
    assert render(report("🙂"), wanted) == render(report("🙂"), wanted)


def test_foreign_words_are_words_in_every_format() -> None:
    one = report(INJECTED)
    page = Page(html(compose(one)))
    assert SHOWN in page.words
    assert "script" not in page.tags
    assert SHOWN.replace(" ", "") in text_of(pdf(compose(one))).replace(" ", "")
    assert SHOWN in texts(tree(xml(one)), "comment")


def test_a_page_refers_to_nothing_outside_and_forbids_it() -> None:
    content = html(compose(report()))
    page = Page(content)
    assert page.addresses
    assert all(one.startswith("data:image/png;base64,") for one in page.addresses)
    assert b"default-src 'none'" in content
    assert set(re.findall(rb"https?://[^\s\"'<]+", content)) <= {b"http://www.w3.org/2000/svg"}


@given(reports())
@settings(max_examples=25)
def test_any_case_gives_xml_that_fits_the_schema(found: Report) -> None:
    content = xml(found)
    validator = etree.XMLSchema(etree.fromstring(schema()))
    assert validator.validate(tree(content)), validator.error_log
    assert content == xml(found)


@given(reports())
@settings(max_examples=15)
def test_any_case_gives_a_page_with_balanced_elements(found: Report) -> None:
    page = Page(html(compose(found)))
    assert page.tags <= {*Page(html(compose(report()))).tags, *Page(html(compose(simulated()))).tags}


@given(reports())
@settings(max_examples=6)
def test_any_case_gives_a_pdf(found: Report) -> None:
    assert pdf(compose(found)).startswith(b"%PDF-1.7")


def test_xml_that_does_not_fit_the_schema_never_leaves() -> None:
    with pytest.raises(RenderingError, match=r"would not be valid.*severity"):
        xml(report(signals=(reported_signal(signal(severity="enormous")),)))


def test_entries_in_xml_can_be_recomputed_by_anybody() -> None:
    for one in tree(xml(report())).iterfind(f".//{{{NAMESPACE}}}entry"):
        assert chained(bytes.fromhex(one.get("before", "")), one.text or "").hex() == one.get("digest")
        assert json.loads(one.text or "")["number"] == int(one.get("number", "0"))


def test_what_the_fonts_of_a_pdf_lack_stands_as_its_code_point_and_what_they_have_is_shown() -> None:
    text = text_of(pdf(compose(report("smile 🙂 中 שלום καλή день"))))
    assert "smile[U+1F642][U+4E2D]" in text.replace(" ", "")
    assert all(word in text for word in ("καλή", "день"))
    assert set("שלום") <= set(text)


def test_a_pdf_is_tagged_and_numbers_its_pages() -> None:
    content = pdf(compose(report()))
    assert b"/StructTreeRoot" in content
    assert b"pdfuaid:part" in content
    pages = len(re.findall(rb"/Type ?/Page\b", content))
    assert f"page {pages} of {pages}" in text_of(content)


def test_long_names_are_kept_whole_in_every_format() -> None:
    long = report(LONG, case=case(actor=LONG))
    assert LONG in text_of(pdf(compose(long)))
    assert LONG in Page(html(compose(long))).words
    assert LONG in texts(tree(xml(long)), "actor")


@pytest.mark.parametrize("wanted", FORMATS)
def test_what_is_simulated_says_so(wanted: ExportFormat) -> None:
    def words(one: Report) -> str:
        content = render(one, wanted)
        return text_of(content) if wanted is ExportFormat.PDF else content.decode()

    mark = 'simulated="true"' if wanted is ExportFormat.XML else "SIM – simulated market"
    assert mark in words(simulated())
    assert mark in words(report(case=case(instrument="BTC-USD@SIM2"), windows=()))
    assert mark not in words(report(case=case(instrument="BTC-USD@SIMEX"), windows=()))
    assert mark not in words(report())


def test_a_report_names_what_it_does_not_know_and_claims_no_compatibility() -> None:
    words = " ".join(Page(html(compose(report(entity=Entity(), windows=())))).words)
    assert "NA – not stated in the configuration" in words
    assert "no legal advice, and no claim that this file can be submitted" in words
    assert "2016/957" in words


def test_sections_stand_in_the_order_of_the_template() -> None:
    assert [(one.number, one.title) for one in compose(report()).sections] == [
        (1, "Identity of the entity submitting the report"),
        (2, "Transaction or order"),
        (3, "Description of the nature of the suspicion"),
        (4, "Identity of the persons whose orders or transactions are suspected"),
        (5, "Additional information"),
        (6, "Documentation attached"),
    ]


def test_of_many_events_people_are_shown_the_last_and_the_xml_has_all() -> None:
    one = window()
    many = replace(one, events=one.events * (LISTED // 2), left_out=3)
    crowded = report(windows=(many, one))
    (first, second) = (block for block in compose(crowded).sections[1].blocks if isinstance(block, Table))
    assert (len(first.rows), len(second.rows)) == (LISTED // 2, 4)
    words = " ".join(Page(html(compose(crowded))).words)
    assert f"The last {LISTED // 2:,} of them are listed here, the XML has all {2 * LISTED:,}" in words
    assert "3 earlier events of the suspects in this window are left out" in words
    assert len(list(tree(xml(crowded)).iter(f"{{{NAMESPACE}}}event"))) == 2 * LISTED + 4


def test_of_many_signals_those_with_the_highest_scores_are_shown_in_detail_and_all_in_one_table() -> None:
    count = DETAILED + 5
    ones = [signal(f"s{number}", score=(number % count) / count) for number in range(count)]
    repeated = report(signals=tuple(map(reported_signal, ones)))
    blocks = compose(repeated).sections[2].blocks
    headings = [block.text for block in blocks if isinstance(block, Heading)]
    assert headings == [f"Signal {number}: Spoofing" for number in range(6, count + 1)]
    overview = next(block for block in blocks if isinstance(block, Table))
    assert len(overview.rows) == count
    assert len(list(tree(xml(repeated)).iter(f"{{{NAMESPACE}}}signal"))) == count


def test_a_case_that_accuses_nobody_says_so() -> None:
    quiet = report(
        case=case(actor=""), signals=(reported_signal(signal(actor="", parties=())),), windows=(), entries=()
    )
    words = " ".join(Page(html(compose(quiet))).words)
    assert "They accuse nobody" in words
    assert SUSPECT not in words


def test_a_report_is_made_in_a_process_of_its_own_with_the_same_bytes() -> None:
    assert print_report(report(), ExportFormat.XML) == xml(report())
    with pytest.raises(RenderingError, match="would not be valid"):
        print_report(report(signals=(reported_signal(signal(severity="enormous")),)), ExportFormat.XML)
