"""The composer: renders templates into blocks and keeps the account of what has been placed where."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from jinja2 import TemplateNotFound
from jinja2.exceptions import UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace
from markupsafe import Markup

from shishin.account import NUMBER
from shishin.assembly import HEAD, HEADING, MERGE, STUB, joined_tables, nested, without_stop
from shishin.cache import Cache, digest
from shishin.dialect import CLOSE, OPEN, PLACE
from shishin.document import (
    Anchor,
    Block,
    BulletList,
    Figure,
    Inline,
    Note,
    OrderedList,
    Paragraph,
    Reference,
    Section,
    Small,
    Table,
    Text,
)
from shishin.edition import Edition
from shishin.era import fiscal_year, span, wareki
from shishin.guideline import Item
from shishin.markdown import Parsed, Placed, as_blocks, parse_field, parse_inline, parse_template
from shishin.problem import Position, Problem, Words
from shishin.reasons import in_japanese
from shishin.schema import Shape
from shishin.templates import TEMPLATES, Call, calling, make_environment, place_of_fault, place_of_words
from shishin.values import leaves
from shishin.view import Choice, View, finalize

id_of = id  # the functions for templates have parameters called id
TABLE_LOOKS = ("grid", "card", "plain")
NOTE_LOOKS = ("note", "caution", "source")


class Composer:
    """Renders templates into blocks and keeps the account of what has been placed where."""

    def __init__(self, edition: Edition, cache: Cache) -> None:
        self.edition = edition
        self.cache = cache
        self.by_id = dict(edition.guideline.by_id)
        self.problems: list[Problem] = []
        self._placed: dict[int, Placed] = {}
        self._names: dict[str, tuple[Inline, ...]] = {}
        self._homes: dict[str, str] = {}
        self._current: list[Item] = []
        self._used_keys: set[str] = set()
        self._levels: dict[str, int] = {}  # of the last heading of each item
        self.made: dict[str, Call | None] = {}  # where a template made an anchor
        self._begun: dict[int, Call | None] = {}  # where table(…) was called

    @cached_property
    def _environment(self) -> ImmutableSandboxedEnvironment:
        environment = make_environment(self.edition.guideline.templates)
        environment.globals = {
            "items": self.views,
            "item_of": self.item_of,
            "choices": self.choices,
            "place": self.place,
            "home": self.home,
            "heading": self.heading,
            "part": self.part,
            "table": self.table,
            "note": self.note,
            "bullets": self.bullets,
            "numbered": self.numbered,
            "small": self.small,
            "stack": self.stack,
            "number": self.number,
            "source": self.source,
            "diagram": self.diagram,
            "timeline": self.timeline,
            "settings": deepcopy(dict(self.edition.guideline.settings)),
            "edition": {
                "label": self.edition.label,
                "status": self.edition.status_label,
                "as_of": self.edition.as_of_text,
            },
            "wareki": wareki,
            "span": span,
            "fiscal_year": fiscal_year,
            "namespace": Namespace,
        }
        return environment

    def place_of(self, anchor: str) -> Position | None:
        """Return the template line that made an anchor."""
        call = self.made.get(anchor)
        return call.position if call else None

    def forget(self) -> None:
        """Let go of what only composing needed: for a large guideline that is much."""
        self._placed.clear()
        parse_field.cache_clear()
        parse_inline.cache_clear()

    # ------------------------------------------------ marks: what a template's expressions leave in its text

    def mark(self, content: Placed, *, block: bool = False) -> Markup:
        """Keep parsed content and return the placeholder that stands for it."""
        number = len(self._placed)
        self._placed[number] = content
        return Markup(f"\n\n{OPEN}{number}{CLOSE}\n\n" if block else f"{OPEN}{number}{CLOSE}")

    def prose(self, text: str, shape: Shape) -> str:
        """Return the mark of a text field."""
        if shape.text == "markdown":
            return self.mark(parse_field(text).blocks)
        return self.mark(parse_inline(text).inlines)

    def mention(self, item: Item) -> str:
        """Return the mark of a link to an item, by its name."""
        return self.mark((Reference(target=item.id, inlines=()),))

    def view(self, item_id: str) -> View:
        """Return the view of the item with this id."""
        item = self.by_id[item_id]
        return View(item, item.data, item.kind.shape, self)

    def read(self, item: Item, name: str) -> None:
        """Be told that a template looks at a field (survey.py wants to know)."""

    def here(self) -> Call | None:
        """Return the call from a template that led here."""
        return calling()

    # ------------------------------------------------ functions for templates

    def item_of(self, item_id: str) -> View:
        """Return the item with this id."""
        if item_id not in self.by_id:
            raise UndefinedError(f"there is no item '{item_id}'")
        return self.view(item_id)

    def views(self, kind: str, **where: Any) -> list[View]:
        """Return the items of a kind in printed order, where the named fields hold (or contain) the given values."""
        self._known_kind(kind)
        items = self.edition.guideline.of(kind)
        fields = self.edition.guideline.schemas.kinds[kind].shape.properties
        for name, wanted in where.items():
            if name not in fields:
                raise UndefinedError(f"'{name}' is no field of {kind}; fields: {', '.join(fields)}")
            plain_wanted = wanted._item.id if isinstance(wanted, View) else wanted
            items = tuple(item for item in items if _holds(item.data.get(name), plain_wanted))
        return [View(item, item.data, item.kind.shape, self) for item in items]

    def _known_kind(self, kind: str) -> None:
        kinds = self.edition.guideline.schemas.kinds
        if kind not in kinds:
            raise UndefinedError(f"there is no kind '{kind}'; kinds: {', '.join(kinds)}")

    def choices(self, kind: str, name: str) -> list[Any]:
        """Return the choices of a field in the schema's order; each prints as its label."""
        self._known_kind(kind)
        fields = self.edition.guideline.schemas.kinds[kind].shape.properties
        if name not in fields or not fields[name].enum:
            raise UndefinedError(f"'{name}' is no field with choices of {kind}")
        shape = fields[name]
        return [Choice(code, shape.labels.get(code, code)) for code in shape.enum]

    def place(self, view: View) -> Markup:
        """Give an item its home here: a section of its own."""
        return self.mark((self.section(self._claimed(view)),), block=True)

    def _claimed(self, view: View) -> Item:
        item = view._item
        if item in self._current:
            raise UndefinedError(f"{item.id} can't be placed inside itself")
        return item

    def home(self, view: View, words: Any = None) -> Markup:
        """Give an item (or record) its home in a table row or list entry: its name, as the target of links."""
        item = _item(view)
        self._claim(item)
        inlines = self.name(item) if words is None else self._inlines(words)
        return self.mark((Anchor(id=item.id, item=item.id if item.kind.use == "item" else "", inlines=inlines),))

    def heading(self, key: str, title: Any, level: int = 1) -> Markup:
        """Begin a part of the current item under a heading."""
        item = self._current[-1]
        anchor = f"{item.id}--{key}"
        if level > self._levels.get(item.id, 0) + 1:
            self._report(
                "T510",
                self.here(),
                item,
                Words(
                    ja=f"見出し「{key}」の段（{level}）が、上の見出しから飛んでいます。",
                    en=f"The heading '{key}' of level {level} skips a level.",
                ),
                Words(ja="一段ずつ下げてください。", en="Go down one level at a time."),
            )
        self._levels[item.id] = level
        if anchor in self._used_keys:
            self._report(
                "T505",
                self.here(),
                item,
                Words(ja=f"見出しのキー「{key}」が二度使われています。", en=f"The heading key '{key}' is used twice."),
            )
        self._used_keys.add(anchor)
        self.made[anchor] = self.here()
        return self.mark(
            (Section(id=anchor, item="", kind=HEADING, level=level, number="", title=self._inlines(title), blocks=()),),
            block=True,
        )

    def part(self, name: str, **values: Any) -> Markup:
        """Put a part of the guideline here: the template parts/<name>.md.j2."""
        if f"parts/{name}.md.j2" not in self.templates:
            item = self._current[-1]
            named = next((path for path, _, value in leaves(item.data, item.kind.shape) if value == name), None)
            self._no_template(f"parts/{name}.md.j2", item.position(named) if named is not None else self.here())
            return Markup("")
        return self.mark(self._render(f"parts/{name}.md.j2", item=self._own_view(), **values), block=True)

    def table(
        self,
        id: str = "",
        caption: Any = "",
        widths: Any = (),
        note: Any = "",
        look: str = "grid",
        stub: bool = False,
        merge: bool = False,
    ) -> Markup:
        """Give the table that follows its id, caption, widths (any numbers), note, look.

        `stub` makes its first column a header; `merge` joins an empty first cell with the one above.
        """
        if look not in TABLE_LOOKS:
            raise UndefinedError(f"'{look}' is no look of a table; looks: {', '.join(TABLE_LOOKS)}")
        total = sum(widths) or 1
        begun = (HEAD, *((STUB,) if stub or look == "card" else ()), *((MERGE,) if merge else ()))
        head = Table(
            id=str(id),
            caption=self._inlines(caption),
            number=" ".join(begun),
            widths=tuple(round(width / total, 4) for width in widths),
            head=(),
            rows=(),
            note=self._inlines(note),
            look=look,
        )
        self._begun[id_of(head)] = self.made[head.id] = self.here()
        return self.mark((head,), block=True)

    def note(self, title: Any, body: Any, look: str = "note") -> Markup:
        """Put a boxed remark here; `look` is note, caution or source."""
        if look not in NOTE_LOOKS:
            raise UndefinedError(f"'{look}' is no look of a note; looks: {', '.join(NOTE_LOOKS)}")
        return self.mark((Note(title=self._inlines(title), blocks=self._blocks(body), look=look),), block=True)

    def bullets(self, entries: Any) -> Markup:
        """Put a bullet list here, one entry each; it may stand in a table cell."""
        return self.mark((BulletList(items=tuple(self._blocks(entry) for entry in entries)),) if entries else ())

    def numbered(self, entries: Any) -> Markup:
        """Put a numbered list here, one entry each; it may stand in a table cell."""
        return self.mark((OrderedList(items=tuple(self._blocks(entry) for entry in entries)),) if entries else ())

    def stack(self, *parts: Any) -> Markup:
        """Put several texts one below another, each a paragraph; it may stand in a table cell."""
        blocks = [block for part in parts if part for block in self._blocks(part)]
        return self.mark(tuple(blocks))

    def number(self, view: View) -> Markup:
        """Print where an item stands (第5章3(2)), as a link: for tables, where mentions carry no number."""
        return self.mark((Reference(target=_item(view).id, inlines=(Text(text=NUMBER),)),))

    def small(self, words: Any) -> Markup:
        """Print words small and grey."""
        return self.mark((Small(inlines=self._inlines(words)),))

    def source(self, view: View, *, notes: bool = False) -> Markup:
        """Print where an item comes from, whether it was derived, and its id where the paper wants it."""
        words: list[Inline] = []
        before = None
        given = view._shape.properties
        for entry in (view["source"] if "source" in given else None) or []:
            words.append(Text(text="出典：" if not words else "、" if entry.ref == before else "；"))
            if entry.ref != before:
                words += [*self._inlines(entry.ref), Text(text=" ")]
            if entry.at is not None:
                words += self._inlines(entry.at)
            if notes and entry.note is not None:
                words += [Text(text="（"), *without_stop(self._inlines(entry.note)), Text(text="）")]
            before = entry.ref
        if "basis" in given and view["basis"] == "derived":
            words.append(Text(text=f"（{view['basis'].label}）"))
        ids = self.edition.guideline.settings.get("paper", {}).get("printed_ids", False)
        if ids and "id" in view._data:
            words.append(Text(text=f"　［{_item(view).id}］"))
        if not words:
            return Markup("")
        return self.mark((Paragraph(inlines=(Small(inlines=tuple(words)),)),), block=True)

    def diagram(self, **options: Any) -> Markup:
        """Put a picture of bodies in layers and their relations here (figures.py tells the options)."""
        return self.mark((self.figure("layers", options),), block=True)

    def timeline(self, **options: Any) -> Markup:
        """Put a picture of a course of events here (figures.py tells the options)."""
        return self.mark((self.figure("timeline", options),), block=True)

    def figure(self, name: str, options: Mapping[str, Any]) -> Figure:
        """Return a picture as a node; drawing one takes long, so the cache keeps it."""
        from shishin.figures import FIGURES

        guideline = self.edition.guideline
        shown = (item.digest for item in guideline.of(str(options.get("kind", ""))))
        made_from = digest(name, json.dumps(options, ensure_ascii=False, default=str), *shown)
        known = self.cache.recall("figure", str(options["id"]), made_from)
        self.made[str(options["id"])] = self.here()
        svg, alt = known if known is not None else FIGURES[name](guideline, options)
        self.cache.keep("figure", str(options["id"]), made_from, (svg, alt))
        return Figure(
            id=str(options["id"]),
            caption=self._inlines(options.get("caption", "")),
            number="",
            alt=alt,
            svg=svg,
            width=options.get("width", 1.0),
            note=self._inlines(options.get("note", "")),
        )

    # ------------------------------------------------ rendering

    def section(self, item: Item) -> Section:
        """Return an item's home section: its title, and the body its kind's template yields."""
        self._claim(item)
        self._current.append(item)
        blocks = self._render(f"items/{item.kind.name}.md.j2", item=self._own_view())
        self._current.pop()
        title = parse_inline(str(item.data[item.kind.title])).inlines
        return Section(id=item.id, item=item.id, kind=item.kind.name, level=0, number="", title=title, blocks=blocks)

    def name(self, item: Item) -> tuple[Inline, ...]:
        """Return how an item is named where it is mentioned: names/<kind>.j2, else its title."""
        if item.id not in self._names:
            template = f"names/{item.kind.name}.j2"
            if template in self.templates:
                blocks = self._render(template, item=View(item, item.data, item.kind.shape, self))
                self._names[item.id] = blocks[0].inlines if blocks and isinstance(blocks[0], Paragraph) else ()
            else:
                self._names[item.id] = parse_inline(str(item.data[item.kind.title])).inlines
        return self._names[item.id]

    def _own_view(self) -> View:
        item = self._current[-1]
        return View(item, item.data, item.kind.shape, self)

    def _render(self, name: str, **values: Any) -> tuple[Block, ...]:
        try:
            text = self._environment.get_template(name).render(**values)
            parsed = parse_template(text, self._placed)
            blocks = tuple(nested(tuple(joined_tables(parsed.blocks, self._no_table))))
        except TemplateNotFound as error:
            self._no_template(str(error.name), self.here())
            return ()
        except Exception as error:  # a template is a program of the user's: whatever it raises is its problem
            self._template_problem(name, error)
            return ()
        self._template_faults(name, parsed)
        return blocks

    @property
    def templates(self) -> Mapping[str, str]:
        """Every template by its name."""
        return self._environment.loader.texts  # type: ignore[union-attr, no-any-return]

    def _inlines(self, words: Any) -> tuple[Inline, ...]:
        return next((block.inlines for block in self._blocks(words) if isinstance(block, Paragraph)), ())

    def _blocks(self, words: Any) -> tuple[Block, ...]:
        printed = str(finalize(words)).strip()
        if not printed:
            return ()
        if alone := PLACE.fullmatch(printed):
            return as_blocks(self._placed[int(alone["number"])])
        return parse_template(printed, self._placed).blocks

    def _no_template(self, name: str, position: Call | Position | None) -> None:
        near = get_close_matches(name, list(self.templates), 1, 0.8)
        self._report(
            "T502",
            position,
            self._current[-1] if self._current else None,
            Words(ja=f"ひな形 {name} がありません。", en=f"There is no template {name}."),
            Words(ja=f"もしかして: {near[0]}", en=f"Did you mean {near[0]}?")
            if near
            else Words(ja=f"{TEMPLATES}/{name} を作ってください。", en=f"Create {TEMPLATES}/{name}."),
        )

    def _no_table(self, head: Table) -> None:
        self._report(
            "T504",
            self._begun[id_of(head)],
            self._current[-1] if self._current else None,
            Words(ja="table(…) の後に表がありません。", en="No table follows table(…)."),
            Words(
                ja="表に行があるか、間に段落が無いかを確かめてください。",
                en="Has the table rows? Is there a paragraph between?",
            ),
        )

    def _claim(self, item: Item) -> None:
        here = self._current[-1].id if self._current else "the guideline"
        if item.id in self._homes:
            self._report(
                "T506",
                self.here(),
                item,
                Words(
                    ja=f"「{item.id}」が二か所（{self._homes[item.id]} と {here}）に置かれています。",
                    en=f"'{item.id}' is placed twice: in {self._homes[item.id]} and {here}.",
                ),
                Words(ja="一方を言及（{{ item }}）に変えてください。", en="Make one of them a mention."),
            )
        self._homes.setdefault(item.id, here)

    # ------------------------------------------------ problems

    def _report(
        self, code: str, place: Call | Position | None, item: Item | None, message: Words, hint: Words | None = None
    ) -> None:
        """Report what a template did, where its line is known there, else at the item it was rendered for."""
        position = place.position if isinstance(place, Call) else place
        at = position or (item.position() if item else Position(file=TEMPLATES))
        if any(one.code == code and one.position == at for one in self.problems):
            return  # the same line fails for every item of the kind: once is enough
        path = item.id if item and position else ""
        self.problems.append(Problem(code=code, severity="error", position=at, path=path, message=message, hint=hint))

    def _template_problem(self, name: str, error: Exception) -> None:
        position = place_of_fault(name, error)
        if any(one.code == "T501" and one.position == position for one in self.problems):
            return  # the same line fails for every item of the kind: once is enough
        about = f" [{self._current[-1].id}]" if self._current else ""
        self.problems.append(
            Problem(
                code="T501",
                severity="error",
                position=position,
                path="",
                message=Words(
                    ja=f"ひな形の誤り: {in_japanese(str(error))}{about}", en=f"Template error: {error}{about}"
                ),
            )
        )

    def _template_faults(self, name: str, parsed: Parsed) -> None:
        for fault in parsed.faults:
            about = self._current[-1].id if self._current else ""
            self.problems.append(
                Problem(
                    code=fault.code,
                    severity="error",
                    position=place_of_words(name, self.templates[name], parsed.text, fault.line),
                    path=about,
                    message=fault.message,
                    hint=fault.hint,
                )
            )


def _holds(value: Any, wanted: Any) -> bool:
    return wanted in value if isinstance(value, list) else bool(value == wanted)


def _item(view: View) -> Item:
    return view._item
