"""Nothing is cut off, covered or out of sight: every view, at the sizes and scales that people have."""

import asyncio
from collections import Counter
from collections.abc import Iterator

import pytest

from tapewarden.client import Connection, SimulationClient
from tapewarden.desktop.console import Console
from tapewarden.desktop.presenters.triage.signals import Grouping, Signals
from tapewarden.desktop.views import VIEWS
from tapewarden.desktop.widgets.table import VirtualTable
from tapewarden.domain.kinds import MINUTE
from tapewarden.domain.signal import Signal
from tapewarden.domain.simulation import MarketWish, Wish
from tapewarden.domain.typology import Typology
from tests.desktop.driving import Driver
from tests.desktop.geometry import faults
from tests.unit.desktop.triage.at_a_desk import filled_server, many

LONG = "account " + "long " * 60
HEBREW = "חשבון 🐋 מספר שבע"
SIGNALS = (
    *many(40, "BTC-USD@SIM"),
    *many(6, "ETH-USD@SIM", actor=LONG, text=LONG, severity="critical"),
    *many(6, "SOL-USD@SIM", actor=HEBREW, text=HEBREW, severity="high"),
)
TRIO = "account-29208 + account-55936 + account-90539"
"""As long as the names of those usually are who act together."""

NAMED = [
    one
    for place, typology in enumerate(Typology)
    for one in many(
        1, f"BTC-PERP@SIM{place}", actor=TRIO, typology=typology, severity="high", family="order book"
    )
]
NAMES = {TRIO, "Order book", *(typology.capitalize() for typology in Typology)}
LOOKS = 5
LOOK_MS = 300
MOST_CHANGES = 6
"""Of a size, within this time."""

MARKET = MarketWish(
    seed=4,
    instruments=6,
    accounts=60,
    rate=10,
    minutes=10_000,
    speed=80,
    wishes=(Wish(scenario="self-match", severity=0.9, after_ns=2 * MINUTE),),
)


@pytest.fixture(scope="module")
def address(screen: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with signals of all kinds of names, and a market on which somebody trades with himself."""
    with filled_server(tmp_path_factory.mktemp("layout") / "server", SIGNALS) as address:
        asyncio.run(_begin(address))
        yield address


async def _begin(address: str) -> None:
    async with SimulationClient(Connection(address=address)) as simulation:
        await simulation.start(MARKET)


@pytest.fixture(scope="module")
def named(screen: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with a signal of each pattern, all of three accounts that act together."""
    with filled_server(tmp_path_factory.mktemp("named") / "server", NAMED) as address:
        yield address


sizes = pytest.mark.parametrize(
    ("scale", "width", "height"),
    [
        (1.0, 960, 600),
        (1.0, 1280, 720),
        (1.0, 1440, 900),
        (1.0, 1680, 1050),
        (1.0, 1920, 1080),
        (2.0, 1680, 1050),
        (2.0, 3360, 2100),
    ],
)


@sizes
@pytest.mark.parametrize("title", ["Signals", "Cases"])
def test_names_of_patterns_and_of_accounts_are_whole_in_lists(
    named: str, title: str, scale: float, width: int, height: int
) -> None:
    with Driver(Console(Connection(address=named, person="ada"), scale)) as driver:
        driver.resize(width, height)
        driver.console.open_view(title)
        driver.until(lambda: driver.snapshot["count"] == len(NAMED) and not driver.snapshot["loading"])
        table = driver.console.view.main
        assert isinstance(table, VirtualTable)
        lasting(driver)
        rows, drawn = table.visible_rows(), table.drawn_rows()
        assert rows
        assert all(
            NAMES.intersection(texts) == NAMES.intersection(row)
            for texts, row in zip(drawn, rows, strict=True)
        ), drawn


@sizes
def test_every_view_shows_its_texts_whole_and_apart(
    address: str, scale: float, width: int, height: int
) -> None:
    with Driver(Console(Connection(address=address, person="ada"), scale)) as driver:
        raised: list[BaseException] = []
        driver.console.root.report_callback_exception = lambda kind, error, trace: raised.append(error)
        driver.resize(width, height)
        driver.until(lambda: driver.snapshot["pill"] == "LIVE" and traded(driver) is not None)
        found = []
        for place, view in enumerate(VIEWS):
            driver.console.show(place)
            open_something(driver, view.title)
            found += [f"{view.title}: {fault}" for fault in lasting(driver)]
        driver.press("F1")
        found += [f"Keys: {fault}" for fault in lasting(driver)]
        assert not found, "\n".join(found)
        assert not raised


def traded(driver: Driver) -> Signal | None:
    """The signal of the market that runs."""
    return next((one for one in driver.console.desk.signals.signals if one.detector.startswith("WSH")), None)


def open_something(driver: Driver, title: str) -> None:
    """Have the view show what it can."""
    view = driver.console.view
    match title:
        case "Trade Stream":
            driver.until(lambda: driver.snapshot["count"] > 100)
        case "Signals":
            assert isinstance(view.presenter, Signals)
            view.presenter.group(Grouping.ACCOUNT)
            driver.until(lambda: driver.snapshot["rows"] and len(driver.snapshot["rows"][0]) == 1)
            driver.press("Down", "Down")
            driver.until(lambda: driver.snapshot["market"] and driver.snapshot["similar"])
        case "Cases":
            driver.until(lambda: driver.snapshot["count"] and driver.snapshot["moves"])
        case "Case Details":
            driver.console.open_view("Case Details", 1)
            driver.until(lambda: driver.snapshot["evidence"])
        case "Simulation":
            driver.until(lambda: driver.snapshot["log"] and driver.snapshot["scenarios"])
        case "Health":
            driver.until(lambda: driver.snapshot["figures"])
    driver.console.root.update_idletasks()


def lasting(driver: Driver) -> list[str]:
    """What is still wrong after the window has had time to make room for what came."""
    found: list[str] = []
    for _ in range(LOOKS):
        if not (found := [*restless(driver), *faults(driver.console.root)]):
            break
    return found


def restless(driver: Driver) -> list[str]:
    """What changes its size again and again while nothing happens."""
    changed: Counter[str] = Counter()
    over: list[bool] = []
    driver.console.root.bind_all("<Configure>", lambda event: changed.update([str(event.widget)]))
    driver.console.root.after(LOOK_MS, over.append, True)
    driver.until(lambda: over)
    driver.console.root.unbind_all("<Configure>")
    swinging = [widget for widget, count in changed.items() if count > MOST_CHANGES]
    return [f"{widget} changes its size again and again" for widget in swinging]
