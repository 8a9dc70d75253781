"""The server's table of the configuration file: what counts before what, and what is refused."""

from pathlib import Path

import pytest

from tapewarden.domain.errors import ConfigurationError
from tapewarden.domain.kinds import MINUTE
from tapewarden.reports.content import Entity
from tapewarden.server.settings import Settings, load_settings
from tests.probes import PROBES


def loaded(folder: Path, text: str, **environment: str) -> Settings:
    file = folder / "tapewarden.toml"
    file.write_text(text, "utf-8")
    return load_settings(file, PROBES, environment)


def test_options_count_before_the_environment_and_that_before_the_file(tmp_path: Path) -> None:
    text = '[server]\nlisten = "127.0.0.1:1"\ndata = "one"\ndatabase = "sqlite:///x.db"\n'
    settings = loaded(tmp_path, text, TAPEWARDEN_LISTEN="127.0.0.1:2", TAPEWARDEN_DATA="two")
    assert settings.plan.listen == "127.0.0.1:2"
    assert settings.plan.folder == tmp_path / "two"
    assert settings.plan.database_url == "sqlite:///x.db"
    file = tmp_path / "tapewarden.toml"
    chosen = load_settings(file, PROBES, {"TAPEWARDEN_LISTEN": "127.0.0.1:2"}, listen="127.0.0.1:3")
    assert chosen.plan.listen == "127.0.0.1:3"


def test_detectors_and_keeping_stand_in_the_same_file(tmp_path: Path) -> None:
    text = (
        '[detectors]\nonly = ["PRB-01"]\n[server.keeping]\ncheckpoint_every = "5m"\njournal_bytes = 1000000\n'
    )
    plan = loaded(tmp_path, text).plan
    assert [detector.id for detector in plan.configuration.detectors] == ["PRB-01"]
    assert (plan.options.keeping.every_ns, plan.options.keeping.most_bytes) == (5 * MINUTE, 1_000_000)
    assert plan.options.keeping.age_ns is None


def test_who_submits_reports_stands_in_the_same_file_and_need_not(tmp_path: Path) -> None:
    text = '[server.reports]\nname = "Example <Exchange>"\nlegal_form = "Ltd"\n'
    assert loaded(tmp_path, text).plan.entity == Entity(name="Example <Exchange>", legal_form="Ltd")
    assert loaded(tmp_path, "").plan.entity == Entity()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[server]\nlissten = 'x'\n", r"tapewarden.toml, server.lissten: no such key; did you mean 'listen'"),
        ("[server]\nlisten = 5\n", "server.listen: expected a text, received 5"),
        ("[server.limits]\nburst = 0\n", "server.limits.burst: expected a whole number from 1 to 1000000"),
        ("[server.tls]\nkey = 'k.pem'\n", "server.tls.certificate: expected a file, received nothing"),
        ("[server.http]\nlisten = '127.0.0.1:0'\n", "server.http.producers: expected a file"),
        (
            "[server.http]\nproducers = 'p.toml'\nkey = 'key.pem'\n",
            "server.http.certificate: expected a file beside the other one",
        ),
        (
            "[server.reports]\nlegalform = 'Ltd'\n",
            "server.reports.legalform: no such key; did you mean 'legal_form'",
        ),
        ("[server]\nlog = 'xml'\n", "server.log: expected one of json, text"),
        ("[server.keeping]\ncheckpoint_every = '1ns'\n", "checkpoint_every: expected at least 1s"),
    ],
)
def test_what_is_wrong_is_refused_with_its_key(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        loaded(tmp_path, text)
