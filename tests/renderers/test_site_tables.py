"""How a table is told as cards."""

from dataclasses import replace

from sample import cell
from shishin.document import Table
from shishin.renderers.site_tables import tellings

HEAD = tuple(cell(head, header=True) for head in ("層", "主体", "分担", "すること"))
TABLE = Table(id="t", caption=(), number="", widths=(), head=(HEAD,), rows=())


def _told(*rows: tuple[object, ...], head: int = 4) -> list[list[tuple[str, str]]]:
    table = replace(TABLE, head=(HEAD[:head],), rows=rows)  # type: ignore[arg-type]
    return [[(one.look, one.label) for one in row] for row in tellings(table)]


def test_a_header_cell_names_its_row() -> None:
    row = (cell("県", header=True), cell("一"), cell("二"), cell("三"))
    assert _told(row) == [[("gl-name", ""), ("", "主体"), ("", "分担"), ("", "すること")]]


def test_without_a_header_cell_every_value_has_its_label() -> None:
    assert _told((cell("一"), cell("二"), cell("三")), head=3) == [[("", "層"), ("", "主体"), ("", "分担")]]


def test_of_two_columns_the_first_is_the_name() -> None:
    assert _told((cell("語"), cell("意味")), head=2) == [[("gl-name", ""), ("", "")]]


def test_a_comparison_names_both_its_sides() -> None:
    table = replace(TABLE, head=(HEAD[:2],), rows=((cell("後"), cell("前")),), look="compare")
    assert [[(one.look, one.label) for one in row] for row in tellings(table)] == [[("", "層"), ("", "主体")]]


def test_a_cell_over_rows_names_the_group() -> None:
    rows = (
        (cell("広域", rows=2), cell("県"), cell("一"), cell("二")),
        (cell("医会"), cell("三"), cell("四")),
        (cell("地域"), cell("市"), cell("五"), cell("六")),
    )
    labelled = [("gl-name", ""), ("", "分担"), ("", "すること")]
    assert _told(*rows) == [[("gl-group", ""), *labelled], labelled, [("gl-group", ""), *labelled]]


def test_other_spans_keep_the_shape() -> None:
    assert _told((cell("一", columns=2), cell("二"), cell("三"))) == []
    assert _told((cell("一"), cell("二", rows=2), cell("三"), cell("四"))) == []
