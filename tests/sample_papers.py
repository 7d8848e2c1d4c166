"""Papers about a comparison, made by hand: a 新旧対照表 of several pages and an overview, for the tests of the renderers."""

from __future__ import annotations

from dataclasses import replace

from sample import p, t
from shishin.document import (
    Anchor,
    Block,
    BulletList,
    Cell,
    Cover,
    Document,
    Inline,
    Inserted,
    Note,
    OrderedList,
    Paragraph,
    Reference,
    Removed,
    Ruby,
    Section,
    Small,
    Strong,
    Table,
    Text,
    Underlined,
)  # fmt: skip

LONG = (
    "退院の見込みが立った時点で、病院の退院支援担当者と連絡を取り、患者と家族の意向、住まいの状況、介護サービスの利用状況を確かめる。"
    "確かめた内容は連携記録票に書き、関係する職種に知らせる。"
)


def old(text: str) -> Underlined:
    return Underlined(inlines=t(text), change="old")


def new(text: str) -> Underlined:
    return Underlined(inlines=t(text), change="new")


def moved(text: str) -> Underlined:
    return Underlined(inlines=t(text), change="moved")


def line(*inlines: Inline | str) -> Paragraph:
    return Paragraph(inlines=tuple(Text(text=one) if isinstance(one, str) else one for one in inlines))


def side(*blocks: Block, framed: bool = False) -> Cell:
    return Cell(blocks=blocks, framed=framed)


def head(*words: str) -> tuple[Cell, ...]:
    return tuple(Cell(blocks=(p(word),), header=True) for word in words)


def _tables() -> tuple[Table, Table]:
    new_table = Table(
        id="", caption=(), number="", widths=(0.3, 0.7), head=(head("主体", "すること"),),
        rows=((side(p("郡市医師会")), side(line("相談を受け、", new("２日以内"), "に返事をする。"))), (side(p("後方病院")), side(p("受入れの可否を知らせる。")))),
    )  # fmt: skip
    old_table = replace(
        new_table,
        rows=(
            (side(p("郡市医師会")), side(line("相談を受け、", old("速やか"), "に返事をする。"))),
            new_table.rows[1],
        ),
    )
    return new_table, old_table


def _rows() -> tuple[tuple[Cell, Cell, Cell, Cell], ...]:
    new_table, old_table = _tables()
    steps = tuple(
        (line(f"手順その{number}。", new("確かめた日") if number % 3 == 0 else "", LONG),) for number in range(1, 9)
    )
    old_steps = tuple((line(f"手順その{number}。", LONG),) for number in range(1, 9))
    plain_rows = tuple(
        (
            Cell(blocks=(p(f"({number}) 業務その{number}"),), header=True),
            side(p("（略）"), line(LONG, new("このとき、本人の同意を得る。"))),
            side(p("（略）"), line(LONG, old("なお、同意は要しない。"))),
            side(p("意見 W1-04 による。")),
        )
        for number in range(4, 12)
    )
    return (
        (
            Cell(blocks=(p("第2章 業務"),), header=True), side(line("第2章　", new("業務と進め方"))),
            side(line("第2章　", old("業務"))), side(p("題を内容に合わせた。")),
        ),
        (
            Cell(blocks=(p("(1) 入退院支援"),), header=True), side(OrderedList(items=steps)),
            side(OrderedList(items=old_steps)), side(p("第2回ワーキング 意見 W2-01")),
        ),
        (
            Cell(blocks=(p("(2) 看取り"),), header=True),
            side(line(Ruby(base="看取", reading="みと"), "りの場面で、", new("夜間の連絡先を家族に渡す。"))),
            side(p("（新設）")), side(),
        ),
        (
            Cell(blocks=(p("(3) 相談"),), header=True), side(p("（削る）")),
            side(line(old("相談を受けたときは、台帳に書く。")), BulletList(items=((line(old("電話")),), (line(old("面談")),)))),
            side(p("(5) に含めた。")),
        ),
        (
            Cell(blocks=(p("(3) 会議"),), header=True),
            side(line(moved("会議は年２回開き、「議題」は事前に知らせる。" * 3), Small(inlines=t("移動（旧 5(2)）")))),
            side(line(moved("会議は年２回開き、「議題」は事前に知らせる。" * 3), Small(inlines=t("移動（新 3(3)）")))),
            side(p("移動（旧 5(2)）")),
        ),
        (Cell(blocks=(p("図表1-1 役割分担"),), header=True), side(new_table, framed=True), side(old_table, framed=True), side(p("表の改定"))),
        *plain_rows,
    )  # fmt: skip


COVER = Cover(
    title="在宅医療推進センター コーディネーター活動指針 新旧対照表", subtitle="再構成版（案）令和8年11月 → 再構成版（案）令和8年12月",
    edition="再構成版（案）令和8年12月", status="案", as_of="令和8年12月1日", publisher="編集事務局", paper_number="資料1-2",
    meeting="第2回活動指針作成ワーキング", meeting_date="令和8年12月1日（火）", notice="（下線部分は改定部分）",
)  # fmt: skip


def _paper(layout: str, *sections: Section, title: str = COVER.title) -> Document:
    return Document(
        guideline="sample", edition="table", language="ja", date="2026-12-01", cover=replace(COVER, title=title),
        header="コーディネーター活動指針 新旧対照表（令和8年12月）", sections=sections,
        labels=(("contents", "目次"), ("draft", "案"), ("page", "頁"), ("as_of", "")), layout=layout,
    )  # fmt: skip


def _section(id: str, title: tuple[Inline, ...], *blocks: Block, level: int = 1, number: str = "") -> Section:
    return Section(id=id, item="", kind="part", level=level, number=number, title=title, blocks=blocks)


def wide(*, columns: int = 4) -> Document:
    """Return a 新旧対照表 of three pages: with labels and remarks (4 columns), or the two sides alone."""
    rows = _rows()
    if columns == 4:
        table = Table(
            id="tab-all", caption=(), number="", widths=(0.1, 0.39, 0.39, 0.12), look="compare",
            head=(head("項目", "改定後", "改定前", "備考"),), rows=rows,
        )  # fmt: skip
    else:
        table = Table(
            id="tab-all", caption=(), number="", widths=(0.5, 0.5), look="compare",
            head=(head("改定後", "改定前"),), rows=tuple((row[1], row[2]) for row in rows),
        )  # fmt: skip
    return _paper("wide", _section("all", (), table))


def sheet() -> Document:
    """Return an overview with headings, and words in the looks of a 見え消し版."""
    whole = line(Removed(inlines=t("この段落はすべて削る。" * 6)))
    body = (
        line("指針の", Removed(inlines=t("旧い考え方")), Inserted(inlines=t("新しい考え方")), "を述べる。" * 12),
        whole,
        line(Inserted(inlines=t("この段落はすべて加える。" * 6))),
        BulletList(items=(
            (line(Removed(inlines=t("電話"))),), (line(Inserted(inlines=(Text(text="面談と"), Strong(inlines=t("同行"))))),),
            (line("訪問", Inserted(inlines=t("（月１回）"))),),
        )),
        OrderedList(items=((line(Removed(inlines=t("一つ目"))),), (line(Inserted(inlines=t("二つ目"))), BulletList(items=((p("内訳"),),))))),
        Table(
            id="tab-roles", caption=(Text(text="役割"), Removed(inlines=t("一覧")), Inserted(inlines=t("分担"))), number="図表1-1",
            widths=(0.3, 0.7), head=((*head("主体"), Cell(blocks=(line(Removed(inlines=t("仕事")), Inserted(inlines=t("すること"))),), header=True)),),
            rows=(
                (Cell(blocks=(line(Removed(inlines=t("郡市医師会"))),), header=True), side(line(Removed(inlines=t("相談を受ける。"))))),
                (Cell(blocks=(line(Inserted(inlines=t("後方病院"))),), header=True), side(line("受入れの", Inserted(inlines=t("可否を")), "知らせる。"))),
            ),
            note=(Text(text="資料）"), Removed(inlines=t("旧い出典"))),
        ),
        Note(title=(Text(text="留意点"), Inserted(inlines=t("（追加）"))), blocks=(line(Removed(inlines=t("旧い注"))),), look="caution"),
        line("詳しくは", Reference(target="gone", inlines=(Removed(inlines=t("「旧い節」")),)), "を見よ。"),
        line(Inserted(inlines=(Ruby(base="看取", reading="みと"), Text(text="りの"), Anchor(id="word", item="word", inlines=t("新しい用語")),)), "を加えた。"),
    )  # fmt: skip
    return _paper(
        "sheet",
        _section("why", t("何を、なぜ改めたか"), *body, number="1"),
        _section("gone", (Removed(inlines=t("旧い節")),), line(Removed(inlines=t("旧い節の文。" * 10)))),
        _section(
            "how", (Text(text="改定の"), Removed(inlines=t("方法")), Inserted(inlines=t("進め方"))), p("文。" * 400),
            _section("how-deep", t("意見"), p("意見の扱い。" * 30), level=2, number="(1)"), number="2",
        ),
        title="コーディネーター活動指針 改定の概要",
    )  # fmt: skip
