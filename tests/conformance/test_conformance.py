import pytest

from tapewarden.engine.contract import Detector
from tapewarden.engine.registry import built_in_detectors
from tapewarden.runtime.conformance import CHECKS, Check


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name.replace(" ", "-"))
@pytest.mark.parametrize("detector", built_in_detectors(), ids=lambda detector: detector.id)
def test_detector_passes(detector: Detector, check: Check) -> None:
    failures = check.failures(detector)
    assert not failures, "\n".join(failures)
