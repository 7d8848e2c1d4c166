"""Markdown text → nodes of the document tree.

CommonMark with tables and footnotes, plus `[[id]]` (a mention of an item), `[words](#id)` (the same in own words)
and ｜漢字《かんじ》 (ruby). Two sorts of text pass through here: fields of items, each parsed alone, and the text a
template has produced, in which placeholders stand for what was parsed before. What the tree can't carry
(raw HTML, pictures, code blocks, unknown link schemes) is a fault with its place, never dropped.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from shishin.dialect import CLOSE, OPEN, PLACE, reader
from shishin.document import (
    Block,
    BulletList,
    Cell,
    CodeText,
    Emphasis,
    Footnote,
    Inline,
    LineBreak,
    Link,
    OrderedList,
    Paragraph,
    Quote,
    Reference,
    Ruby,
    Rule,
    Strong,
    Table,
    Text,
    plain,
)
from shishin.problem import Words
from shishin.source import is_wide
from shishin.unmarked import BREAK, Piece, pieces_of, plain_targets

if TYPE_CHECKING:
    from markdown_it.token import Token

SCHEMES = ("https:", "http:", "mailto:", "tel:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something in a text that the tree can't carry, or that points nowhere: place counts from 1."""

    code: str
    line: int
    column: int
    message: Words
    hint: Words | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A parsed text: its blocks, its faults, and the anchors it mentions with their places."""

    blocks: tuple[Block, ...]
    text: str = ""  # what the lines of the faults count in
    faults: tuple[Fault, ...] = ()
    mentions: tuple[tuple[str, int, int], ...] = ()

    @property
    def inlines(self) -> tuple[Inline, ...]:
        """The inlines of the only paragraph (empty text has none)."""
        for block in self.blocks:
            if isinstance(block, Paragraph):
                return block.inlines
        return ()


_CELL_END = re.compile(r"(?<!\\)\|")
_NOTE_CALL = re.compile(r"\[\^[^\]\s]+\]|\^\[")
Placed: TypeAlias = "tuple[Inline, ...] | tuple[Block, ...]"


MAX_LEVEL = 12  # list and entry each count as one level of the parser
_DEEP = re.compile(r"^[ ]*(?:>[ ]*){7}|^[ ]{24,}(?:[-*+]|[0-9]+[.)])[ ]", re.MULTILINE)


@lru_cache(maxsize=20_000)
def parse_field(text: str) -> Parsed:
    """Return a Markdown field's blocks and faults."""
    if plain_targets(text) is None:
        return _Reading(text=text, placed={}).read()
    return _unmarked(text)


def _unmarked(text: str) -> Parsed:
    """Return the paragraphs of a text without marks, as the parser would, at a fraction of its cost."""
    reading = _Reading(text=text, placed={})
    blocks: list[Block] = []
    pieces: list[Piece] = []
    first = 1
    for number, row in enumerate((*text.split("\n"), ""), 1):
        if row:
            first = first if pieces else number
            pieces += (BREAK,) if pieces else ()
            pieces += pieces_of(row.strip(" "))
        elif pieces:
            blocks.append(Paragraph(inlines=reading.inlines(cast("Sequence[Token]", pieces), first)))
            pieces = []
    return Parsed(blocks=tuple(blocks), text=text, mentions=tuple(reading.mentions))


@lru_cache(maxsize=20_000)
def parse_inline(text: str) -> Parsed:
    """Return a one-line field: one paragraph, never a list or heading, however the line begins."""
    reading = _Reading(text=text, placed={})
    if "\n" in text.strip():
        reading.fault("M401", "", 2, Words(ja="一行の欄に改行があります。", en="A one-line field has a line break."))
    row = text.strip()
    if "\n" in row or plain_targets(row) is None:
        inlines = reading.inlines(reader().parseInline(row)[0].children or [], 1)
    else:
        inlines = reading.inlines(cast("Sequence[Token]", tuple(pieces_of(row))), 1)
    return Parsed(blocks=(Paragraph(inlines=inlines),), faults=tuple(reading.faults), mentions=tuple(reading.mentions))


def parse_template(text: str, placed: Mapping[int, Placed]) -> Parsed:
    """Return the blocks of what a template produced; `placed` holds the content of each placeholder."""
    # Numbered from 0, the placeholders of items alike give the same text, which is parsed once.
    used: list[Placed] = []

    def renumber(found: re.Match[str]) -> str:
        used.append(placed[int(found["number"])])
        return f"{OPEN}{len(used) - 1}{CLOSE}"

    return _Reading(text=PLACE.sub(renumber, text), placed=dict(enumerate(used))).read()


@lru_cache(maxsize=2_000)
def _tokens(text: str) -> tuple[list[Token], dict[int, list[Token]], tuple[str, ...]]:
    """Return the tokens of a text, those of its notes, and the labels of notes that nothing calls."""
    env: dict[str, Any] = {}
    body, notes = _split_footnotes(reader().parse(text, env))
    refs = env.get("footnotes", {}).get("refs", {})
    return body, notes, tuple(label.removeprefix(":") for label, used in refs.items() if used < 0)


@dataclass(slots=True)
class _Reading:
    text: str
    placed: Mapping[int, Placed]
    faults: list[Fault] = field(default_factory=list)
    mentions: list[tuple[str, int, int]] = field(default_factory=list)
    footnotes: dict[int, tuple[Block, ...]] = field(default_factory=dict)
    sought: dict[str, int] = field(default_factory=dict)

    def read(self) -> Parsed:
        body, notes, uncalled = _tokens(self.text)
        for label in uncalled:  # the parser would drop them
            self.fault(
                "M408",
                f"[^{label}]",
                1,
                Words(ja=f"注 [^{label}] を指す所がありません。", en=f"Nothing refers to the note [^{label}]."),
            )
        if max((token.level for token in body), default=0) > MAX_LEVEL or _DEEP.search(self.text):
            self.fault(
                "M410",
                "",
                1,
                Words(ja="箇条書きや引用の入れ子が深すぎます。", en="Lists or quotes are nested too deep."),
                Words(ja="4段までにしてください。", en="Keep to four levels."),
            )
        for number, inner in notes.items():
            for token in inner:
                for child in token.children or []:
                    if child.type == "footnote_ref":
                        line = token.map[0] + 1 if token.map else 1
                        words = Words(ja="注の中に注は書けません。", en="A note can't hold a note.")
                        self.fault("M411", f"[^{child.meta['label']}]", line, words)
            self.footnotes[number] = self.blocks(inner)
        blocks = self.blocks(body)
        return Parsed(blocks=blocks, text=self.text, faults=tuple(self.faults), mentions=tuple(self.mentions))

    # ------------------------------------------------ places

    def place(self, needle: str, line: int) -> tuple[int, int]:
        """Find where `needle` stands, from `line` on, after its earlier occurrences."""
        lines = self.text.split("\n")
        start = sum(len(row) + 1 for row in lines[: line - 1])
        key = f"{line}:{needle}"
        index = self.text.find(needle, max(start, self.sought.get(key, 0))) if needle else start
        if index < 0:
            return line, 1
        self.sought[key] = index + len(needle)
        before = self.text[:index]
        return before.count("\n") + 1, index - (before.rfind("\n") + 1) + 1

    def fault(self, code: str, needle: str, line: int, message: Words, hint: Words | None = None) -> None:
        found, column = self.place(needle, line)
        self.faults.append(Fault(code=code, line=found, column=column, message=message, hint=hint))

    # ------------------------------------------------ blocks

    def blocks(self, tokens: Sequence[Token]) -> tuple[Block, ...]:
        done: list[Block] = []
        index = 0
        while index < len(tokens):
            token = tokens[index]
            end = _closing(tokens, index)
            inner = tokens[index + 1 : end]
            line = token.map[0] + 1 if token.map else 1
            match token.type:
                case "paragraph_open":
                    done += self.paragraph(inner[0], line)
                case "bullet_list_open":
                    done.append(BulletList(items=self.items(inner)))
                case "ordered_list_open":
                    done.append(OrderedList(items=self.items(inner), start=int(token.attrs.get("start", 1))))
                case "blockquote_open":
                    done.append(Quote(blocks=self.blocks(inner)))
                case "table_open":
                    done.append(self.table(inner, line))
                case "hr":
                    done.append(Rule())
                case "html_block":
                    self.html(token.content.strip(), line)
                case "heading_open":
                    self.fault(
                        "M404",
                        "",
                        line,
                        Words(ja="欄の中に見出し（#）は書けません。", en="A field can't hold a heading (#)."),
                        Words(ja="節に分けるか、太字にしてください。", en="Make it a section of its own, or use bold."),
                    )
                case "fence" | "code_block":
                    self.fault(
                        "M405",
                        "",
                        line,
                        Words(
                            ja="字下げ4つや ``` によるコードの段落は使えません。", en="Code blocks are not available."
                        ),
                        Words(ja="行頭の空白を減らしてください。", en="Indent the line less."),
                    )
                case other:
                    self.fault(
                        "M409", "", line, Words(ja=f"使えない書き方です（{other}）。", en=f"Not available: {other}.")
                    )
            index = end + 1
        return tuple(done)

    def items(self, tokens: Sequence[Token]) -> tuple[tuple[Block, ...], ...]:
        entries: list[tuple[Block, ...]] = []
        index = 0
        while index < len(tokens):
            end = _closing(tokens, index)
            entries.append(self.blocks(tokens[index + 1 : end]))
            index = end + 1
        return tuple(entries)

    def paragraph(self, inline: Token, line: int) -> list[Block]:
        children = inline.children or []
        filled = [
            child for child in children if child.type != "softbreak" and child.content.strip() + child.type != "text"
        ]
        if filled and all(child.type == "place" for child in filled):
            contents = [self.placed[int(child.meta["number"])] for child in filled]
            if any(content and _is_block(content[0]) for content in contents):
                return [block for content in contents for block in as_blocks(content)]
            if all(not content for content in contents):
                return []
        inlines = self.inlines(children, line)
        return [Paragraph(inlines=inlines)] if inlines else []

    def table(self, tokens: Sequence[Token], line: int) -> Table:
        head: list[tuple[Cell, ...]] = []
        rows: list[tuple[Cell, ...]] = []
        into = head
        index = 0
        while index < len(tokens):
            token = tokens[index]
            if token.type == "tbody_open":
                into = rows
            if token.type == "tr_open":
                end = _closing(tokens, index)
                here = token.map[0] + 1 if token.map else line
                into.append(self.row(tokens[index + 1 : end], here, into is head))
                if not self.placed:
                    self.check_width(here, len(head[0]) if head else 0)
                index = end
            index += 1
        if all(not cell.blocks for row in head for cell in row):
            head = []
        return Table(
            id="", caption=(), number="", widths=natural_widths((*head, *rows)), head=tuple(head), rows=tuple(rows)
        )

    def check_width(self, line: int, columns: int) -> None:
        """Report a row with more cells than the head: the parser drops the rest without a word."""
        row = self.text.split("\n")[line - 1].strip()
        cells = len(_CELL_END.split(row.strip("|")))
        if cells > columns:
            self.fault(
                "M412",
                "",
                line,
                Words(
                    ja=f"表の行に欄が {cells} あります（見出しは {columns}）。",
                    en=f"The row has {cells} cells, the head {columns}.",
                ),
                Words(ja="文字としての | は \\| と書きます。", en="Write a literal | as \\|."),
            )

    def row(self, tokens: Sequence[Token], line: int, header: bool) -> tuple[Cell, ...]:
        cells: list[Cell] = []
        index = 0
        while index < len(tokens):
            token = tokens[index]
            end = _closing(tokens, index)
            style = str(token.attrs.get("style", ""))
            align = "center" if "center" in style else "right" if "right" in style else "left"
            inner = tokens[index + 1 : end]
            blocks = self.paragraph(inner[0], line) if inner else []
            cells.append(Cell(blocks=tuple(blocks), header=header, align=align))
            index = end + 1
        return tuple(cells)

    # ------------------------------------------------ inlines

    def inlines(self, tokens: Sequence[Token], line: int) -> tuple[Inline, ...]:
        done: list[Inline] = []
        index = 0
        while index < len(tokens):
            token = tokens[index]
            end = _closing(tokens, index)
            inner = tokens[index + 1 : end]
            match token.type:
                case "text" | "text_special":
                    if called := _NOTE_CALL.search(token.content):
                        self.fault(
                            "M408",
                            called[0],
                            line,
                            Words(
                                ja=f"注 {called[0]} の中身がありません。", en=f"The note {called[0]} is not defined."
                            ),
                            Words(
                                ja="欄の終わりに「[^1]: 注の文」と書いてください（一行の欄に注は付けられません）。",
                                en="Write '[^1]: …' at the end of the field; one-line fields have no notes.",
                            ),
                        )
                    if "**" in token.content and token.type == "text":
                        self.fault(
                            "M407",
                            "**",
                            line,
                            Words(ja="太字の ** が対になっていません。", en="A bold mark ** has no partner."),
                            Words(
                                ja="括弧は ** の外に出し、「**大事**」のように書いてください。閉じる ** の付け忘れも確かめてください。",
                                en="Write 「**word**」 with the brackets outside, and look for a ** that is not closed.",
                            ),
                        )
                    _append_text(done, token.content)
                case "softbreak":
                    self.break_line(done, tokens, index)
                    line += 1
                case "hardbreak":
                    done.append(LineBreak())
                    line += 1
                case "code_inline":
                    done.append(CodeText(text=token.content))
                case "em_open":
                    done.append(Emphasis(inlines=self.inlines(inner, line)))
                case "strong_open":
                    done.append(Strong(inlines=self.inlines(inner, line)))
                case "link_open":
                    done += self.link(str(token.attrs["href"]), inner, line)
                case "mention":
                    target = token.meta["target"]
                    self.mentions.append((target, *self.place(f"[[{target}]]", line)))
                    done.append(Reference(target=target, inlines=()))
                case "ruby":
                    done.append(Ruby(base=token.meta["base"], reading=token.meta["reading"]))
                case "place":
                    done += self.spliced(int(token.meta["number"]), line)
                case "footnote_ref":
                    done.append(Footnote(blocks=self.footnotes.get(token.meta["id"], ())))
                case "footnote_anchor":
                    pass  # the way back from a note, which outputs draw themselves
                case "html_inline":
                    self.html(token.content, line)
                case "image":
                    self.fault(
                        "M406",
                        "![",
                        line,
                        Words(ja="本文に画像は貼れません。", en="Pictures can't be put into text."),
                        Words(ja="図はデータから作ります。", en="Pictures are made from data."),
                    )
                case other:
                    self.fault(
                        "M409", "", line, Words(ja=f"使えない書き方です（{other}）。", en=f"Not available: {other}.")
                    )
            index = end + 1
        return tuple(done)

    def break_line(self, done: list[Inline], tokens: Sequence[Token], index: int) -> None:
        before = plain(tuple(done))[-1:]
        after = next((t.content or t.meta.get("base", "") for t in tokens[index + 1 :] if t.content or t.meta), "")[:1]
        if before and after and not (is_wide(before) or is_wide(after)):
            _append_text(done, " ")

    def link(self, url: str, inner: Sequence[Token], line: int) -> list[Inline]:
        words = self.inlines(inner, line)
        if url.startswith("#"):
            self.mentions.append((url[1:], *self.place(f"({url})", line)))
            return [Reference(target=url[1:], inlines=words)]
        if not url.lower().startswith(SCHEMES):
            self.fault(
                "M403",
                url if url in self.text else "](",
                line,
                Words(ja=f"このリンク先は使えません: {url}", en=f"This link is not allowed: {url}"),
                Words(
                    ja="https:、http:、mailto:、tel: か、項目への [語](#id) を書いてください。",
                    en="Use https:, http:, mailto:, tel:, or [words](#id) for an item.",
                ),
            )
            return list(words)
        return [Link(url=url, inlines=words)]

    def spliced(self, number: int, line: int) -> list[Inline]:
        content = self.placed[number]
        inlines: list[Inline] = []
        for part in content:
            if isinstance(part, Paragraph):
                inlines += part.inlines
            elif _is_block(part):
                self.fault(
                    "T503",
                    "",
                    line,
                    Words(
                        ja="段落や表は、行の途中には置けません。",
                        en="A block can't stand in the middle of a line.",
                    ),
                    Words(ja="前後を空行にしてください。", en="Put blank lines around it."),
                )
            else:
                inlines.append(part)  # type: ignore[arg-type]
        return inlines

    def html(self, content: str, line: int) -> None:
        self.fault(
            "M402",
            content.split("\n")[0],
            line,
            Words(ja=f"HTML は書けません: {content[:30]}", en=f"Raw HTML is not allowed: {content[:30]}"),
            Words(ja="「<」を文字として書くときは「\\<」とします。", en="Write a literal '<' as '\\<'."),
        )


def natural_widths(rows: Sequence[tuple[Cell, ...]]) -> tuple[float, ...]:
    """Return shares of the width that suit the cells' text: between 8 and 60 % each, summing to 1."""
    columns = max((len(row) for row in rows), default=1)
    weights = [4.0] * columns
    for row in rows:
        for place, cell in enumerate(row):
            length = sum(_length(block) for block in cell.blocks)
            weights[place] = max(weights[place], min(length, 60) ** 0.75)
    total = sum(weights)
    shares = [round(weight / total, 4) for weight in weights[:-1]]
    return (*shares, round(1 - sum(shares), 4))


def _length(block: Block) -> int:
    match block:
        case Paragraph():
            return len(plain(block.inlines))
        case BulletList() | OrderedList():
            return max((sum(map(_length, entry)) + 2 for entry in block.items), default=0)
        case _:
            return 20


def _is_block(node: object) -> bool:
    return not isinstance(node, Inline)


def as_blocks(content: Placed) -> tuple[Block, ...]:
    """Return placed content as blocks: inlines make a paragraph, nothing makes nothing."""
    if content and not _is_block(content[0]):
        return (Paragraph(inlines=content),)  # type: ignore[arg-type]
    return content  # type: ignore[return-value]


def _append_text(done: list[Inline], text: str) -> None:
    if not text:
        return
    if done and isinstance(done[-1], Text):
        done[-1] = Text(text=done[-1].text + text)
    else:
        done.append(Text(text=text))


def _closing(tokens: Sequence[Token], index: int) -> int:
    """Return the index of the token that closes the one at `index` (itself where it opens nothing)."""
    if tokens[index].nesting != 1:
        return index
    depth = 0
    for place in range(index, len(tokens)):
        depth += tokens[place].nesting
        if depth == 0:
            return place
    raise AssertionError("unbalanced tokens")


def _split_footnotes(tokens: list[Token]) -> tuple[list[Token], dict[int, list[Token]]]:
    body: list[Token] = []
    notes: dict[int, list[Token]] = {}
    index = 0
    while index < len(tokens):
        if tokens[index].type == "footnote_block_open":
            end = _closing(tokens, index)
            inner = tokens[index + 1 : end]
            place = 0
            while place < len(inner):
                close = _closing(inner, place)
                notes[inner[place].meta["id"]] = inner[place + 1 : close]
                place = close + 1
            index = end
        else:
            body.append(tokens[index])
        index += 1
    return body, notes
