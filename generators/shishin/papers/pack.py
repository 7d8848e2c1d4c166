"""送付資料一覧: the cover of the papers that are sent to a committee together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from shishin.comparison import Comparison
from shishin.document import (
    Block,
    Cell,
    Document,
    Inline,
    Inserted,
    Paragraph,
    Removed,
    Section,
    Table,
    Text,
    Underlined,
)
from shishin.era import wareki
from shishin.papers.settings import Look
from shishin.papers.summary import bullets, cell
from shishin.papers.table import paper, text
from shishin.problem import Words


def pack_cover(
    comparison: Comparison, files: Sequence[tuple[str, str]], untracked: Sequence[Words], look: Look
) -> Document:
    """Return the list of papers: what each file is, how to read the marks, what Word can't track."""
    parts: tuple[tuple[str, tuple[Block, ...]], ...] = (
        ("資料", (_files(files),)),
        ("比べた版", (_editions(comparison, look),)),
        ("印の見方", (_marks(look),)),
        ("変更履歴付きの Word 文書について", tuple(_tracked(untracked, look))),
    )
    sections = tuple(
        Section(
            id=f"part-{place}",
            item="",
            kind="part",
            level=1,
            number=str(place),
            title=(Text(text=title),),
            blocks=blocks,
        )
        for place, (title, blocks) in enumerate(parts, 1)
    )
    document = paper(comparison, look, "送付資料一覧", sections)
    # a table below tells the editions
    return replace(document, cover=replace(document.cover, subtitle="", edition="", as_of=""))


def _files(files: Sequence[tuple[str, str]]) -> Table:
    """Return the papers, each once, with the files that hold it."""
    papers: dict[str, list[str]] = {}
    for name, what in files:
        papers.setdefault(what, []).append(name)
    rows = tuple(
        (cell(str(place), align="center"), cell(what), cell(_named(names)))
        for place, (what, names) in enumerate(papers.items(), 1)
    )
    head = (cell("番号", header=True, align="center"), cell("資料", header=True), cell("ファイル", header=True))
    return Table(id="files", caption=(), number="", widths=(0.09, 0.46, 0.45), head=(head,), rows=rows)


def _named(files: Sequence[str]) -> str:
    """Return the names of files, those that differ in their endings once: 2-新旧対照表（.docx、.pdf）."""
    endings: dict[str, list[str]] = {}
    for file in files:
        stem, dot, ending = file.rpartition(".")
        endings.setdefault(stem, []).append(dot + ending)
    return "、".join(f"{stem}（{'、'.join(some)}）" if some[1:] else stem + some[0] for stem, some in endings.items())


def _editions(comparison: Comparison, look: Look) -> Table:
    sides = ((look.new_word, comparison.new), (look.old_word, comparison.old))
    rows = tuple(
        (
            cell(word, header=True),
            cell(side.label),
            cell(wareki(side.as_of), align="center"),
            cell(side.status_label, align="center"),
        )
        for word, side in sides
    )
    head = (
        cell("", header=True),
        cell("版", header=True),
        cell("基準日", header=True, align="center"),
        cell("状態", header=True, align="center"),
    )
    return Table(id="editions", caption=(), number="", widths=(0.14, 0.46, 0.25, 0.15), head=(head,), rows=rows)


def _marks(look: Look) -> Table:
    verb = look.verb
    rows: tuple[tuple[tuple[Inline, ...], str], ...] = (
        (
            (
                Underlined(inlines=_words("下線"), change="new"),
                *_words("　"),
                Underlined(inlines=_words("二重下線"), change="moved"),
            ),
            f"新旧対照表：下線は{verb}した字句、二重下線は移動した項目",
        ),
        (_words("（新設）・（削る）"), "新旧対照表：その版にない部分"),
        (_words("（略）"), "新旧対照表：変更がなく省いた部分（変更のない出典には付けない）"),
        (_words("太枠"), f"新旧対照表：{verb}のある表"),
        (
            (Inserted(inlines=_words("加えた字句")), *_words("　"), Removed(inlines=_words("削った字句"))),
            "見え消し版：太字に下線は加えた字句、取消線は削った字句",
        ),
    )
    head = (cell("印", header=True), cell("意味", header=True))
    return Table(
        id="marks",
        caption=(),
        number="",
        widths=(0.27, 0.73),
        head=(head,),
        rows=tuple((Cell(blocks=(Paragraph(inlines=mark),)), cell(meaning)) for mark, meaning in rows),
    )


def _words(words: str) -> tuple[Inline, ...]:
    return (Text(text=words),)


def _tracked(untracked: Sequence[Words], look: Look) -> Iterator[Block]:
    how = f"［校閲］で全ての変更を承諾すると{look.new_word}に、全て元に戻すと{look.old_word}になる。変更者は団体名とした。"
    if untracked:
        yield text(f"{how}変更履歴に表せない次の変更は、初めから{look.new_word}の形である。")
        yield bullets([one.ja for one in untracked])
    else:
        yield text(how)
        yield text("変更履歴に表せない変更はない。")
