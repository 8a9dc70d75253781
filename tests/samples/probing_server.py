"""`tapewarden serve` with the tests' probes for detectors: they need no market to fire, and compile quickly.

Its first argument is a method of the disk that fails, or ``none``, the second one after how many calls; the
others are the command's.
"""

from __future__ import annotations

import sys

import pytest

from tapewarden.cli.main import main
from tests.probes import PROBES
from tests.samples.journals import FailingDisk

if __name__ == "__main__":
    method, after, *arguments = sys.argv[1:]
    patch = pytest.MonkeyPatch()
    patch.setattr("tapewarden.engine.registry.find_detectors", lambda: PROBES)
    patch.setattr("tapewarden.journal.journal.Disk", lambda: FailingDisk(method, int(after)))
    patch.setattr("tapewarden.server.serving.GRACE_S", 0.0)
    main(["serve", *arguments])
