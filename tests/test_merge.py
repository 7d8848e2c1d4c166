"""Two editions as one document with marks: accepting gives the new one, rejecting the old one, whatever they say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from canonical import said
from pairs import PAIRS, Pair, made, rich
from shishin.compare import compare
from shishin.document import (
    Anchor,
    Block,
    BulletList,
    Cell,
    CodeText,
    Cover,
    Document,
    Emphasis,
    Figure,
    Footnote,
    Inline,
    Inserted,
    LineBreak,
    Link,
    Note,
    OrderedList,
    Paragraph,
    Quote,
    Reference,
    Removed,
    Ruby,
    Section,
    Small,
    Strong,
    Table,
    Text,
)
from shishin.marking import accepted, labels_of, marked, rejected, template_changes
from shishin.marking.versions import with_cells
from shishin.numbering import number_sections
from shishin.rewrite import map_inlines, marks, walk
from shishin.tree import DictTree

COVER = Cover(
    title="指針",
    subtitle="",
    edition="第1版",
    status="案",
    as_of="令和元年11月",
    publisher="事務局",
    paper_number="",
    meeting="",
    meeting_date="",
    notice="",
)


def document(*sections: Section, **cover: str) -> Document:
    return Document(
        guideline="g",
        edition="e",
        language="ja",
        date="2026-11-22",
        cover=replace(COVER, **cover),
        header="指針",
        sections=sections,
    )


# ---------------------------------------------------------------- documents by chance

WORDS = [
    "在宅医療",
    "訪問看護師",
    "会議",
    "計画",
    "記録",
    "7日前",
    "10日前",
    "市町村",
    "相談",
    "の",
    "を",
    "に",
    "と",
    "は",
    "で",
    "、",
    "。",
    "行う",
    "開く",
    "確保しなければならない",
    "望ましい",
    "第3章",
    "ICT",
]
SVGS = ("<svg/>", "<svg><g/></svg>")
IDS = tuple("abcdefgh")
BLOCKS = (Paragraph, BulletList, OrderedList, Table, Figure, Quote, Note)


class Chance:
    """Makes a document, and another one out of it, from one number."""

    def __init__(self, seed: int, *, simple: bool = False) -> None:
        self.random = Random(seed)
        self.simple = simple

    def text(self) -> str:
        return "".join(self.random.choices(WORDS, k=self.random.randint(1, 9)))

    def inlines(self, depth: int = 0) -> tuple[Inline, ...]:
        return tuple(self.inline(depth) for _ in range(self.random.choice((0, 1, 1, 1, 2, 3))))

    def inline(self, depth: int) -> Inline:
        pick = self.random.randint(0, 19 if depth < 2 else 12)
        if pick < 10:
            return Text(text=self.text())
        simple: tuple[Inline, ...] = (CodeText(text="a.yml"), Ruby(base="褥瘡", reading="じょくそう"), LineBreak())
        if pick < 13:
            return simple[pick - 10]
        inner = self.inlines(depth + 1)
        return (
            Strong(inlines=inner),
            Emphasis(inlines=inner),
            Small(inlines=inner),
            Link(url="https://example.org/", inlines=inner),
            Reference(target=self.random.choice(IDS), inlines=inner),
            Anchor(id=self.random.choice(IDS), item="", inlines=inner) if not self.simple else Strong(inlines=inner),
            Footnote(blocks=(Paragraph(inlines=inner),)),
        )[pick - 13]

    def blocks(self, depth: int, *, most: int = 4) -> tuple[Block, ...]:
        return tuple(self.block(depth) for _ in range(self.random.randint(0, most)))

    def block(self, depth: int) -> Block:
        pick = self.random.randint(0, 11 if depth < 2 else 5)
        number = self.random.choice(("", "図表1-1", "図表1-2")) if depth == 0 else ""
        if pick < 6:
            return Paragraph(inlines=self.inlines())
        entries = tuple(self.blocks(depth + 1, most=2) for _ in range(self.random.randint(1, 4)))
        if pick == 6:
            return BulletList(items=entries)
        if pick == 7:
            return OrderedList(items=entries, start=self.random.choice((1, 1, 3)))
        if pick == 8:
            return Quote(blocks=self.blocks(depth + 1, most=2))
        if pick == 9:
            return Note(title=self.inlines(1), blocks=self.blocks(depth + 1, most=2))
        if pick == 10:
            svg = self.random.choice(SVGS)
            return Figure(id=self.random.choice(IDS), caption=self.inlines(1), number=number, alt="図", svg=svg)
        caption, note = self.inlines(1), self.inlines(2)
        head, rows = self.rows(self.random.choice((2, 2, 3)))
        anchor = self.random.choice(("", *IDS))
        return Table(id=anchor, caption=caption, number=number, widths=(), head=head, rows=rows, note=note)

    def rows(self, columns: int) -> tuple[Any, Any]:
        def cell(rows: int = 1) -> Cell:
            return Cell(blocks=self.blocks(2, most=1), rows=rows)

        rows: list[tuple[Cell, ...]] = []
        while len(rows) < self.random.randint(1, 5):
            group = self.random.choice((1, 1, 2, 3)) if not self.simple else 1
            rows.append((cell(group), *(cell() for _ in range(columns - 1))))
            rows += [tuple(cell() for _ in range(columns - 1)) for _ in range(group - 1)]
        return ((tuple(cell() for _ in range(columns)),) if self.random.random() < 0.5 else ()), tuple(rows)

    def section(self, level: int) -> Section:
        inner = tuple(self.section(level + 1) for _ in range(self.random.randint(0, 2))) if level < 3 else ()
        anchor = self.random.choice(IDS) + self.random.choice(("", "--x", "--y"))
        title = self.inlines(1)
        return Section(
            id=anchor, item="", kind="k", level=level, number="", title=title, blocks=(*self.blocks(0), *inner)
        )

    def document(self) -> Document:
        return self.finished([self.section(1) for _ in range(self.random.randint(1, 3))])

    def finished(self, sections: list[Any]) -> Document:
        fresh = tuple(
            map_inlines(one, lambda node: (replace(node, item="") if isinstance(node, Anchor) else node,))
            for one in sections
        )
        done = distinct(fresh, set())
        return document(*number_sections(done, "chapter", "図表"))  # type: ignore[arg-type]

    def edited(self, value: Any) -> Any:
        """Return a tree with a few parts changed, gone, new or elsewhere."""
        if isinstance(value, tuple):
            parts = [self.edited(one) for one in value if self.random.random() > 0.06]
            if len(parts) > 1 and self.random.random() < 0.08:
                self.random.shuffle(parts)
            if parts and self.random.random() < 0.08:
                parts.insert(self.random.randint(0, len(parts)), self.like(self.random.choice(parts)))
            return tuple(parts)
        if isinstance(value, Text):
            return Text(text=self.text() + value.text[3:]) if self.random.random() < 0.15 else value
        if isinstance(value, Footnote):
            texts = (Paragraph(inlines=self.edited(one.inlines)) for one in value.blocks if isinstance(one, Paragraph))
            return Footnote(blocks=tuple(texts))
        if isinstance(value, Table):  # whole groups of rows, else its grid is none
            changed = tuple(tuple(replace(one, blocks=self.edited(one.blocks)) for one in row) for row in value.rows)
            more = self.rows(len(changed[0]))[1] if self.random.random() < 0.3 else ()
            front = self.random.random() < 0.5
            return replace(
                value, caption=self.edited(value.caption), rows=(*more, *changed) if front else (*changed, *more)
            )
        for name in ("inlines", "blocks", "items", "title", "caption"):
            if hasattr(value, name):
                value = replace(value, **{name: self.edited(getattr(value, name))})
        return value

    def like(self, value: Any) -> Any:
        if isinstance(value, Section):
            return self.section(value.level)
        if isinstance(value, tuple):
            return self.blocks(1, most=2)
        return self.block(1) if isinstance(value, BLOCKS) else Text(text=self.text())

    def pair(self) -> tuple[Document, Document]:
        old = self.document()
        if self.random.random() < 0.2:
            return old, self.document()
        return old, self.finished(list(self.edited(old.sections)))


def distinct(blocks: tuple[Block, ...], seen: set[str]) -> tuple[Block, ...]:
    """Return blocks in which every anchor is there once."""

    def first(anchor: str) -> bool:
        return anchor not in seen and not seen.add(anchor)  # type: ignore[func-returns-value]

    def inlines(inline: Inline) -> tuple[Inline, ...]:
        if not isinstance(inline, Anchor) or inline.item:  # met already: a table's words, then its cells'
            return (inline,)
        return (replace(inline, item=inline.id),) if first(inline.id) else inline.inlines

    def words(some: tuple[Inline, ...]) -> tuple[Inline, ...]:
        return map_inlines(Paragraph(inlines=some), inlines).inlines

    done: list[Block] = []
    for block in blocks:
        if isinstance(block, Section):
            if first(block.id):
                done.append(replace(block, title=words(block.title), blocks=distinct(block.blocks, seen)))
        elif isinstance(block, Figure):
            if first(block.id):
                done.append(map_inlines(block, inlines))
        elif isinstance(block, Table):
            table = map_inlines(block if block.id and first(block.id) else replace(block, id=""), inlines)
            done.append(with_cells(table, lambda inner: distinct(inner, seen)))
        elif isinstance(block, BulletList | OrderedList):
            done.append(replace(block, items=tuple(distinct(entry, seen) for entry in block.items)))
        elif isinstance(block, Quote | Note):
            inner = distinct(block.blocks, seen)
            done.append(
                replace(block, title=words(block.title), blocks=inner)
                if isinstance(block, Note)
                else Quote(blocks=inner)
            )
        else:
            done.append(map_inlines(block, inlines))
    return tuple(done)


# ---------------------------------------------------------------- the property


def holds(merged: Document, old: Document, new: Document) -> bool:
    """Tell whether both editions come out of a merged document."""
    return said(accepted(merged).sections) == said(new.sections) and said(rejected(merged).sections) == said(
        old.sections
    )


def look(old: Document, new: Document) -> Document:
    """Return the merged document, after looking at everything it must keep."""
    merged = marked(old, new)
    assert said(accepted(merged).sections) == said(new.sections)
    assert said(rejected(merged).sections) == said(old.sections)
    assert [one for one, count in Counter(marks(*merged.sections).anchors).items() if count > 1] == []
    known = marks(*old.sections, *new.sections)
    assert set(known.anchors) & set(known.targets) <= set(marks(*merged.sections).anchors)
    for node in walk(merged.sections):
        if isinstance(node, Inserted | Removed):
            assert not any(isinstance(inner, Inserted | Removed | Footnote) for inner in walk(node.inlines))
        if isinstance(node, Section | Table | Figure):
            assert node.number == ""
    return merged


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.integers(0, 2**32))
def test_either_edition_comes_out(seed: int) -> None:
    old, new = Chance(seed).pair()
    look(old, new)
    same = marked(new, new)
    assert not any(isinstance(node, Inserted | Removed) for node in walk(same.sections))


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.__name__)
def test_either_real_edition_comes_out(pair: Callable[[], Pair]) -> None:
    old, new = documents(pair())
    look(old, new)
    look(new, old)


def documents(pair: Pair) -> tuple[Document, Document]:
    return made(pair.old).composed.document, made(pair.new).composed.document


# ---------------------------------------------------------------- planted faults


def _each_mark(merged: Document, change: Callable[[Inserted | Removed], tuple[Inline, ...]]) -> Iterator[Document]:
    """Yield the document with each of its marks with words changed, one at a time."""
    for wanted in range(sum(_has_words(node) for node in walk(merged.sections))):
        left = [wanted]

        def one(inline: Inline, left: list[int] = left) -> tuple[Inline, ...]:
            if not isinstance(inline, Inserted | Removed) or not _has_words(inline):
                return (inline,)
            left[0] -= 1
            return change(inline) if left[0] == -1 else (inline,)

        yield replace(merged, sections=tuple(map_inlines(section, one) for section in merged.sections))


def _has_words(node: Block | Inline) -> bool:
    return isinstance(node, Inserted | Removed) and bool(said((Paragraph(inlines=node.inlines),)))


FAULTS: dict[str, Callable[[Inserted | Removed], tuple[Inline, ...]]] = {
    "dropped": lambda mark: (),
    "unmarked": lambda mark: mark.inlines,
    "swapped": lambda mark: (
        Inserted(inlines=mark.inlines) if isinstance(mark, Removed) else Removed(inlines=mark.inlines),
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("seed", range(12))
def test_every_planted_fault_is_seen(fault: str, seed: int) -> None:
    old, new = Chance(seed, simple=True).pair()  # a fault about an anchor changes nothing that is said
    merged = marked(old, new)
    assert holds(merged, old, new)
    for broken in _each_mark(merged, FAULTS[fault]):
        assert not holds(broken, old, new)


def test_a_lost_entry_is_seen() -> None:
    old, new = documents(rich())
    merged = marked(old, new)
    lists = [node for node in walk(merged.sections) if isinstance(node, BulletList | OrderedList)]
    assert len(lists) > 5
    for one in lists:
        lost = replace(merged, sections=tuple(_without_entry(section, one) for section in merged.sections))
        assert not holds(lost, old, new)


def _without_entry(section: Section, wanted: Block) -> Section:
    blocks: list[Block] = []
    for block in section.blocks:
        if block is wanted and isinstance(block, BulletList | OrderedList):
            blocks.append(replace(block, items=block.items[1:]))
        elif isinstance(block, Section):
            blocks.append(_without_entry(block, wanted))
        elif isinstance(block, Table):
            blocks.append(
                with_cells(block, lambda inner: _without_entry(replace(section, blocks=inner), wanted).blocks)
            )
        else:
            blocks.append(block)
    return replace(section, blocks=tuple(blocks))


# ---------------------------------------------------------------- how it looks


def chapter(id: str, title: str, *blocks: Block) -> Section:
    return Section(id=id, item=id, kind="k", level=1, number="", title=(Text(text=title),), blocks=blocks)


def p(text: str) -> Paragraph:
    return Paragraph(inlines=(Text(text=text),))


def test_a_moved_section_is_removed_and_inserted() -> None:
    table = Table(id="tab", caption=(), number="", widths=(), head=(), rows=((Cell(blocks=(p("値"),)),),))
    link = Paragraph(inlines=(Reference(target="b", inlines=(Text(text="二"),)),))
    inner = replace(chapter("b", "二", table), level=2)
    old = document(chapter("a", "一", link, inner), chapter("c", "三"))
    new = document(chapter("a", "一", link), chapter("c", "三", inner))
    merged = look(old, new)
    first, last = (one.blocks[-1] for one in merged.sections)
    assert isinstance(first, Section) and isinstance(last, Section)
    assert (first.id, first.item, first.title) == ("b-old", "", (Removed(inlines=inner.title),))
    assert (last.id, last.item, last.title) == ("b", "b", (Inserted(inlines=inner.title),))
    assert set(marks(*merged.sections).targets) == {"b"}


def test_a_removed_section_stands_where_it_stood_and_keeps_its_id() -> None:
    old = document(*number_sections((chapter("a", "一"), chapter("b", "二"), chapter("c", "三")), "chapter", "図表"))
    new = document(*number_sections((chapter("a", "一"), chapter("c", "三")), "chapter", "図表"))
    merged = look(old, new)
    assert [one.id for one in merged.sections] == ["a", "b", "c"]
    assert merged.sections[2].title == (
        Removed(inlines=(Text(text="第3章"),)),
        Inserted(inlines=(Text(text="第2章"),)),
        Text(text="　三"),
    )


def test_the_cover_says_both() -> None:
    old, new = document(), document(as_of="令和2年2月", notice="注記")
    cover = marked(old, new).cover
    assert cover.as_of == "令和2年2月（旧：令和元年11月）"
    assert cover.edition == "第1版"
    assert cover.status == "見え消し版"
    assert cover.notice == "取消線は削った字句、下線は加えた字句を示す。 注記"


# ---------------------------------------------------------------- what a template changed


def _changes(old: Any, new: Any) -> tuple[tuple[str, str, str], ...]:
    labels = labels_of(old.snapshot, new.snapshot)
    return template_changes(old.composed.document, new.composed.document, compare(old.snapshot, new.snapshot), labels)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.__name__)
def test_every_difference_of_real_editions_is_told(pair: Callable[[], Pair]) -> None:
    old, new = (made(tree) for tree in (pair().old, pair().new))
    for before, after in ((old, new), (new, old)):
        # rebuilt: the revision changed the template of its picture, and すべて to 全て in that of the overview
        assert {anchor for anchor, _, _ in _changes(before, after)} <= {"ch-center--system", "ch-tasks--overview"}


# What templates of the artificial pair print, changed: where, from, to, and what must be told.
TEMPLATE = "guideline/templates/items/activity.md.j2"
PLANTED = (
    (TEMPLATE, "| 区分 |", "| 種類 |", "区分", "種類"),
    (TEMPLATE, '"進め方"', '"手順"', "進め方", "手順"),
    (TEMPLATE, "| 担い手 |", "| 担当 |", "担い手", "担当"),
    (TEMPLATE, "{{ item.purpose }}\n", "{{ item.purpose }}\n\nこの活動は任意です。\n", "", "この活動は任意です。"),
    (TEMPLATE, '| join("、")', '| join("・")', "、", "・"),
)


@pytest.mark.parametrize(("path", "was", "now", "old", "new"), PLANTED, ids=lambda value: None)
@pytest.mark.parametrize("same", [True, False], ids=["same-content", "changed-content"])
def test_a_changed_template_is_told(path: str, was: str, now: str, old: str, new: str, same: bool) -> None:
    pair = rich()
    text = pair.new.content[path].decode()
    assert was in text
    before = made(pair.new if same else pair.old)
    after = made(DictTree({**pair.new.content, path: text.replace(was, now).encode()}))
    told = _changes(before, after)
    assert any(old in one and new in two for _, one, two in told) or "join" in was
    found = {
        anchor.partition("--")[0]
        for anchor, *texts in told
        if any(one and one in text for one, text in zip((old, new), texts, strict=True))
    }
    if "join" in was:  # one activity has a list with more than one thing
        assert found == {"act-shelf"}
        return
    # every activity of both editions prints it, but where its own change says the same word
    both = [{one.id for one in side.snapshot.entries if one.kind == "activity"} for side in (before, after)]
    assert both[0] & both[1] - found <= {"act-show"}


def test_the_same_documents_have_nothing_to_tell() -> None:
    one = made(rich().old)
    assert _changes(one, one) == ()
