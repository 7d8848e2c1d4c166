import pytest

from sample import SVG
from shishin.problem import Failure
from shishin.tools import raster


def test_a_picture_becomes_png_of_the_wanted_width() -> None:
    png = raster.png(SVG, 25.4, 100)
    assert png.startswith(b"\x89PNG")
    assert int.from_bytes(png[16:20], "big") == 100


@pytest.mark.parametrize(("svg", "share"), [(SVG, 200 / 600), ('<svg width="30pt" height="15pt"/>', 0.5)])
def test_proportion(svg: str, share: float) -> None:
    assert raster.proportion(svg) == pytest.approx(share)


@pytest.mark.parametrize("svg", ["<svg", "<svg/>", "nothing"])
def test_a_broken_picture_is_told(svg: str) -> None:
    with pytest.raises(Failure):
        raster.proportion(svg)


def test_no_outside_entity_is_read() -> None:
    hostile = '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/hostname">]><svg width="1" height="1">&x;</svg>'
    assert raster.proportion(hostile) == 1.0
