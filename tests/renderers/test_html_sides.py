"""Which column of a comparison is the older."""

from __future__ import annotations

from dataclasses import replace

from sample import p, t
from sample_papers import head, new, old, side, wide
from shishin.document import Paragraph, Table
from shishin.renderers.html_sides import sides


def table(*heads: str, rows: bool = True) -> Table:
    made = wide(columns=2).sections[0].blocks[0]
    assert isinstance(made, Table)
    widths = (1 / len(heads),) * len(heads)
    return replace(made, head=(head(*heads),), widths=widths, rows=made.rows if rows else ())


def test_the_words_that_changed_tell() -> None:
    assert sides(table("左", "右")) == (1, 0)
    rows = ((side(Paragraph(inlines=(old("甲"),))), side(Paragraph(inlines=(new("乙"),)))),)
    assert sides(replace(table("左", "右"), rows=rows)) == (0, 1)


def test_else_the_heads_tell() -> None:
    for heads, expected in (
        (("改正後", "改正前"), (1, 0)), (("改訂案", "現行"), (1, 0)), (("旧", "新"), (0, 1)),
        (("項目", "改定後", "改定前", "備考"), (2, 1)), (("old", "new"), (0, 1)),
    ):  # fmt: skip
        assert sides(table(*heads, rows=False)) == expected


def test_what_is_marked_helps_with_what_is_not() -> None:
    rows = ((side(p("（新設）")), side(Paragraph(inlines=(new("乙"),)))),)
    assert sides(replace(table("現行", "新案"), rows=rows)) == (0, 1)


def test_where_nothing_tells_paper_order_stays() -> None:
    assert sides(replace(table("左", "右", rows=False), caption=t("表"))) is None
    both = ((side(Paragraph(inlines=(new("甲"),))), side(Paragraph(inlines=(new("乙"),)))),)
    assert sides(replace(table("左", "右"), rows=both)) is None
