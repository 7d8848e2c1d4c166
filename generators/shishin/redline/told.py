"""What differs between two Word files and can't be tracked: told to the caller and, as a comment, on the cover."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from shishin.problem import Words
from shishin.redline.merge import Step
from shishin.redline.package import parse
from shishin.redline.reading import CODE, P_PR, RUN, Block, P, T, canonical, style_of
from shishin.renderers.word_xml import child, element, serialise, w

COMMENTS = "word/comments.xml"
EMPTY_LINE = Words(
    ja="節の終わりに空行を一つ加えた。最後の段落の種類が新旧で違うためである。",
    en="An empty line stands at the end of a section: its last paragraphs differ in kind.",
)
_PAGES = Words(
    ja="目次と本文の頁番号は、新しい版のものである。",
    en="Page numbers in the contents and the text are those of the new edition.",
)
_PARTS = (
    ("header1", "頁の上の文字", "The running head"),
    ("footer1", "頁の下の文字", "The foot of the page"),
    ("footer2", "前付の頁の下の文字", "The foot of the front pages"),
)


def settings(
    old: Mapping[str, bytes], new: Mapping[str, bytes], roots: tuple[etree._Element, etree._Element]
) -> Iterator[Words]:
    """Yield what differs around the text: heads and feet, paper, styles, page numbers."""
    for name, ja, en in _PARTS:
        before, after = (_text(parts.get(f"word/{name}.xml")) for parts in (old, new))
        if before != after:
            yield Words(
                ja=f"{ja}は、新しい版のものである（旧「{before}」、新「{after}」）。",
                en=f"{en} is that of the new edition (old '{before}', new '{after}').",
            )
    papers = [[canonical(one) for one in root.iter(w("sectPr"))] for root in roots]
    if papers[0] != papers[1]:
        yield Words(
            ja="用紙、余白、頁の数え方などの設定は、新しい版のものである。",
            en="Paper, margins and the way pages are counted are those of the new edition.",
        )
    if _styles(old) != _styles(new):
        yield Words(
            ja="文字や段落の書式の定義は、新しい版のものである。",
            en="The definitions of styles are those of the new edition.",
        )
    old_pages, new_pages = map(_pages, roots)
    if any(page != new_pages.get(name, page) for name, page in old_pages.items()):
        yield _PAGES


def _styles(parts: Mapping[str, bytes]) -> object:
    """Return the styles as values; lists and the indents they bring are compared where they are used."""
    looks = {}
    for style in parse(parts["word/styles.xml"]).findall(w("style")):
        held = [one for one in style if one.tag != P_PR]
        placed = [one for one in style.iterfind(f"{P_PR}/*") if one.tag not in (w("numPr"), w("ind"))]
        looks[style.get(w("styleId"))] = [canonical(one) for one in (*held, *placed)]
    return looks


def _text(data: bytes | None) -> str:
    return "".join(text.text or "" for text in parse(data).iter(T)).strip() if data is not None else ""


def _pages(root: etree._Element) -> dict[str, str]:
    """Return the printed page by what it is the page of."""
    found = {}
    for code in root.iter(CODE):
        words = (code.text or "").split()
        run = code.getparent()
        if words[:1] != ["PAGEREF"] or run is None:
            continue
        text = next((one.find(T) for one in run.itersiblings(RUN) if one.find(T) is not None), None)
        found[words[1]] = (text.text or "") if text is not None else ""
    return found


def shapes(steps: Sequence[Step]) -> Iterator[Words]:
    """Yield the headings whose level changed and the tables whose shape or widths did."""
    gone = {step.old.mark: step.old for step in steps if step.old is not None and step.new is None and step.old.mark}
    caption = ""
    for place, step in enumerate(steps):
        if step.old is None and step.new is None:
            continue
        block = step.block
        caption = block.text if block.style == "TableCaption" else caption if block.table or not block.text else ""
        if step.side == "ins" and block.mark in gone and not block.mark.startswith("TOC"):
            yield from _level(gone[block.mark], block)
        if block.table and step.both and step.rows:
            yield from _widths(step, caption)
        if block.table and step.side == "ins" and _replaces(steps, place):
            yield _replaced(caption, block)


def _replaces(steps: Sequence[Step], place: int) -> bool:
    """Say whether an inserted table follows the deleted one, with at most a line between them."""
    before = [step for step in steps[max(place - 2, 0) : place] if step.old or step.new]
    tables = [step for step in before if step.block.table]
    lines = [step for step in before if not step.block.table]
    return bool(tables) and tables[-1].side == "del" and not any(step.block.text for step in lines)


def _level(old: Block, new: Block) -> Iterator[Words]:
    if old.style != new.style and old.style.startswith("Heading") and new.style.startswith("Heading"):
        yield Words(
            ja=f"見出し「{new.text}」は段が変わった（削除と追加で示す）。",
            en=f"The heading '{new.text}' has another level (shown as deleted and inserted).",
        )


def _widths(step: Step, caption: str) -> Iterator[Words]:
    assert step.old is not None and step.new is not None
    if step.old.key[1] != step.new.key[1]:
        name = _name(caption, step.new)
        yield Words(
            ja=f"表「{name}」の列の幅は、新しい版のものである。",
            en=f"The column widths of '{name}' are those of the new edition.",
        )


def _replaced(caption: str, table: Block) -> Words:
    if len(table.rows) == 1 and len(table.rows[0].cells) == 1:
        name = table.rows[0].cells[0][0].text[:20]
        return Words(
            ja=f"囲み「{name}」は終わりの段落の種類などが変わったため、全体を削除と追加で示す。",
            en=f"The frame '{name}' ends in another kind of paragraph: all of it is shown as deleted and inserted.",
        )
    name = _name(caption, table)
    return Words(
        ja=f"表「{name}」は形が変わったため、全体を削除と追加で示す。",
        en=f"The table '{name}' has another shape: all of it is shown as deleted and inserted.",
    )


def _name(caption: str, table: Block) -> str:
    """Return what a reader finds a table by: its caption, else the words of its first row."""
    first = ("".join(block.text for block in cell) for cell in table.rows[0].cells) if table.rows else ()
    return caption or "・".join(words for words in first if words)[:40]


# ---------------------------------------------------------------- the comment


def comment(
    body: etree._Element, parts: dict[str, bytes], untracked: Sequence[Words], *, author: str, moment: str
) -> None:
    """Set a comment at the title that tells what isn't tracked."""
    language = "en" if b"<dc:language>en" in parts["docProps/core.xml"] else "ja"
    head = Words(ja="変更履歴に現れない違い", en="Differences that are not tracked")
    rows = [head.said(language), *(words.said(language) for words in untracked)]
    root = parse(parts[COMMENTS])
    first = '<w:r><w:rPr><w:rStyle w:val="CommentReference"/></w:rPr><w:annotationRef/></w:r>'
    paragraphs = "".join(
        f'<w:p>{first if place == 0 else ""}<w:r><w:t xml:space="preserve">{escape(row)}</w:t></w:r></w:p>'
        for place, row in enumerate(rows)
    )
    root.append(element(
        f'<w:comment w:id="0" w:author={quoteattr(author)} w:date="{moment}" w:initials={quoteattr(author[:1])}>'
        f"{paragraphs}</w:comment>"
    ))  # fmt: skip
    parts[COMMENTS] = serialise(root)
    title = _title(body)
    properties = child(title, P_PR)
    title.insert(0 if properties is None else 1, element('<w:commentRangeStart w:id="0"/>'))
    title.append(element('<w:commentRangeEnd w:id="0"/>'))
    title.append(element(
        '<w:r><w:rPr><w:rStyle w:val="CommentReference"/></w:rPr><w:commentReference w:id="0"/></w:r>'
    ))  # fmt: skip


def _title(body: etree._Element) -> etree._Element:
    """Return the title, or the first paragraph that both sides have."""
    lasting = [one for one in body.findall(P) if one.find(f"{P_PR}/{w('rPr')}") is None]
    found = next((one for one in lasting if style_of(one) == "Title"), None)
    return found if found is not None else next(iter(lasting), next(body.iter(P)))
