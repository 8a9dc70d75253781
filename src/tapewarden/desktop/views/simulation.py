"""Simulation: a market under control."""

from __future__ import annotations

from tapewarden.desktop.views.placeholder import PlaceholderView


class SimulationView(PlaceholderView):
    """Simulation: a market under control."""

    title = "Simulation"
    promise = "Markets to start and schemes to inject will be here."
