"""`python -m tapewarden.evaluation TAPE...`: the clean-tape gate on anybody's tapes."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tapewarden.domain.errors import TapewardenError
from tapewarden.engine.registry import find_detectors
from tapewarden.evaluation.clean import measure, rates, read_budgets
from tapewarden.evaluation.page import rate_table, tape_table
from tapewarden.tape import read_tape


def main(arguments: list[str] | None = None) -> int:
    """Print how often each detector speaks on the tapes; 1 if one exceeds its budget, 2 for bad input."""
    parser = argparse.ArgumentParser(prog="python -m tapewarden.evaluation", description=__doc__)
    parser.add_argument("tapes", metavar="TAPE", nargs="+", type=Path, help="tapes without known misconduct")
    paths = parser.parse_args(arguments).tapes
    detectors = find_detectors()
    try:
        measured = [measure(path.stem, read_tape(path), detectors) for path in paths]
    except TapewardenError as error:
        print(f"tapewarden: {error}", file=sys.stderr)
        return 2
    found = rates(measured, detectors, read_budgets())
    print("\n".join([*tape_table(measured), "", *rate_table(found)]))
    return 1 if any(rate.exceeded for rate in found) else 0


if __name__ == "__main__":
    sys.exit(main())
