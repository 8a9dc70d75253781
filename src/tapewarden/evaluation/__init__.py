"""Measuring detectors: how often they speak on recorded markets in which nobody is known to misbehave."""
