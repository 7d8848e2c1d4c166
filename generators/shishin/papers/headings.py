"""How a paper names what changed: an item's number and title on both editions, where it stood, what happened to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from shishin.comparison import Change, Comparison, ItemChange, Reason
from shishin.document import Inline, Paragraph, Text, Underlined, plain
from shishin.papers.parallel import compared, underlined
from shishin.papers.values import line, names_of
from shishin.schema import Shape
from shishin.snapshot import OWN, Entry, Place, Snapshot

RENUMBERED = "番号のみ"
FORMER = "（旧）"
"""Stands before the number of what the newer edition doesn't have."""
WRITING = "表記のみ"
MANY = 4
"""Items from which on a reason stands below the table, and only its number beside the items."""
_SENTENCE = Shape(type="string", title="", text="inline")
_FIELDS = {"wording": WRITING, "responsibility": "担い手の変更", "code": "符号の変更", "moved": "順序の変更"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Editions:
    """Two editions with what looking things up in them needs."""

    old: Snapshot
    new: Snapshot
    old_names: Mapping[str, str]
    new_names: Mapping[str, str]
    old_entries: Mapping[str, Entry]
    new_entries: Mapping[str, Entry]
    shared: Mapping[Reason, int] = field(default_factory=dict)  # reasons of many items, by their number

    def name(self, item: str) -> str:
        """Return how an item is named, in the newer edition if it is there."""
        return self.new_names.get(item) or self.old_names.get(item, item)


def both(old: Snapshot, new: Snapshot) -> Editions:
    """Return two editions ready for looking things up."""
    return Editions(
        old=old,
        new=new,
        old_names=names_of(old),
        new_names=names_of(new),
        old_entries={one.id: one for one in old.entries},
        new_entries={one.id: one for one in new.entries},
    )


def of_kind(item: ItemChange, kind: str) -> Change | None:
    """Return what of a kind happened to an item as a whole."""
    return next((one for one in item.changes if one.kind == kind and not one.field), None)


def only(item: ItemChange, kind: str) -> bool:
    """Tell whether nothing but this happened to an item."""
    return bool(item.changes) and all(one.kind == kind for one in item.changes)


# ---------------------------------------------------------------- headings


def headings(item: ItemChange, editions: Editions) -> tuple[tuple[Inline, ...], tuple[Inline, ...]]:
    """Return an item's number and title on both editions, marked where they differ; () where it isn't there."""
    first, second = _title(item, editions, "old"), _title(item, editions, "new")
    before, after = _label(item, item.old_place, editions), _label(item, item.new_place, editions)
    if not first or not second:
        return (
            _heading(_marked(before, "old"), _all(first, "old")),
            _heading(_marked(after, "new"), _all(second, "new")),
        )
    moved = of_kind(item, "moved") is not None
    if retitled(item, editions):
        first, second = _compared(first, second)
    elif moved:
        first, second = _all(first, "moved"), _all(second, "moved")
    if moved:
        return _heading(_marked(before, "moved"), first), _heading(_marked(after, "moved"), second)
    if before != after:
        return _heading(_marked(before, "old"), first), _heading(_marked(after, "new"), second)
    return _heading(_words(before), first), _heading(_words(after), second)


def retitled(item: ItemChange, editions: Editions) -> tuple[Change, ...]:
    """Return the changes of an item's title, those of its writing included."""
    kind = editions.new.kinds.get(item.kind) or editions.old.kinds[item.kind]
    return tuple(one for one in item.changes if one.new_path == (kind.title,))


def _title(item: ItemChange, editions: Editions, side: str) -> tuple[Inline, ...]:
    data = item.old_data if side == "old" else item.new_data
    edition, names = (editions.old, editions.old_names) if side == "old" else (editions.new, editions.new_names)
    if data is None:
        return ()
    kind = edition.kinds[item.kind]
    if item.id == OWN and not retitled(item, editions):
        return (Text(text=kind.shape.title),)
    return line(data[kind.title], kind.shape.properties[kind.title], names)


def _label(item: ItemChange, place: Place | None, editions: Editions) -> str:
    """Return what stands before a title: the number, or the kind of what isn't printed."""
    if item.id != OWN and item.old_place is None and item.new_place is None:
        return (editions.new.kinds.get(item.kind) or editions.old.kinds[item.kind]).shape.title
    return _number(place)


def _number(place: Place | None) -> str:
    return place.number if place else ""


def _heading(number: tuple[Inline, ...], title: tuple[Inline, ...]) -> tuple[Inline, ...]:
    return (*number, Text(text="　"), *title) if number and title else title


def _words(text: str) -> tuple[Inline, ...]:
    return (Text(text=text),) if text else ()


def _marked(text: str, change: str) -> tuple[Inline, ...]:
    return (Underlined(inlines=_words(text), change=change),) if text else ()


def _all(inlines: tuple[Inline, ...], change: str) -> tuple[Inline, ...]:
    return underlined(Paragraph(inlines=inlines), change).inlines


def _compared(old: tuple[Inline, ...], new: tuple[Inline, ...]) -> tuple[tuple[Inline, ...], tuple[Inline, ...]]:
    first, second = compared((Paragraph(inlines=old),), (Paragraph(inlines=new),))
    return _only_line(first), _only_line(second)


def _only_line(blocks: tuple[object, ...]) -> tuple[Inline, ...]:
    return tuple(inline for one in blocks if isinstance(one, Paragraph) for inline in one.inlines)


# ---------------------------------------------------------------- words about a change


def where(place: Place | None, edition: Snapshot, names: Mapping[str, str]) -> str:
    """Return where an item stands: its number, else the name of its chapter in brackets."""
    if place is None:
        return ""
    return place.number or f"「{names.get(place.chapter, edition.title)}」"


def named(item: ItemChange, editions: Editions) -> str:
    """Return number and title of an item for running text: 第5章3(2)「運営会議の開催」; （旧）第4章1 of what is gone."""
    in_new = item.new_data is not None
    number = _number(item.new_place) if in_new else former(_number(item.old_place))
    return f"{number}「{plain(_title(item, editions, 'new' if in_new else 'old'))}」"


def former(number: str) -> str:
    """Return a number of the older edition so that nobody takes it for one of the newer."""
    return f"{FORMER}{number}" if number else ""


def marks(item: ItemChange, editions: Editions) -> tuple[str, ...]:
    """Return what happened to an item as a whole, in the words of the column 備考."""
    said: list[str] = [WRITING for one in retitled(item, editions) if one.kind == "wording"]
    for one in item.changes:
        match one.kind:
            case "moved" if not one.field:
                said.append(f"移動（旧　{where(item.old_place, editions.old, editions.old_names)}）")
            case "retitled":
                said.append("改題")
            case "renumbered" if only(item, "renumbered"):
                said.append(RENUMBERED)
            case "split":
                said.append(f"「{editions.old_names.get(str(one.old), one.old)}」から分割")
            case "merged":
                said.append(f"「{editions.name(str(one.new))}」へ統合")
            case _:
                pass
    return tuple(dict.fromkeys(said))


def field_marks(changes: tuple[Change, ...]) -> tuple[str, ...]:
    """Return what is special about changes of a field, in the words of the column 備考."""
    found = dict.fromkeys(one.kind for one in changes)
    some = "一部は" if "wording" in found and len(found) > 1 else ""
    return tuple(some * (kind == "wording") + _FIELDS[kind] for kind in found if kind in _FIELDS)


def reasons(item: ItemChange, comparison: Comparison, editions: Editions) -> tuple[str, ...]:
    """Return why an item was changed: the sentence, the opinions by their printed numbers, the meeting."""
    every = comparison.reasons.get(item.id, ())
    numbers = sorted({editions.shared[one] for one in every if one in editions.shared})
    given = [reason_lines(one, editions) for one in every if one not in editions.shared]
    if len(given) > 1:  # so that each is seen to begin
        given = [(f"・{first}", *others) for first, *others in given]
    told = (f"理由{'、'.join(map(str, numbers))}",) if numbers else ()
    return (*told, *dict.fromkeys(line for lines in given for line in lines))


def shared_reasons(comparison: Comparison) -> dict[Reason, int]:
    """Return the reasons of many items, numbered as they come: said once, below the table, they don't stretch it."""
    every = [one for item in comparison.items for one in dict.fromkeys(comparison.reasons.get(item.id, ()))]
    many = [one for one, count in Counter(every).items() if count >= MANY]
    return {one: number for number, one in enumerate(many, 1)}


def reason_lines(reason: Reason, editions: Editions) -> tuple[str, ...]:
    """Return a reason line by line: the sentence, the opinions, the meeting."""
    numbers = "、".join(_comment(comment, editions) for comment in reason.comments)
    said = plain(line(reason.text, _SENTENCE, editions.new_names))
    return tuple(filter(None, (said, f"意見{numbers}" if numbers else "", reason.meeting)))


def _comment(comment: str, editions: Editions) -> str:
    entry = editions.new_entries.get(comment) or editions.old_entries.get(comment)
    return str(entry.data.get("number", comment)) if entry else comment
