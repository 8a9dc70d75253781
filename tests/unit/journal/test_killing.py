import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from tapewarden.journal import Journal, read_frames
from tests.samples.journals import frame

ROOT = Path(__file__).parents[3]
COMMAND = (sys.executable, "-m", "tests.samples.endless_journal")


@pytest.mark.parametrize("size", [8192, 100_000])
def test_a_killed_process_loses_nothing_acknowledged(tmp_path: Path, size: int) -> None:
    chance = Random(size)
    acknowledged = 0
    for _ in range(4):
        process = subprocess.Popen([*COMMAND, str(tmp_path), str(size)], cwd=ROOT, stdout=subprocess.PIPE)
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(chance.randrange(1, 40))]
        process.kill()
        lines += process.stdout.readlines()
        process.stdout.close()
        process.wait()
        acknowledged = int([line for line in lines if line.endswith(b"\n")][-1])
        frames = list(read_frames(tmp_path))
        assert len(frames) >= acknowledged
        assert frames == [frame(number, number % 400) for number in range(1, len(frames) + 1)]
    with Journal(tmp_path, segment_bytes=size) as journal:
        assert journal.recovery.last >= acknowledged
