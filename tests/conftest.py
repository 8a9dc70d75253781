"""Rules for all tests.

A test of the recorded markets beside the repository asks for the fixture `shared_data`. Without them it is
skipped; with them it must run, so any other reason to skip it is a failure. A test marked `postgresql` is
skipped where PostgreSQL is not installed, unless the variable TAPEWARDEN_POSTGRESQL is `required`; one marked
`screen`, where there is no virtual screen, unless TAPEWARDEN_SCREEN is `required`.
"""

import gc
import os
import signal
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Speed is judged by the benchmarks, never by a test.
settings.register_profile(
    "tapewarden", deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("tapewarden")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # What runs in the background ignores interrupts, and so do all processes it starts.
    signal.signal(signal.SIGINT, signal.default_int_handler)

SHARED_DATA = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of the recorded markets."""
    return SHARED_DATA


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile before the first worker starts, where workers are to run all tests."""
    config = session.config  # that of a worker knows of no others
    if config.getoption("numprocesses", None) and config.args_source is pytest.Config.ArgsSource.TESTPATHS:
        from tests.compiling import compile_together

        compile_together()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Have garbage looked for among what tests make, not among modules and tests, which stay."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "shared_data" in getattr(item, "fixturenames", ()):
            item.add_marker("data")
        if item.get_closest_marker("data") and not SHARED_DATA.is_dir():
            item.add_marker(pytest.mark.skip(reason="needs the recorded markets in ../shared/data"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    why = _must_run(item)
    if report.skipped and not hasattr(report, "wasxfail") and why is not None:
        report.outcome = "failed"
        report.longrepr = f"skipped although {why}: {report.longreprtext}"
    return report


def _must_run(item: pytest.Item) -> str | None:
    if item.get_closest_marker("data") and SHARED_DATA.is_dir():
        return "../shared/data is there"
    if item.get_closest_marker("postgresql") and os.environ.get("TAPEWARDEN_POSTGRESQL") == "required":
        return "TAPEWARDEN_POSTGRESQL is set to required"
    if item.get_closest_marker("screen") and os.environ.get("TAPEWARDEN_SCREEN") == "required":
        return "TAPEWARDEN_SCREEN is set to required"
    return None
