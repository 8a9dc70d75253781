"""What the pages of the server show is so."""

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from tapewarden.detectors.self_match import DETECTOR
from tapewarden.runtime.configuration import Configuration
from tapewarden.server.serving import Plan
from tapewarden.server.settings import load_settings
from tests.probes import PROBES
from tests.strategies import small_directory
from tests.unit.live.rig import messages
from tests.unit.server.running import running
from tests.unit.server.test_ingest import publish
from tests.unit.server.test_surveillance import market
from tools.build_docs import ROOT


def block(page: str, language: str) -> str:
    found = re.search(
        rf"^```{language}[^\n]*\n(.*?)^```", (ROOT / "docs" / page).read_text("utf-8"), re.M | re.S
    )
    assert found is not None
    return found[1]


def test_a_client_without_our_code_lists_services_and_streams_signals(tmp_path: Path) -> None:
    script = tmp_path / "generic_client.py"
    script.write_text(block("how-to/read-signals-without-our-code.md", "python"), "utf-8")
    plan = Plan(folder=tmp_path / "data", configuration=Configuration(detectors=PROBES), listen="127.0.0.1:0")
    with running(plan) as server:
        with server.channel() as channel:
            publish(channel, messages(small_directory(), [market()]))
        server.server.pipeline.settle()
        command = [sys.executable, str(script), server.address, "3"]
        ran = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=60, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    lines = ran.stdout.splitlines()
    assert "tapewarden.v1.Surveillance" in lines[0]
    assert len(lines) == 4
    assert all(line.startswith("PRB-") for line in lines[1:])


def test_a_lesson_injects_a_scheme_and_tells_what_became_of_it(tmp_path: Path) -> None:
    file, script = tmp_path / "lesson.toml", tmp_path / "lesson.py"
    file.write_text(block("how-to/inject-misconduct.md", "toml"), "utf-8")
    script.write_text(block("how-to/inject-misconduct.md", "python"), "utf-8")
    plan = load_settings(file, (DETECTOR,), {}).plan
    with running(replace(plan, listen="127.0.0.1:0")) as server:
        command = [sys.executable, str(script), server.address]
        ran = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=60, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    first, last = ran.stdout.splitlines()
    assert re.fullmatch(r"injected after [\d.]+ s of the market", first)
    assert re.fullmatch(r"self-match detected [\d.]+ s after it began", last)


def test_the_example_of_the_configuration_is_the_usual_one(tmp_path: Path) -> None:
    file = tmp_path / "tapewarden.toml"
    file.write_text(block("reference/server.md", "toml"), "utf-8")
    shown, usual = load_settings(file, PROBES, {}), load_settings(None, PROBES, {})
    assert shown.plan.options.bounds == usual.plan.options.bounds
    assert shown.plan.options.keeping == usual.plan.options.keeping
    assert (shown.plan.limits, shown.plan.listen) == (usual.plan.limits, usual.plan.listen)
    assert shown.plan.folder == tmp_path / "tapewarden-data"
    assert (shown.log_format, shown.metrics) == (usual.log_format, usual.metrics)
