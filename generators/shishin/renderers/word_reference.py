"""Build reference.docx: pandoc's own default, with our styles, numbering, language and settings."""

from __future__ import annotations

import io
import zipfile
from functools import lru_cache

from lxml import etree

from shishin.renderers.word_numbering import Numbering, heading_hanging, numbering_xml
from shishin.renderers.word_styles import (
    CHARACTERS,
    HEADING_INDENTS,
    TABLES,
    Look,
    character_style,
    paragraph_style,
    table_style,
)
from shishin.renderers.word_xml import FIXED, GOTHIC, LINE, MINCHO, element, fonts, part, serialise, w

DROPPED = (
    "Author", "Date", "AbstractTitle", "Abstract", "Bibliography", "DefinitionTerm", "Definition", "BodyTextChar",
    "SectionNumber", "TitleChar", "SubtitleChar", *(f"Heading{level}Char" for level in range(1, 10)),
    *(f"Heading{level}" for level in range(6, 10)),
)  # fmt: skip
"""Styles of pandoc's default that our documents never use."""

_DEFAULTS = (
    f'<w:docDefaults><w:rPrDefault><w:rPr>{fonts(MINCHO)}<w:kern w:val="2"/><w:sz w:val="21"/><w:szCs w:val="21"/>'
    '<w:lang w:val="en-US" w:eastAsia="ja-JP" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
    f'<w:pPrDefault><w:pPr><w:spacing w:before="0" w:after="0" w:line="{LINE}" w:lineRule="exact"/></w:pPr></w:pPrDefault>'
    "</w:docDefaults>"
)
_NORMAL = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
    '<w:pPr><w:widowControl/><w:jc w:val="both"/></w:pPr></w:style>'
)
_TABLE_NORMAL = (
    '<w:style w:type="table" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:uiPriority w:val="99"/>'
    '<w:semiHidden/><w:unhideWhenUsed/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/></w:tblPr></w:style>'
)
_SETTINGS = (
    '<w:zoom w:percent="100"/><w:defaultTabStop w:val="840"/><w:characterSpacingControl w:val="compressPunctuation"/>'
    '<w:footnotePr><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr>'
    "<w:compat><w:spaceForUL/><w:balanceSingleByteDoubleByteWidth/><w:doNotLeaveBackslashAlone/><w:ulTrailSpace/>"
    "<w:doNotExpandShiftReturn/><w:useFELayout/>"
    # 15 = the mode of Word 2013 and later; without it Word opens the file in compatibility mode.
    '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
    '</w:compat><w:themeFontLang w:val="en-US" w:eastAsia="ja-JP"/><w:clrSchemeMapping w:bg1="light1" w:t1="dark1" '
    'w:bg2="light2" w:t2="dark2" w:accent1="accent1" w:accent2="accent2" w:accent3="accent3" w:accent4="accent4" '
    'w:accent5="accent5" w:accent6="accent6" w:hyperlink="hyperlink" w:followedHyperlink="followedHyperlink"/>'
    '<w:decimalSymbol w:val="."/><w:listSeparator w:val=","/>'
)
OWN = ("word/styles.xml", "word/settings.xml", "word/fontTable.xml")
"""Parts that are ours alone: pandoc adds styles for program code and its own settings, which go out again."""


@lru_cache(maxsize=4)
def reference(default: bytes, plan: Numbering, looks: tuple[Look, ...]) -> bytes:
    """Return reference.docx with the styles `looks` for documents numbered by `plan`; `default` is pandoc's own."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(default)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as new:
        for name in old.namelist():
            data = old.read(name)
            match name:
                case "word/styles.xml":
                    data = _styles(data, plan, looks)
                case "word/numbering.xml":
                    data = part("w:numbering", "".join(numbering_xml(plan, heading_sizes(looks))))
                case "word/settings.xml":
                    data = part("w:settings", _SETTINGS)
                case "word/fontTable.xml":
                    data = _font_table()
            new.writestr(zipfile.ZipInfo(name), data)
    return made.getvalue()


def heading_sizes(looks: tuple[Look, ...]) -> tuple[int, ...]:
    """Return the type size of each heading level in half points."""
    return tuple(look.size for look in looks if look.outline >= 0)


def _styles(data: bytes, plan: Numbering, looks: tuple[Look, ...]) -> bytes:
    root = etree.fromstring(data)
    ours = {"Normal": _NORMAL, "TableNormal": _TABLE_NORMAL}
    ours |= {look.id: _paragraph(look, plan) for look in looks}
    ours |= {row[0]: character_style(*row) for row in CHARACTERS}
    ours |= {grid.id: table_style(grid) for grid in TABLES}
    for style in root.findall(w("style")):
        if style.get(w("styleId")) in ours or style.get(w("styleId")) in DROPPED:
            root.remove(style)
    defaults = root.find(w("docDefaults"))
    assert defaults is not None
    root.replace(defaults, element(_DEFAULTS))
    for xml in ours.values():
        root.append(element(xml))
    return serialise(root)


def _paragraph(look: Look, plan: Numbering) -> str:
    depth = look.outline
    if depth < 0 or plan.levels[depth] is None:
        return paragraph_style(look)
    number = f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="1"/></w:numPr>'
    plain = paragraph_style(look, number)
    hanging = heading_hanging(depth, look.size)
    indent = f'<w:ind w:left="{HEADING_INDENTS[depth] + hanging}" w:right="0" w:hanging="{hanging}"/>'
    return plain.replace(f'<w:ind w:left="{look.left}" w:right="0" w:firstLine="0"/>', indent)


def _font_table() -> bytes:
    rows = (
        (MINCHO, "Yu Mincho", "roman", "variable"),
        (GOTHIC, "Yu Gothic", "swiss", "variable"),
        (FIXED, "MS Gothic", "modern", "fixed"),
    )
    return part("w:fonts", "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{latin}"/><w:charset w:val="80"/><w:family w:val="{family}"/>'
        f'<w:pitch w:val="{pitch}"/></w:font>'
        for name, latin, family, pitch in rows
    ))  # fmt: skip
