"""Draw an SVG as PNG with the Typst engine and the package's fonts: the picture for programs that know no SVG."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from shishin.problem import Failure, Words

FONTS = Path(__file__).parent.parent / "fonts"


def proportion(svg: str) -> float:
    """Return the height of an SVG by its width."""
    try:
        root = etree.fromstring(svg.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as broken:
        raise Failure(
            Words(ja=f"図の SVG を読めません: {broken}", en=f"The picture's SVG can't be read: {broken}")
        ) from broken
    box = re.findall(r"[-+.\deE]+", root.get("viewBox", ""))
    if len(box) == 4 and float(box[2]) > 0:
        return float(box[3]) / float(box[2])
    sizes = [re.match(r"[.\d]+", root.get(name, "")) for name in ("width", "height")]
    if sizes[0] is None or sizes[1] is None or float(sizes[0][0]) == 0:
        raise Failure(Words(ja="図の SVG に大きさがありません。", en="The picture's SVG has no size."))
    return float(sizes[1][0]) / float(sizes[0][0])


def png(svg: str, width_mm: float, dots_per_inch: int = 220) -> bytes:
    """Return the picture as PNG, made for printing `width_mm` wide."""
    import typst  # only who has pictures loads the engine

    source = (
        "#set page(width: auto, height: auto, margin: 0pt, fill: white)\n"
        f'#image(bytes(sys.inputs.svg), format: "svg", width: {width_mm:.3f}mm, alt: "-")'
    )
    try:
        compiled, warnings = _compiler().compile_with_warnings(
            source.encode(), format="png", ppi=float(dots_per_inch), sys_inputs={"svg": svg}
        )
    except typst.TypstError as broken:
        raise Failure(
            Words(ja=f"図を描けません: {broken.message}", en=f"The picture can't be drawn: {broken.message}")
        ) from broken
    if warnings:
        told = "; ".join(warning.message for warning in warnings)
        raise Failure(Words(ja=f"図に問題があります: {told}", en=f"The picture has a problem: {told}"))
    assert isinstance(compiled, bytes)
    return compiled


@cache
def _compiler() -> Any:
    import typst

    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
    return typst.Compiler(font_paths=fonts)
