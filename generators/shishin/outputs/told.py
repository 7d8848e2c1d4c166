"""A comparison's changes as people read them: under which chapter and item, what each side says in plain words.

One `Told` for each change, in the comparison's order; the outputs only lay them out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shishin.comparison import Change, Comparison, ItemChange, Path, Reason
from shishin.document import plain
from shishin.markdown import parse_inline
from shishin.outputs.lines import BULLET, NEWLINE, text_of
from shishin.papers.values import STEERING, Names, blocks, entry_blocks, names_of, visible
from shishin.problem import Words
from shishin.schema import Shape
from shishin.segment import Part, differences
from shishin.snapshot import Place, Snapshot

KINDS: Mapping[str, Words] = {
    "added": Words(ja="追加", en="added"),
    "removed": Words(ja="削除", en="removed"),
    "moved": Words(ja="移動", en="moved"),
    "retitled": Words(ja="改題", en="retitled"),
    "renumbered": Words(ja="番号のみ", en="number only"),
    "split": Words(ja="分割", en="split"),
    "merged": Words(ja="統合", en="merged"),
    "changed": Words(ja="変更", en="changed"),
    "wording": Words(ja="表記のみ", en="spelling only"),
    "responsibility": Words(ja="担い手の変更", en="responsibility moved"),
    "code": Words(ja="符号の変更", en="code changed"),
}
"""What each kind of change is called."""
OUTSIDE = Words(ja="記録と設定", en="Records and settings")
"""The heading over items that are printed nowhere."""
ADDED, REMOVED = "（新設）", "（削る）"
"""What the side that has nothing says."""
FORMER = Words(ja="（旧）", en="(old) ")
"""Stands before a number of the older edition that would else be taken for one of the newer."""
POSITION = Words(ja="{} 番目", en="no. {}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One change: its row's label, what each side says, and both as one text with what differs marked.

    `instead` says that one thing came in another's place (a number, a chapter, an item): old → new reads better
    than marked words.
    """

    change: Change
    label: str
    old: str
    new: str
    parts: tuple[Part, ...]
    instead: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldItem:
    """One item with its changes: the heading of its chapter, its own heading, why it changed."""

    item: ItemChange
    chapter: str
    number: str
    title: str
    told: tuple[Told, ...]
    reasons: tuple[Reason, ...]

    @property
    def heading(self) -> str:
        """Number and title."""
        return f"{self.number} {self.title}".strip()


def tell(comparison: Comparison, old: Snapshot, new: Snapshot, language: str = "ja") -> tuple[ToldItem, ...]:
    """Return the changes of every item, chapter by chapter in the comparison's order.

    `old` and `new` give the words for ids, choices and chapters; `language` that of the kinds of change.
    """
    teller = _Teller(old=_edition(old), new=_edition(new), language=language)
    found = [teller.item(one, comparison.reasons.get(one.id, ())) for one in comparison.items]
    first: dict[str, int] = {}
    for one in found:
        first.setdefault(one.chapter, len(first))
    outside = OUTSIDE.said(language)
    return tuple(sorted(found, key=lambda one: (one.chapter == outside, first[one.chapter])))


def counted(told: Iterable[ToldItem]) -> dict[str, int]:
    """Return how many changes there are of each kind that occurs, in the order of KINDS."""
    kinds = [one.change.kind for item in told for one in item.told]
    return {kind: kinds.count(kind) for kind in KINDS if kind in kinds}


def reason_words(reason: Reason, names: Names, language: str = "ja") -> str:
    """Return a reason with the opinions behind it and the meeting, in one line."""
    behind = [*(names.get(one, one) for one in reason.comments), *filter(None, [reason.meeting])]
    if not behind:
        return _plain(reason.text)
    return (
        f"{_plain(reason.text)}（{'、'.join(behind)}）" if language == "ja" else f"{reason.text} ({', '.join(behind)})"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Edition:
    """One side, ready for looking things up."""

    snapshot: Snapshot
    names: Names
    titles: Mapping[str, str]  # as the files have them

    def title(self, item: str) -> str:
        return _plain(self.titles.get(item, item))

    def chapter(self, place: Place) -> str:
        own = self.snapshot.places.get(place.chapter)
        return f"{own.number if own else ''} {self.title(place.chapter)}".strip()

    def where(self, place: Place | None) -> str:
        """Return where an item stands: its number with the chapter's title."""
        if place is None:
            return ""
        return f"{place.number}（{self.title(place.chapter)}）" if place.number else self.chapter(place)

    def named(self, ids: Any) -> str:
        """Return items by number and name."""
        done = []
        for one in ids if isinstance(ids, list | tuple) else [ids]:
            place = self.snapshot.places.get(one)
            done.append(f"{place.number if place else ''} {self.names.get(one, one)}".strip())
        return "、".join(done)

    def value(self, value: Any, kind: str, path: Path | None) -> str:
        if value is None or path is None:
            return ""
        shape = _shape_at(self.snapshot.kinds[kind].shape, path)
        around = _shape_at(self.snapshot.kinds[kind].shape, path[:-1])
        if shape is None or around is None:
            return _source(value)
        entry = isinstance(path[-1], int) if path else False  # its key is told apart from what is printed
        return text_of(entry_blocks(value, around, self.names) if entry else blocks(value, shape, self.names))

    def content(self, data: Mapping[str, Any], kind: str) -> str:
        """Return everything an item says but its title, a paragraph for each field."""
        definition = self.snapshot.kinds[kind]
        said = []
        for name, inner in visible(definition.shape):
            number = name == definition.sort and inner.type == "integer"  # only orders items
            if name not in data or name == definition.title or number or name in STEERING:
                continue
            words = text_of(blocks(data[name], inner, self.names))
            if words.startswith(BULLET) and NEWLINE not in words:
                words = words.removeprefix(BULLET)
            said.append(f"{inner.title}：{NEWLINE if NEWLINE in words else ''}{words}")
        return NEWLINE.join(said)


def _edition(snapshot: Snapshot) -> _Edition:
    titles = {one.id: str(one.data[snapshot.kinds[one.kind].title]) for one in snapshot.entries}
    return _Edition(snapshot=snapshot, names=names_of(snapshot), titles=titles)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Teller:
    old: _Edition
    new: _Edition
    language: str

    def item(self, item: ItemChange, reasons: tuple[Reason, ...]) -> ToldItem:
        edition, place = (self.new, item.new_place) if item.new_data is not None else (self.old, item.old_place)
        return ToldItem(
            item=item,
            chapter=self.chapter(place, edition) if place else OUTSIDE.said(self.language),
            number=self.former(place.number, edition)
            if place
            else f"［{edition.snapshot.kinds[item.kind].shape.title}］",
            title=edition.title(item.id),
            told=tuple(self.change(item, one) for one in item.changes),
            reasons=reasons,
        )

    def change(self, item: ItemChange, change: Change) -> Told:
        match change.kind:
            case "moved" if change.field:  # an entry of a keyed list
                old, new = (POSITION.said(self.language).format(place) for place in (change.old, change.new))
                parts = parts_of(old, new)
                return Told(change=change, label=change.label, old=old, new=new, parts=parts, instead=True)
            case "added":
                return self.whole(change, "", self.new.content(item.new_data or {}, item.kind))
            case "removed":
                return self.whole(change, self.old.content(item.old_data or {}, item.kind), "")
            case "moved":
                return self.whole(change, self.old.where(item.old_place), self.new.where(item.new_place), instead=True)
            case "retitled":
                return self.whole(change, _plain(str(change.old)), _plain(str(change.new)))
            case "renumbered":
                return self.whole(change, str(change.old), str(change.new), instead=True)
            case "split":
                return self.whole(change, self.old.named(change.old), self.new.named(item.new_id), instead=True)
            case "merged":
                return self.whole(change, self.old.named(item.old_id), self.new.named(change.new), instead=True)
        return self.field(item, change)

    def chapter(self, place: Place, edition: _Edition) -> str:
        """Return a chapter as the newer edition prints it; one that is gone so that it's known for an old one."""
        if edition is self.old and place.chapter in self.new.snapshot.places:
            edition = self.new
        return self.former(edition.chapter(place), edition)

    def former(self, words: str, edition: _Edition) -> str:
        return FORMER.said(self.language) + words if words and edition is self.old else words

    def whole(self, change: Change, old: str, new: str, *, instead: bool = False) -> Told:
        label = KINDS[change.kind].said(self.language)
        return Told(change=change, label=label, old=old, new=new, parts=parts_of(old, new), instead=instead)

    def field(self, item: ItemChange, change: Change) -> Told:
        old = self.old.value(change.old, item.kind, change.old_path)
        new = self.new.value(change.new, item.kind, change.new_path)
        if old == new and change.old != change.new:  # a mark or a link: only the source shows it
            old, new = _source(change.old), _source(change.new)
        elif old == new and change.old_path and change.new_path:  # the same entry at another place of its list
            old, new = self.counted(old, change.old_path), self.counted(new, change.new_path)
        label = self.label(item, change)
        return Told(change=change, label=label, old=old, new=new, parts=parts_of(old, new))

    def label(self, item: ItemChange, change: Change) -> str:
        """Return a change's label, with the field of the entry it stands in: 節（凡例）・出典."""
        edition, path = (self.new, change.new_path) if change.new_path is not None else (self.old, change.old_path)
        match path:
            case (str(), int(), str(), *_):
                shape = _shape_at(edition.snapshot.kinds[item.kind].shape, path[:3])
                return f"{change.label}・{shape.title}" if shape and shape.title else change.label
        return change.label

    def counted(self, words: str, path: Path) -> str:
        last = path[-1]
        return f"{words}（{POSITION.said(self.language).format(last + 1)}）" if isinstance(last, int) else words


def parts_of(old: str, new: str) -> tuple[Part, ...]:
    """Return two texts as one with what differs marked; empty where neither says anything."""
    if old and new:
        return differences(old, new)
    if old:
        return (("old", old),)
    return (("new", new),) if new else ()


def near(parts: Sequence[Part], kept: int) -> Iterator[Part]:
    """Yield a text's parts with long unchanged runs cut to what stands beside a change."""
    for place, (tag, words) in enumerate(parts):
        first, last = place == 0, place == len(parts) - 1
        if tag != "same" or len(words) <= kept * (1 if first or last else 2) + 2:
            yield tag, words
        else:
            yield tag, ("" if first else words[:kept]) + "…" + ("" if last else words[-kept:])


def _shape_at(shape: Shape, path: Path) -> Shape | None:
    for part in path:
        inner = shape.items if isinstance(part, int) else shape.properties.get(part)
        if inner is None:
            return None
        shape = inner
    return shape


def _source(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _plain(text: str) -> str:
    return plain(parse_inline(text).inlines)
