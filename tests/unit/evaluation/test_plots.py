from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pytest

from tapewarden.evaluation.plots import COLORS, PAPER, Picture, bars, curve, mark, steps


def drawn() -> str:
    with Picture("Recall < 1", "Two rules", panels=2) as picture:
        panel = picture.panel("severity", "recall")
        for name, factor in (("SPF-01", 1.0), ("QST-01", 0.99)):
            recall = factor * np.linspace(0.2, 1.0, 9)
            curve(panel, range(9), recall, name, band=(recall - 0.1, recall + 0.1), points=True)
        mark(panel, 0.9, "target")
        steps(picture.panel("life, s", "share", log="x"), [0.01, 1, 1000], [1, 0.5, 0], "Bitstamp")
    return picture.svg()


def texts(svg: str) -> list[str]:
    return [node.text or "" for node in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def test_the_same_figures_give_the_same_bytes() -> None:
    assert drawn() == drawn()


def test_a_picture_does_not_depend_on_the_settings_of_the_machine() -> None:
    first = drawn()
    with mpl.rc_context({"font.size": 20, "axes.grid": False, "lines.linewidth": 9}):
        assert drawn() == first


def test_settings_of_the_machine_are_as_before_after_a_picture_fails() -> None:
    before = mpl.rcParams["font.size"]
    with pytest.raises(ValueError, match="x and y"), Picture("a", "b") as picture:
        curve(picture.panel("x", "y"), [1, 2], [1], "broken")
    assert mpl.rcParams["font.size"] == before


def test_a_picture_holds_no_date_and_reads_as_text() -> None:
    svg = drawn()
    assert "metadata" not in svg
    assert {"SPF-01", "QST-01", "Bitstamp", "target", "Two rules", "1,000"} <= set(texts(svg))
    assert PAPER in svg
    assert "<title>Recall &lt; 1</title>" in svg


def test_curves_are_named_in_their_color_and_apart() -> None:
    names = {
        node.text: node.attrib
        for node in ElementTree.fromstring(drawn()).iter("{http://www.w3.org/2000/svg}text")
    }
    first, second = names["SPF-01"], names["QST-01"]
    assert COLORS[0] in first["style"]
    assert COLORS[1] in second["style"]
    heights = [float(one["y"]) for one in (first, second)]
    assert heights[1] - heights[0] >= 11.5


def test_bars_are_grouped_by_label() -> None:
    with Picture("Digits", "Sizes") as picture:
        panel = picture.panel("digit", "share")
        errors = (([0.1, 0.1], [0.1, 0.1]), ([0.0, 0.0], [0.2, 0.2]))
        bars(panel, ["1", "2"], [("a", [0.5, 0.5]), ("b", [0.9, 0.1])], errors=errors)
    assert {"1", "2", "a", "b"} <= set(texts(picture.svg()))


def test_pictures_are_small() -> None:
    x = np.linspace(0, 1, 1000)
    with Picture("Many points", "A noisy line") as picture:
        curve(picture.panel("x", "y"), x, np.sin(300 * x), "noise")
    assert len(picture.svg()) < 100_000
