"""The styles of the Word file: one row per style, in the order Word lists them.

Measures are twips (1/20 pt), type sizes half points, as in the file itself. Line heights are exact: 游明朝 and
游ゴシック ask for so much height that Word's line grid would double the lines of any larger type, and ruby
would push lines apart.
"""

from __future__ import annotations

from dataclasses import dataclass

from shishin.renderers.word_xml import EM, FIXED, GOTHIC, LINE, TEXT_WIDTH, fonts

GREY = "404040"  # small type must outlive a photocopier
HEADING_INDENTS = (0, 0, EM, 2 * EM, 3 * EM)
"""Left edge of headings 1 to 5 and of the text below them: one character more at each step (公用文の細別)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One style: `id` is its name in the file, `name` what Word's list shows."""

    id: str
    name: str
    base: str = "Normal"
    next: str = ""
    font: str = ""
    size: int = 0
    bold: bool | None = None
    color: str = ""
    before: int = 0
    after: int = 0
    line: int = 0  # exact height; 0 leaves it to the base, -1 asks for automatic height
    left: int = 0
    right: int = 0
    first: int = 0  # first line: positive goes in, negative hangs
    align: str = ""
    keep_next: bool = False
    keep_lines: bool = False
    page_break: bool = False
    border: str = ""
    tabs: str = ""
    outline: int = -1
    counted: bool = True  # where lines are numbered


def _edge(side: str, size: int, space: int = 1, color: str = "000000") -> str:
    return f'<w:{side} w:val="single" w:sz="{size}" w:space="{space}" w:color="{color}"/>'


def _box(size: int, space: int) -> str:
    return "".join(_edge(side, size, space) for side in ("top", "left", "bottom", "right"))


_DOTS = f'<w:tab w:val="right" w:leader="dot" w:pos="{TEXT_WIDTH}"/>'
_BOX_WIDTH = 1600
_STATUS_WIDTH = 900  # unlike the box above it: Word would make one box of two that are alike

PARAGRAPHS = (
    Look(id="BodyText", name="Body Text", base="Normal", first=EM),
    Look(id="BodyText3", name="本文（1字下げ）", base="BodyText", left=HEADING_INDENTS[2], first=EM),
    Look(id="BodyText4", name="本文（2字下げ）", base="BodyText", left=HEADING_INDENTS[3], first=EM),
    Look(id="BodyText5", name="本文（3字下げ）", base="BodyText", left=HEADING_INDENTS[4], first=EM),
    Look(id="FirstParagraph", name="First Paragraph", base="BodyText", first=EM),
    Look(id="Compact", name="Compact", base="Normal"),
    Look(
        id="Heading1", name="heading 1", next="BodyText", font=GOTHIC, size=34, bold=True, after=360, line=520,
        left=0, first=0, keep_next=True, keep_lines=True, page_break=True, outline=0, border=_edge("bottom", 12, 4),
    ),
    Look(
        id="Heading2", name="heading 2", next="BodyText", font=GOTHIC, size=27, bold=True, before=400, after=120,
        line=420, keep_next=True, keep_lines=True, outline=1,
    ),
    Look(
        id="Heading3", name="heading 3", next="BodyText3", font=GOTHIC, size=23, bold=True, before=320, after=80,
        line=380, left=HEADING_INDENTS[2], keep_next=True, keep_lines=True, outline=2,
    ),
    Look(
        id="Heading4", name="heading 4", next="BodyText4", font=GOTHIC, size=21, bold=True, before=200, after=40,
        line=LINE, left=HEADING_INDENTS[3], keep_next=True, keep_lines=True, outline=3,
    ),
    Look(
        id="Heading5", name="heading 5", next="BodyText5", font=GOTHIC, size=21, bold=False, before=120, after=20,
        line=LINE, left=HEADING_INDENTS[4], keep_next=True, keep_lines=True, outline=4,
    ),
    Look(id="ListBullet", name="List Bullet", base="Normal"),
    Look(id="ListNumber", name="List Number", base="Normal"),
    Look(id="ListContinue", name="List Continue", base="Normal"),
    Look(id="BlockText", name="Block Text", base="BodyText", before=60, after=60, left=3 * EM, right=2 * EM, first=0),
    Look(
        id="Caption", name="caption", font=GOTHIC, size=19, bold=True, line=300, align="center", keep_lines=True
    ),
    Look(id="TableCaption", name="Table Caption", base="Caption", before=240, after=60, keep_next=True),
    Look(id="ImageCaption", name="Image Caption", base="Caption", before=60, after=240),
    Look(id="Figure", name="Figure", before=200, line=-1, align="center", keep_next=True),
    Look(id="CaptionedFigure", name="Captioned Figure", base="Figure", before=200, line=-1, keep_next=True),
    Look(id="SourceNote", name="図表の注", size=17, line=260, before=40, after=240, keep_lines=True),
    Look(id="SourceLine", name="出典", size=17, line=260, before=60, after=120, align="left", keep_lines=True),
    Look(id="AfterTable", name="表の後", size=12, line=160),
    Look(id="Rule", name="区切り線", line=200, after=200, border=_edge("bottom", 4, 1, "7F7F7F")),
    Look(id="TableText", name="表の本文", size=19, line=290, align="left"),
    Look(id="TableHeader", name="表の見出し", base="TableText", font=GOTHIC, size=19, line=290, align="center"),
    Look(id="TableLabel", name="表の項目", base="TableText", font=GOTHIC, size=19, line=290, align="left"),
    # No keep_next: LibreOffice would take keepNext out of a box that must stay with its source, as said already.
    Look(id="NoteTitle", name="注記の題", base="TableText", font=GOTHIC, size=20, bold=True, line=320),
    Look(id="NoteText", name="注記の本文", base="TableText", size=20, line=320, align="both"),
    Look(id="FootnoteText", name="footnote text", size=17, line=250, left=EM, first=-EM, align="both"),
    Look(id="FootnoteBlockText", name="Footnote Block Text", base="FootnoteText", left=2 * EM, first=0),
    Look(id="Header", name="header", font=GOTHIC, size=17, line=340, color=GREY,
         tabs=f'<w:tab w:val="right" w:pos="{TEXT_WIDTH}"/>', border=_edge("bottom", 4, 3, "7F7F7F")),
    Look(id="Footer", name="footer", size=19, line=280, align="center"),
    Look(
        id="TOCHeading", name="TOC Heading", next="BodyText", font=GOTHIC, size=30, bold=True, after=300, line=480,
        align="center",
    ),
    # The hanging indents are small: a tab would stop there after a shorter title, before the dots.
    Look(id="TOC1", name="toc 1", font=GOTHIC, size=21, before=140, line=340, left=EM, first=-EM, tabs=_DOTS,
         keep_lines=True),
    Look(id="TOC2", name="toc 2", size=21, line=330, left=2 * EM, first=-EM, tabs=_DOTS, keep_lines=True),
    Look(id="TOC3", name="toc 3", size=20, line=310, left=4 * EM, first=-EM, tabs=_DOTS, keep_lines=True),
    Look(id="CoverNumber", name="表紙 資料番号", font=GOTHIC, size=28, line=440, left=TEXT_WIDTH - _BOX_WIDTH,
         align="center", border=_box(8, 2)),
    Look(id="CoverStatus", name="表紙 版の状態", font=GOTHIC, size=28, bold=True, before=160, line=440,
         left=TEXT_WIDTH - _STATUS_WIDTH, align="center", border=_box(12, 2)),
    Look(id="CoverMeeting", name="表紙 会議", size=22, before=40, line=LINE, align="right"),
    Look(id="Title", name="Title", font=GOTHIC, size=52, bold=True, line=800, align="center", keep_next=True),
    Look(id="Subtitle", name="Subtitle", font=GOTHIC, size=32, before=240, line=520, align="center"),
    Look(id="CoverEdition", name="表紙 版", font=GOTHIC, size=32, before=360, line=520, align="center"),
    Look(id="CoverDate", name="表紙 日付", size=26, line=440, align="center"),
    Look(id="CoverPublisher", name="表紙 発行者", size=30, before=120, line=480, align="center"),
    Look(id="CoverNotice", name="表紙 注記", size=19, line=300, left=2 * EM, right=2 * EM, align="both",
         border=_box(4, 6)),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """One table style: its rules, as (side, size) pairs in eighths of a point, and its cell margins."""

    id: str
    name: str
    rules: tuple[tuple[str, int], ...]
    margins: tuple[int, int, int, int] = (40, 90, 40, 90)  # top, left, bottom, right


_ALL = ("top", "left", "bottom", "right", "insideH", "insideV")

TABLES = (
    Grid(id="Table", name="Table", rules=()),
    Grid(id="GuidelineGrid", name="指針の表", rules=tuple((side, 4) for side in _ALL)),
    Grid(id="GuidelineCard", name="指針の表（項目と内容）", rules=tuple((side, 4) for side in _ALL)),
    Grid(id="GuidelinePlain", name="指針の表（罫線なし）", rules=()),
    Grid(id="GuidelineNote", name="囲み（注記）", rules=tuple((side, 6) for side in _ALL[:4]),
         margins=(100, 170, 100, 170)),
    Grid(id="GuidelineCaution", name="囲み（留意点）", rules=tuple((side, 12) for side in _ALL[:4]),
         margins=(100, 170, 100, 170)),
    Grid(id="GuidelineSource", name="囲み（出典）", rules=(("left", 18),), margins=(30, 170, 30, 60)),
)  # fmt: skip

CHARACTERS = (
    ("VerbatimChar", "Verbatim Char", fonts(FIXED)),
    ("FootnoteReference", "footnote reference", '<w:vertAlign w:val="superscript"/>'),
    ("Hyperlink", "Hyperlink", '<w:color w:val="1F3864"/><w:u w:val="single"/>'),
    ("Small", "小さい字", f'<w:color w:val="{GREY}"/><w:sz w:val="17"/><w:szCs w:val="17"/>'),
    ("CommentReference", "annotation reference", '<w:sz w:val="16"/><w:szCs w:val="16"/>'),
    (
        "HeaderStatus",
        "柱の版の状態",
        f'{fonts(GOTHIC)}<w:b/><w:bCs/><w:color w:val="000000"/><w:sz w:val="20"/><w:szCs w:val="20"/>',
    ),
)


def paragraph_style(look: Look, number: str = "") -> str:
    """Return the XML of a paragraph style; `number` is its w:numPr, if it is numbered."""
    flags = (
        ("<w:keepNext/>" if look.keep_next else "")
        + ("<w:keepLines/>" if look.keep_lines else "")
        + ("<w:pageBreakBefore/>" if look.page_break else "")
    )
    uncounted = "" if look.counted else "<w:suppressLineNumbers/>"
    edges = f"<w:pBdr>{look.border}</w:pBdr>" if look.border else ""
    tabs = f"<w:tabs>{look.tabs}</w:tabs>" if look.tabs else ""
    height = ' w:line="240" w:lineRule="auto"' if look.line < 0 else ""
    height = f' w:line="{look.line}" w:lineRule="exact"' if look.line > 0 else height
    first = f'w:hanging="{-look.first}"' if look.first < 0 else f'w:firstLine="{look.first}"'
    # Word sets a gap between Japanese and Latin letters; headings and captions (図表1-1) read better without.
    tight = '<w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>' if look.font or look.tabs else ""
    properties = (
        f'{flags}{number}{uncounted}{edges}{tabs}{tight}<w:snapToGrid w:val="0"/>'
        f'<w:spacing w:before="{look.before}" w:after="{look.after}"{height}/>'
        f'<w:ind w:left="{look.left}" w:right="{look.right}" {first}/>'
        + (f'<w:jc w:val="{look.align}"/>' if look.align else "")
        + (f'<w:outlineLvl w:val="{look.outline}"/>' if look.outline >= 0 else "")
    )
    bold = "" if look.bold is None else "<w:b/><w:bCs/>" if look.bold else '<w:b w:val="0"/><w:bCs w:val="0"/>'
    text = (
        (fonts(look.font) if look.font else "")
        + bold
        + (f'<w:color w:val="{look.color}"/>' if look.color else "")
        + (f'<w:sz w:val="{look.size}"/><w:szCs w:val="{look.size}"/>' if look.size else "")
    )
    custom = "" if look.name.isascii() else ' w:customStyle="1"'
    return (
        f'<w:style w:type="paragraph"{custom} w:styleId="{look.id}"><w:name w:val="{look.name}"/>'
        f'<w:basedOn w:val="{look.base}"/>'
        + (f'<w:next w:val="{look.next}"/>' if look.next else "")
        + f"<w:qFormat/><w:pPr>{properties}</w:pPr><w:rPr>{text}</w:rPr></w:style>"
    )


def table_style(grid: Grid) -> str:
    """Return the XML of a table style."""
    rules = "".join(
        f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="404040"/>' for side, size in grid.rules
    )
    margins = "".join(
        f'<w:{side} w:w="{width}" w:type="dxa"/>'
        for side, width in zip(("top", "left", "bottom", "right"), grid.margins, strict=True)
    )
    default = ' w:default="1"' if grid.id == "Table" else ""
    custom = "" if grid.id == "Table" else ' w:customStyle="1"'
    return (
        f'<w:style w:type="table"{default}{custom} w:styleId="{grid.id}"><w:name w:val="{grid.name}"/>'
        f'<w:qFormat/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
        + (f"<w:tblBorders>{rules}</w:tblBorders>" if rules else "")
        + f"<w:tblCellMar>{margins}</w:tblCellMar></w:tblPr></w:style>"
    )


def character_style(id: str, name: str, properties: str) -> str:
    """Return the XML of a character style."""
    custom = "" if name.isascii() else ' w:customStyle="1"'
    return (
        f'<w:style w:type="character"{custom} w:styleId="{id}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="DefaultParagraphFont"/><w:rPr>{properties}</w:rPr></w:style>'
    )
