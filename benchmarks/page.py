"""The page `docs/explanation/performance.md`, made of the reports of all benchmarks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from benchmarks.apart import ROOT
from benchmarks.figures import Figure, Report, number_text
from benchmarks.machine import machine_line
from tapewarden.domain.errors import ConfigurationError

PAGE: Final = ROOT / "docs" / "explanation" / "performance.md"
HEAD: Final = """\
# Performance

This page is written by `tapewarden bench --docs`, and a part of it, on the same machine, by `tapewarden bench
NAME --docs`; `make bench` prints the same tables for your machine.

Measured on: {machine}.

All times are CPU time of the process, so that waiting for a core does not count. Where two sides are
compared they do the same work in the same run, in turn, {rounds} rounds; their outputs are checked to be
equal, and the figure is the median of the rounds' ratios. Absolute rates depend on the machine, on what else
it does (caches and memory are shared) and move by 10 to 20 % from run to run; ratios move less. Tapes are
generated, {instruments} instruments and {accounts:,} accounts with skewed activity, unless a recorded market
is named. A figure that misses its target stays in the table.
"""


def write_page(reports: Sequence[Report], rounds: int, instruments: int, accounts: int) -> None:
    """Write the page anew."""
    head = HEAD.format(machine=machine_line(), rounds=rounds, instruments=instruments, accounts=accounts)
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(
        "\n".join([head, *(line for report in reports for line in section(report))]), encoding="utf-8"
    )


def rewrite_section(report: Report) -> None:
    """Write the part of one benchmark anew.

    Raises:
        ConfigurationError: If the page was measured elsewhere, or tells nothing of this benchmark.
    """
    page, here = PAGE.read_text(encoding="utf-8"), f"Measured on: {machine_line()}.\n"
    if here not in page:
        there = re.search(r"^Measured on: .*\n", page, re.MULTILINE)
        received = there[0].strip() if there else "none"
        raise ConfigurationError(f"{PAGE.name}: expected {here.strip()!r}, received {received!r}")
    lines = "\n".join([*section(report), ""])
    whole, count = re.subn(rf"^## {report.name}\n.*?(?=^## |\Z)", lambda _: lines, page, flags=re.M | re.S)
    if count != 1:
        raise ConfigurationError(f"{PAGE.name}: expected a part {report.name!r}, received none")
    PAGE.write_text(whole.rstrip("\n") + "\n", encoding="utf-8")


def section(report: Report) -> Iterator[str]:
    """The lines of one benchmark."""
    yield f"## {report.name}\n"
    if report.method:
        yield f"{report.method}\n"
    if report.figures:
        yield "| figure | measured | target | |\n|---|---:|---|---|"
        yield from (table_row(figure) for figure in report.figures)
        yield ""
    for note in report.notes:
        yield f"{note[:1].upper()}{note[1:]}.\n"


def table_row(figure: Figure) -> str:
    """A figure as a row of a table."""
    cells = (figure.what, f"{number_text(figure.measured)} {figure.unit}", figure.target, figure.verdict)
    return f"| {' | '.join(cells)} |"
