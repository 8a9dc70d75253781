"""`make accuracy`: compare books and order lives with recorded markets, print the table, write the page."""

import sys

from benchmarks.accuracy.comparing import share_text
from benchmarks.accuracy.page import PAGE, measure, page_text, summary
from tapewarden.cli.tables import print_table
from tapewarden.domain.errors import TapewardenError


def main() -> int:
    """Compare everything; exit code 2 if a recording is not there."""
    try:
        points, lives, others = measure()
    except TapewardenError as error:
        print(f"accuracy: {error}", file=sys.stderr)
        return 2
    lines = list(summary(points, lives, others))
    print_table(
        ("market", "what", "agree", "of", "share", ""),
        [
            (
                one.market,
                one.what,
                f"{one.agreed:,}",
                f"{one.compared:,}",
                share_text(one.agreed, one.compared),
                one.verdict,
            )
            for one in lines
        ],
    )
    PAGE.write_text(page_text(points, lives, others), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
