"""The page on publishing runs as it is shown, against a real server."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tapewarden.runtime.configuration import Configuration
from tapewarden.server.rest.listener import HttpPlan
from tapewarden.server.rest.producers import load_producers
from tapewarden.server.serving import Plan
from tests.docs.test_documentation import blocks, commands, is_shown, run
from tests.probes import PROBES
from tests.unit.server.running import running
from tools.build_docs import ROOT

PAGE = ROOT / "docs" / "how-to" / "publish-events.md"


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("openssl")), reason="shows curl and openssl")
def test_the_page_on_publishing_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shown = list(blocks(PAGE))
    for block in shown:
        if block.file:
            Path(block.file).write_text(block.text, "utf-8")
    Path("producers.toml").chmod(0o600)
    http = HttpPlan(producers=load_producers(Path("producers.toml")), listen="127.0.0.1:0")
    plan = Plan(
        folder=tmp_path / "data",
        configuration=Configuration(detectors=PROBES),
        listen="127.0.0.1:0",
        http=http,
    )
    with running(plan) as server:
        assert server.server.http is not None
        ports = {":7410": f":{server.server.port}", ":7411": f":{server.server.http.port}"}
        namespace: dict[str, object] = {"__name__": "page"}
        answers: list[object] = []
        for block in shown:
            text = block.text
            for old, new in ports.items():
                text = text.replace(f"127.0.0.1{old}", f"127.0.0.1{new}")
            if block.language == "console":
                for command, output in commands(text):
                    received = run(command)
                    assert not output or is_shown(output, received), f"$ {command}\n{received}"
            elif block.language == "python":
                exec(compile(text, str(PAGE), "exec"), namespace)
            elif block.language == "sh":
                done = subprocess.run(
                    ["bash", "-euo", "pipefail", "-c", text], capture_output=True, check=True
                )
                answers.append(json.loads(done.stdout))
            elif block.language == "json" and not block.file:
                assert answers.pop() == json.loads(text)
        assert answers == []
