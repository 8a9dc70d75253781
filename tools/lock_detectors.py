"""Bring `src/tapewarden/detectors/detectors.lock` up to date.

Run as `python tools/lock_detectors.py [ID...]` after adding a detector or raising a version. It refuses, with
exit code 1, a detector whose logic changed under the version it had: raise `version` in its `Meta` first.
Name the ids of detectors whose version was never released to lock them anew under it.
"""

import sys
from collections.abc import Collection
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


def main(unreleased: Collection[str] = (), path: Path = LOCK_FILE) -> int:
    """Write the lock file at `path`, printing what changes; give the exit code."""
    detectors = built_in_detectors()
    locks = {name: lock for name, lock in read_lock(path).items() if name not in unreleased}
    refused = changed_under_old_version(detectors, locks)
    for line in refused or out_of_date(detectors, locks):
        print(line)
    if refused:
        return 1
    write_lock({detector.id: lock_of(detector) for detector in detectors}, path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
