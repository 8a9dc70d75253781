"""Tapes as text: scenarios of detectors, the notation they are written in, and the market beneath them."""

from tapewarden.engine.scenarios.playing import play
from tapewarden.engine.scenarios.scenario import Market, Scenario, fires, in_order, quiet

__all__ = ["Market", "Scenario", "fires", "in_order", "play", "quiet"]
