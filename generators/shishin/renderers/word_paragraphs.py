"""Small repairs of one paragraph: its style, its list mark, what keeps it with the next."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass

from lxml import etree

from shishin.renderers.word_xml import child, element, serialise, w

_P, _R, _T = w("p"), w("r"), w("t")
_P_PR, _P_STYLE, _KEEP_NEXT, _NUM_PR, _IND = w("pPr"), w("pStyle"), w("keepNext"), w("numPr"), w("ind")
_R_PR, _R_STYLE, _VAL, _NUM_ID, _DEPTH = w("rPr"), w("rStyle"), w("val"), w("numId"), w("ilvl")
BULLETS, STEPS, UNNUMBERED = "2", "3", "4"
"""Our lists in numbering.xml; "1" is the headings' list. UNNUMBERED takes a heading out of that list."""

NO_NUMBER = "900"
"""The list number of headings without a number. (0 would mean the same, but counts as a fault in checkers.)"""

_BULLETS = (("nothing", "・"), ("tab", "－"))
"""The dot brings its own room, so the text follows at once."""

_CONTINUED = "1000"  # pandoc's list without marks: an entry's further paragraphs

_HYPHEN_IN_NUMBER = re.compile(r"(?<=[A-Z0-9表])-(?=[0-9])")
_CODE = re.compile(r"[A-Z0-9-]+")


@dataclass(frozen=True, slots=True)
class Lists:
    """What each list number of the file stands for: BULLETS, STEPS, or "" where it has no mark."""

    kinds: Mapping[str, str]


def repair_lists(data: bytes) -> tuple[bytes, Lists]:
    """Give pandoc's lists our marks: return numbering.xml and what its list numbers stand for."""
    root = etree.fromstring(data)
    names = {"990": "", "991": BULLETS}
    kinds: dict[str, str] = {}
    for number in root.findall(w("num")):
        base = number.find(w("abstractNumId"))
        assert base is not None
        old = base.get(w("val"), "")
        if old == "1":
            continue
        kind = names.get(old, STEPS)
        kinds[number.get(w("numId"), "")] = kind
        base.set(w("val"), kind or BULLETS)
    for old_list in root.findall(w("abstractNum")):
        if old_list.get(w("abstractNumId")) != "1":
            root.remove(old_list)
    place = len(root.findall(w("abstractNum")))
    root.insert(place, element(_list_xml(BULLETS, "5A155002")))
    root.insert(place + 1, element(_list_xml(STEPS, "5A155003")))
    root.insert(place + 2, element(_list_xml(UNNUMBERED, "5A155004")))
    root.append(element(f'<w:num w:numId="{NO_NUMBER}"><w:abstractNumId w:val="{UNNUMBERED}"/></w:num>'))
    return serialise(root), Lists(kinds)


def _list_xml(kind: str, sign: str) -> str:
    levels = ""
    for depth in range(9):
        marks = {
            BULLETS: ("bullet", *_BULLETS[depth % 2]),
            STEPS: ("decimal", "tab", f"%{depth + 1})"),
            UNNUMBERED: ("none", "nothing", ""),
        }
        form, gap, mark = marks[kind]
        levels += (
            f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:suff w:val="{gap}"/>'
            f'<w:lvlText w:val="{mark}"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{420 * (depth + 1)}" '
            'w:hanging="420"/></w:pPr></w:lvl>'
        )
    return (
        f'<w:abstractNum w:abstractNumId="{kind}"><w:nsid w:val="{sign}"/><w:multiLevelType w:val="hybridMultilevel"/>'
        f"{levels}</w:abstractNum>"
    )


def style_of(paragraph: etree._Element) -> str:
    """Return the style of a paragraph, "" where it has none."""
    properties = _properties(paragraph)
    found = _style(properties) if properties is not None else None
    return found.get(_VAL, "") if found is not None else ""


def set_style(paragraph: etree._Element, style: str) -> etree._Element:
    """Give a paragraph a style and return its properties."""
    properties = properties_of(paragraph)
    found = _style(properties)
    if found is None:
        found = properties.makeelement(_P_STYLE)
        properties.insert(0, found)
    found.set(_VAL, style)
    return properties


def properties_of(paragraph: etree._Element) -> etree._Element:
    """Return a paragraph's properties, made if it had none."""
    found = _properties(paragraph)
    if found is None:
        found = paragraph.makeelement(_P_PR)
        paragraph.insert(0, found)
    return found


def _properties(paragraph: etree._Element) -> etree._Element | None:
    # The standard wants w:pPr before all else in a paragraph, and w:pStyle before all else in it: no search.
    return paragraph[0] if len(paragraph) and paragraph[0].tag == _P_PR else None


def _style(properties: etree._Element) -> etree._Element | None:
    return properties[0] if len(properties) and properties[0].tag == _P_STYLE else None


def list_number(paragraph: etree._Element) -> etree._Element | None:
    """Return the list mark of a paragraph."""
    properties = _properties(paragraph)
    return child(properties, _NUM_PR) if properties is not None else None


def run_style(run: etree._Element) -> str:
    """Return the character style of a run, "" where it has none."""
    properties = child(run, _R_PR)
    found = child(properties, _R_STYLE) if properties is not None else None
    return found.get(_VAL, "") if found is not None else ""


def set_list(paragraph: etree._Element, number: etree._Element, lists: Lists, style: str, left: int, em: int) -> None:
    """Set a list entry: `left` is where the list begins, `em` the size of a character."""
    id, depth = child(number, _NUM_ID), child(number, _DEPTH)
    assert id is not None and depth is not None
    kind = lists.kinds.get(id.get(_VAL, ""), "")
    names = {BULLETS: "ListBullet", STEPS: "ListNumber", "": "ListContinue"}
    properties = set_style(paragraph, style or names[kind])
    steps = int(depth.get(_VAL, "0"))
    # "10)" is as wide as one and a half characters, and the tab must have room behind it.
    hanging = round(1.8 * em) if kind == STEPS else em if steps % 2 == 0 else round(1.5 * em)
    text = left + steps * round(1.3 * em) + hanging
    if not kind:
        properties.remove(number)
        hanging = 0
    old = child(properties, _IND)
    if old is not None:
        properties.remove(old)
    properties.append(element(f'<w:ind w:left="{text}" w:hanging="{hanging}"/>'))


def all_small(paragraph: etree._Element) -> bool:
    """Say whether all of a paragraph is in small type: a source, a printed id."""
    small = False
    for run in paragraph.iter(_R):
        if run_style(run) != "Small":
            return False
        small = True
    return small


def text_of(paragraph: etree._Element) -> str:
    """Return the text of a paragraph."""
    return "".join(part.text or "" for part in paragraph.iter(_T))


def keep_with_next(paragraph: etree._Element) -> None:
    """Keep a paragraph on the page of the next."""
    properties = properties_of(paragraph)
    if child(properties, _KEEP_NEXT) is None:
        place = 1 if _style(properties) is not None else 0
        properties.insert(place, properties.makeelement(_KEEP_NEXT))


def keep_lines(paragraph: etree._Element) -> None:
    """Keep all lines of a paragraph on one page."""
    properties = properties_of(paragraph)
    if properties.find(w("keepLines")) is None:
        before = [one for one in properties if one.tag in (_P_STYLE, _KEEP_NEXT)]
        properties.insert(len(before), properties.makeelement(w("keepLines")))


def glue_hyphens(root: etree._Element) -> None:
    """Let no line end inside a number (図表-33, W1-08). Printed ids keep the plain hyphen: people search for them.

    A letter that looks alike (U+2011) would come from another font; Word's own element takes the font's hyphen.
    Headings stay as they are, and so does a paragraph that is one code: Word's search tells the two hyphens apart.
    """
    for text in [text for text in root.iter(_T) if _HYPHEN_IN_NUMBER.search(text.text or "")]:
        run = text.getparent()
        assert run is not None
        paragraph = next(text.iterancestors(_P))
        if style_of(paragraph).startswith(("Heading", "TOC")) or _CODE.fullmatch(text_of(paragraph)):
            continue
        if run_style(run) not in ("Hyperlink", "VerbatimChar"):
            _glue(text, _HYPHEN_IN_NUMBER)


def _glue(text: etree._Element, hyphen: re.Pattern[str]) -> None:
    first, *others = hyphen.split(text.text or "")
    text.text = first
    for other in others:
        following = copy(text)
        following.text = other
        gap = text.makeelement(w("noBreakHyphen"))
        text.addnext(gap)
        gap.addnext(following)
        text = following
