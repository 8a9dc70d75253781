"""Bring `src/tapewarden/detectors/detectors.lock` up to date.

Run as `python tools/lock_detectors.py` after adding a detector or raising a version. It refuses, with exit
code 1, a detector whose logic changed under the version it had: raise `version` in its `Meta` first.
"""

import sys
from pathlib import Path

from tapewarden.engine.registry import built_in_detectors
from tapewarden.runtime.locking import (
    LOCK_FILE,
    changed_under_old_version,
    lock_of,
    out_of_date,
    read_lock,
    write_lock,
)


def main(path: Path = LOCK_FILE) -> int:
    """Write the lock file at `path`, printing what changes; give the exit code."""
    detectors, locks = built_in_detectors(), read_lock(path)
    refused = changed_under_old_version(detectors, locks)
    for line in refused:
        print(line)
    if refused:
        return 1
    for line in out_of_date(detectors, locks):
        print(line)
    write_lock({detector.id: lock_of(detector) for detector in detectors}, path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
