"""A small document that has every node type at least once, for the tests of the renderers."""

from __future__ import annotations

from shishin.document import (
    Anchor,
    BulletList,
    Cell,
    CodeText,
    Cover,
    Document,
    Emphasis,
    Figure,
    Footnote,
    Inserted,
    LineBreak,
    Link,
    Note,
    OrderedList,
    PageOf,
    Paragraph,
    Quote,
    Reference,
    Removed,
    Ruby,
    Rule,
    Section,
    Small,
    Strong,
    Table,
    Text,
    Underlined,
)  # fmt: skip

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 200" width="600" height="200">'
    '<rect x="10" y="10" width="260" height="80" fill="#eef5f3" stroke="#00574b"/>'
    '<text x="140" y="58" text-anchor="middle" font-family="BIZ UDGothic, sans-serif" font-size="20">県医師会</text>'
    '<path d="M270 50 H400" stroke="#333" fill="none"/>'
    '<text x="500" y="58" text-anchor="middle" font-family="BIZ UDGothic, sans-serif" font-size="20">センター</text></svg>'
)


def t(text: str) -> tuple[Text, ...]:
    return (Text(text=text),)


def p(text: str) -> Paragraph:
    return Paragraph(inlines=t(text))


def cell(text: str, **more: object) -> Cell:
    return Cell(blocks=(p(text),), **more)  # type: ignore[arg-type]


def sample_document() -> Document:
    """Return the document: front section, two chapters with items, and a colophon."""
    task = Section(
        id="task-one", item="task-one", kind="task", level=3, number="(1)", title=t("入退院支援と入退院先の調整"),
        blocks=(
            Paragraph(inlines=(
                Text(text="病院と在宅の間をつなぐ。"), Strong(inlines=t("抱え込まない")), Text(text="ことが大切である"),
                Footnote(blocks=(p("大阪市の手引書にも同じ考え方がある。"),)), Text(text="。"), Emphasis(inlines=t("強調")),
                CodeText(text="GL_task"), Text(text=" *星印* _下線_ <tag> & \\ # $ @ [角] `符号` 1. 数字"),
            )),
            Section(id="task-one--steps", item="", kind="part", level=4, number="ア", title=t("進め方"), blocks=(
                OrderedList(items=((p("相談を受け、記録票に書く。"),), (p("後方病院に連絡する。"), BulletList(items=((p("電話"),), (p("面談"),)))))),
            )),
            Table(
                id="tab-roles", caption=t("役割分担"), number="図表1-1", widths=(0.3, 0.2, 0.5),
                head=((cell("主体", header=True), cell("分担", header=True), cell("すること", header=True)),),
                rows=(
                    (Cell(blocks=(Paragraph(inlines=(Reference(target="role-one", inlines=t("コーディネーター")), Text(text="・"), Reference(target="term-one", inlines=t("多職種連携")),)),), header=True),
                     cell("主担当", align="center"), cell("相談を受け、関係者をつなぐ。")),
                    (cell("郡市医師会", header=True), cell("協力", align="center"),
                     Cell(blocks=(p("担当理事が調整に加わる。"), BulletList(items=((p("同行訪問"),), (p("理事会への報告"),)))))),
                ),
                note=t("資料）種文書に基づく再構成"),
            ),
            Table(
                id="tab-terms", caption=t("用語"), number="図表2-2", widths=(0.3, 0.7), head=((cell("用語", header=True), cell("意味", header=True)),),
                rows=((Cell(blocks=(Paragraph(inlines=(Anchor(id="term-one", item="term-one", inlines=t("多職種連携")),)),)), cell("職種を越えて支えること。")),),
            ),
            Note(title=t("留意点"), blocks=(p("患者と家族の意向を先に確かめる。"),), look="caution"),
            Paragraph(inlines=(Small(inlines=t("［task-one］")),)),
        ),
    )  # fmt: skip
    role = Section(
        id="role-one", item="role-one", kind="role", level=3, number="(1)", title=t("コーディネーター"),
        blocks=(
            Paragraph(inlines=(
                Ruby(base="看取", reading="みと"), Text(text="りを含む４つの場面を支える。"),
                Link(url="https://example.org/", inlines=t("外部の頁")), LineBreak(), Text(text="次の行。"),
                Reference(target="task-one", inlines=t("入退院支援と入退院先の調整")), Text(text="（"), PageOf(target="task-one"), Text(text="頁）を見よ。"),
                Removed(inlines=t("旧い語")), Inserted(inlines=t("新しい語")),
                Underlined(inlines=t("改めた語"), change="new"), Text(text="と"), Underlined(inlines=t("移した語"), change="moved"),
            )),
            Figure(id="fig-layers", caption=t("県内の推進体制"), number="図表1-2", alt="県医師会がセンターを支援する。", svg=SVG, width=0.8, note=t("資料）種文書 図表-8")),
            Quote(blocks=(p("自分たちでつくる。"),)),
            Rule(),
            Table(id="tab-card", caption=(), number="", widths=(0.25, 0.75), head=(), look="card",
                  rows=((cell("区分", header=True), cell("基本")), (cell("場面", header=True), cell("退院支援")))),
        ),
    )  # fmt: skip
    return Document(
        guideline="sample", edition="working", language="ja", date="2026-11-22",
        cover=Cover(
            title="在宅医療推進センター コーディネーター活動指針", subtitle="新潟県", edition="再構成版（案）", status="案",
            as_of="令和8年11月22日", publisher="編集事務局", paper_number="資料1", meeting="第2回活動指針作成ワーキング",
            meeting_date="令和8年12月1日（火）", notice="種文書に基づく再構成である。",
        ),
        header="コーディネーター活動指針 再構成版（案）",
        sections=(
            Section(id="preface", item="preface", kind="chapter", level=1, number="", title=t("はじめに"), part="front", blocks=(p("この文書について。"),)),
            Section(id="ch-one", item="ch-one", kind="chapter", level=1, number="第1章", title=t("役割"), blocks=(
                p("この章では役割を示す。" * 12),
                Section(id="ch-one--bodies", item="", kind="part", level=2, number="1", title=t("地域の主体"), blocks=(p("地域の主体は次のとおりである。"), role)),
            )),
            Section(id="ch-two", item="ch-two", kind="chapter", level=1, number="第2章", title=t("業務"), blocks=(
                Section(id="ch-two--tasks", item="", kind="part", level=2, number="1", title=t("センター事業(ア)"), blocks=(task,)),
            )),
            Section(id="colophon", item="colophon", kind="chapter", level=1, number="", title=t("奥付"), part="back", blocks=(p("意見の出し方。"),)),
        ),
        labels=(("contents", "目次"), ("draft", "案"), ("page", "頁"), ("decorative", "")),
    )  # fmt: skip
