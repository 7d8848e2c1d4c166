"""送付資料一覧: the cover of the papers that are sent to a committee together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
from shishin.papers.settings import Look
from shishin.papers.summary import bullets, cell
from shishin.papers.table import edition_line, paper, text
from shishin.problem import Words


def pack_cover(
    comparison: Comparison, files: Sequence[tuple[str, str]], untracked: Sequence[Words], look: Look
) -> Document:
    """Return the list of papers: what each file is, how to read the marks, what Word can't track."""
    parts: tuple[tuple[str, tuple[Block, ...]], ...] = (
        ("資料", (_files(files),)),
        ("比べた版", (_editions(comparison, look),)),
        ("印の見方", (_marks(look),)),
        ("変更履歴付きの Word 文書について", tuple(_tracked(untracked))),
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
    return paper(comparison, look, "送付資料一覧", sections)


def _files(files: Sequence[tuple[str, str]]) -> Table:
    rows = tuple(
        (cell(str(place), align="center"), cell(name), cell(what)) for place, (name, what) in enumerate(files, 1)
    )
    head = (cell("番号", header=True, align="center"), cell("ファイル", header=True), cell("内容", header=True))
    return Table(id="files", caption=(), number="", widths=(0.1, 0.42, 0.48), head=(head,), rows=rows)


def _editions(comparison: Comparison, look: Look) -> Table:
    sides = ((look.new_word, comparison.new), (look.old_word, comparison.old))
    rows = tuple(
        (cell(word, header=True), cell(edition_line(side)), cell(side.status_label, align="center"))
        for word, side in sides
    )
    head = (cell("", header=True), cell("版（基準日）", header=True), cell("状態", header=True, align="center"))
    return Table(id="editions", caption=(), number="", widths=(0.2, 0.6, 0.2), head=(head,), rows=rows)


def _marks(look: Look) -> Table:
    verb = look.verb
    rows: tuple[tuple[tuple[Inline, ...], str], ...] = (
        ((Underlined(inlines=_words("下線"), change="new"),), f"新旧対照表：{verb}した字句（新旧の両側に引く）"),
        ((Underlined(inlines=_words("二重下線"), change="moved"),), "新旧対照表：移動した項目"),
        (_words("（新設）・（削る）"), "新旧対照表：その版にない部分"),
        (_words("（略）"), "新旧対照表：変更がないため省いた部分"),
        (_words("太枠"), f"新旧対照表：{verb}のある表"),
        ((Inserted(inlines=_words("追加した字句")),), "見え消し版：加えた字句"),
        ((Removed(inlines=_words("削った字句")),), "見え消し版：削った字句"),
    )
    head = (cell("印", header=True), cell("意味", header=True))
    return Table(
        id="marks",
        caption=(),
        number="",
        widths=(0.3, 0.7),
        head=(head,),
        rows=tuple((Cell(blocks=(Paragraph(inlines=mark),)), cell(meaning)) for mark, meaning in rows),
    )


def _words(words: str) -> tuple[Inline, ...]:
    return (Text(text=words),)


def _tracked(untracked: Sequence[Words]) -> Iterator[Block]:
    yield text(
        "Word の［校閲］で全ての変更を承諾すると溶け込み版（新）に、全ての変更を元に戻すと前の版（旧）になる。"
        "作成者の名は団体名である。"
    )
    if untracked:
        yield text("次の変更は Word の変更履歴に表せないため、新しい版の形で入っている。")
        yield bullets([one.ja for one in untracked])
    else:
        yield text("変更履歴に表せない変更はない。")
