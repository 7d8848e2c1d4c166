"""Compare two editions, item by item."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property

from shishin.compare.align import shown
from shishin.compare.fields import Fields, Terms
from shishin.compare.lineage import Lineage, Pair, lineage_of
from shishin.compare.places import moved
from shishin.comparison import Change, Comparison, ItemChange, Side
from shishin.segment import dictionary
from shishin.snapshot import Definition, Entry, Snapshot


def compare(old: Snapshot, new: Snapshot, *, names: Mapping[str, str] | None = None) -> Comparison:
    """Return all differences of two editions.

    Both may lack what is known to be equal on both sides; `names` then tells how the items are called that they lack.
    """
    pairing = _Pairing(old, new, lineage_of(old, new), names or {})
    found = sorted(pairing.items(), key=lambda item: item.ranks)
    told = {kind.name for kind in (*old.kinds.values(), *new.kinds.values()) if _told(kind)}
    return Comparison(
        old=side(old),
        new=side(new),
        items=tuple(item for item in found if item.changes and item.kind in told),
        dictionary=dictionary(),
        silent=tuple(item for item in found if not (item.changes and item.kind in told)),
    )


def _told(kind: Definition) -> bool:
    """Tell whether a kind is compared at all: one of which no field is compared says nothing to a reader."""
    return any(field.compare for field in kind.shape.properties.values())


def side(snapshot: Snapshot) -> Side:
    """Return what a paper says about an edition."""
    return Side(
        guideline=snapshot.guideline,
        title=snapshot.title,
        publisher=snapshot.publisher,
        edition=snapshot.edition,
        label=snapshot.label,
        status=snapshot.status,
        status_label=snapshot.status_label,
        as_of=snapshot.as_of,
    )


@dataclass(frozen=True)
class _Pairing:
    """Two editions with what became of the items of one in the other."""

    old: Snapshot
    new: Snapshot
    lineage: Lineage
    names: Mapping[str, str]

    def items(self) -> Iterator[ItemChange]:
        """Yield every item that differs in any way, without an order."""
        before, after = {one.id: one for one in self.old.entries}, {one.id: one for one in self.new.entries}
        back = {there: here for here, there in self.lineage.same.items()}
        for here, entry in before.items():
            if there := self.lineage.same.get(here):
                if item := self._both(entry, after[there]):
                    yield item
            else:
                yield self._gone(entry)
        for there, entry in after.items():
            if there not in back:
                yield self._come(entry)

    def _both(self, old: Entry, new: Entry) -> ItemChange | None:
        kinds = self.old.kinds[old.kind], self.new.kinds[new.kind]
        was, now = self.old.places.get(old.id), self.new.places.get(new.id)
        fields = Fields(
            kind=new.kind,
            titles=((kinds[0].title,), (kinds[1].title,)),
            terms=self._terms,
            order=(kinds[1].sort,) if was and now and _numbered(kinds[1]) else (),
        )
        if old.data != new.data:
            fields.differ(old.data, new.data, (kinds[0].shape, kinds[1].shape))
        changes = [*fields.changes]
        if was and now and (old.id, new.id) in self._moved:
            changes.insert(0, _whole("moved", kinds[1], asdict(was), asdict(now)))
        if not changes and was and now and was.number != now.number:
            changes = [_whole("renumbered", kinds[1], was.number, now.number)]
        if not changes and not fields.silent and not fields.aligned:
            return None
        return self._item(new, old, new, *changes, fields=fields)

    def _gone(self, old: Entry) -> ItemChange:
        kind = self.old.kinds[old.kind]
        if there := self.lineage.merged.get(old.id):
            change = _whole("merged", kind, old.id, there)
        else:
            change = _whole("removed", kind, old.data[kind.title], None)
        return self._item(old, old, None, replace(change, new_path=None))

    def _come(self, new: Entry) -> ItemChange:
        kind = self.new.kinds[new.kind]
        if here := self.lineage.split.get(new.id):
            change = _whole("split", kind, here, new.id)
        else:
            change = _whole("added", kind, None, new.data[kind.title])
        return self._item(new, None, new, replace(change, old_path=None))

    def _item(
        self, entry: Entry, old: Entry | None, new: Entry | None, *changes: Change, fields: Fields | None = None
    ) -> ItemChange:
        return ItemChange(
            kind=entry.kind,
            old_id=old.id if old else "",
            new_id=new.id if new else "",
            old_name=old.name if old else "",
            new_name=new.name if new else "",
            old_place=self.old.places.get(old.id) if old else None,
            new_place=self.new.places.get(new.id) if new else None,
            old_data=old.data if old else None,
            new_data=new.data if new else None,
            changes=changes,
            aligned=tuple(fields.aligned) if fields else (),
            silent=tuple(fields.silent) if fields else (),
            ranks=self._ranks[old.id if old else "", new.id if new else ""],
            use=(self.new if new else self.old).kinds[entry.kind].use,
        )

    @cached_property
    def _moved(self) -> set[Pair]:
        return moved(self.old.places, self.new.places, self.lineage)

    @cached_property
    def _terms(self) -> tuple[Terms, Terms]:
        renamed = {here: there for here, there in self.lineage.same.items() if here != there}
        return (
            Terms(names=_names(self.old, self.names), shared={here: min(here, renamed[here]) for here in renamed}),
            Terms(
                names=_names(self.new, self.names), shared={renamed[here]: min(here, renamed[here]) for here in renamed}
            ),
        )

    @cached_property
    def _ranks(self) -> dict[Pair, tuple[int, int]]:
        """For each item its place in the newer edition's reading order, and in the older one's."""
        before, after = _reading_order(self.old), _reading_order(self.new)
        places = {one: place for place, one in enumerate(after)}
        matching = {i: places[there] for i, here in enumerate(before) if (there := self.lineage.same.get(here))}
        forth = shown(matching, len(before), len(after))
        back = shown({j: i for i, j in matching.items()}, len(after), len(before))
        first = {pair: rank for rank, pair in enumerate(forth)}
        return {
            ("" if i is None else before[i], "" if j is None else after[j]): (first[i, j], rank)
            for rank, (j, i) in enumerate(back)
        }


def _reading_order(snapshot: Snapshot) -> list[str]:
    last = len(snapshot.places)
    places = snapshot.places
    ids = [one.id for one in snapshot.entries]
    return sorted(ids, key=lambda one: places[one].order if one in places else last)


def _names(snapshot: Snapshot, others: Mapping[str, str]) -> dict[str, str]:
    return {**others, **{one.id: one.name for one in snapshot.entries}}


def _numbered(definition: Definition) -> bool:
    """Tell whether items of a kind are in the order of numbers, which nobody reads: that they were moved is told."""
    return (
        definition.sort in definition.shape.properties
        and definition.shape.properties[definition.sort].type == "integer"
    )


def _whole(kind: str, definition: Definition, old: object, new: object) -> Change:
    """Return a change of an item as a whole."""
    return Change(kind=kind, field=(), old_path=(), new_path=(), label=definition.shape.title, old=old, new=new)
