"""`python -m tapewarden.evaluation.realism TAPE...`: the facts of anybody's tapes beside each other."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tapewarden.domain.errors import TapewardenError
from tapewarden.tape import read_tape


def main(arguments: list[str] | None = None) -> int:
    """Print the facts of the tapes, and draw them if asked to; 2 for bad input."""
    parser = argparse.ArgumentParser(prog="python -m tapewarden.evaluation.realism", description=__doc__)
    parser.add_argument("tapes", metavar="TAPE", nargs="+", type=Path)
    parser.add_argument("--instrument", help="that of each tape; the one with most trades if not given")
    parser.add_argument("--pictures", metavar="FOLDER", type=Path, help="where to write pictures, as SVG")
    chosen = parser.parse_args(arguments)
    try:
        from tapewarden.evaluation.realism.measuring import measure
        from tapewarden.evaluation.realism.page import fact_table, note_table, record_table
        from tapewarden.evaluation.realism.pictures import pictures
        from tapewarden.evaluation.realism.reading import read_record

        records = [read_record(read_tape(path), path.stem, chosen.instrument) for path in chosen.tapes]
        results = measure(records)
        drawn = pictures(records) if chosen.pictures else {}
    except TapewardenError as error:
        print(f"tapewarden: {error}", file=sys.stderr)
        return 2
    except ImportError as error:
        print(f"tapewarden: {error}: install tapewarden[evaluation]", file=sys.stderr)
        return 2
    lines = [*record_table(records), "", *fact_table(records, results), "", *note_table(records, results)]
    print("\n".join(lines))
    for name, text in drawn.items():
        chosen.pictures.mkdir(parents=True, exist_ok=True)
        (chosen.pictures / f"realism-{name}.svg").write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
