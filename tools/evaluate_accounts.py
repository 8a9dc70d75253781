"""Let detectors watch spoofers on one account and on two; rewrite that part of `docs/evaluation.md`.

Run as `python -m tools.evaluate_accounts`; `make evaluate` does. It takes two or three minutes on one core.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from tapewarden.evaluation.intervals import Share
from tapewarden.evaluation.published import FIRST_SEED
from tapewarden.evaluation.splitting import Caught, by_form
from tapewarden.simulator.scenarios.scenario import Ranges
from tools.build_docs import rewrite, tell

PAGE: Final = Path(__file__).parents[1] / "docs" / "evaluation.md"
MARKETS: Final = 20


def lines_of(found: Mapping[str, Caught]) -> Iterator[str]:
    """One row for each form of the scheme."""
    yield "| the spoofer trades on | caught by SPF-01 | by any rule of the book | false alarms |"
    yield "|---|---:|---:|---:|"
    for name, caught in found.items():
        yield f"| {name} | {_told(caught.meant)} | {_told(caught.any)} | {caught.false_alarms} |"


def _told(one: Share) -> str:
    return f"{one.hits}/{one.total} ({one.low:.2f}–{one.high:.2f})"


def main() -> int:
    """Measure, rewrite the page."""
    seeds = range(FIRST_SEED, FIRST_SEED + MARKETS)
    lines = list(lines_of(dict(by_form(seeds, Ranges.PUBLISHED, tell))))
    print("\n".join(lines))
    rewrite(PAGE, {"accounts": lines})
    return 0


if __name__ == "__main__":
    sys.exit(main())
