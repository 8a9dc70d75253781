"""The views of the desktop, in the order of their keys: Alt+1 shows the first one."""

from __future__ import annotations

from typing import Any, Final

from tapewarden.desktop.views.case_details import CaseDetailsView
from tapewarden.desktop.views.cases import CasesView
from tapewarden.desktop.views.health import HealthView
from tapewarden.desktop.views.signals import SignalsView
from tapewarden.desktop.views.simulation import SimulationView
from tapewarden.desktop.views.trade_stream import TradeStreamView
from tapewarden.desktop.views.view import View

VIEWS: Final[tuple[type[View[Any]], ...]] = (
    TradeStreamView,
    SignalsView,
    CasesView,
    CaseDetailsView,
    SimulationView,
    HealthView,
)
"""All views; to add one, add its class."""
