"""The comparison of two editions: what each kind of change looks like, and that nothing is lost or told twice."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pairs
from shishin.compare import align, apply, compare, fields, from_data, items, mirror, only, reasons, to_data
from shishin.comparison import KINDS, Change, Comparison, ItemChange, Reason
from shishin.schema import Shape
from shishin.snapshot import OWN, Definition, Entry, Place, Snapshot

PROPERTY = settings(derandomize=True, database=None, deadline=None, max_examples=250)


# ---------------------------------------------------------------- kinds and editions to compare


def text(title: str, **more: Any) -> Shape:
    return Shape(type="string", title=title, **more)


def listing(title: str, entry: Shape, align: str = "") -> Shape:
    return Shape(type="array", title=title, items=entry, align=align)


def record(name: str, /, required: tuple[str, ...] = (), **properties: Shape) -> Shape:
    return Shape(type="object", title=name, properties=properties, required=required)


PAST = {
    "replaces": listing("前の ID", text("ID"), "set"),
    "split_from": text("分割元", compare=False),
    "merged_into": text("統合先", compare=False),
}
PAST["replaces"] = replace(PAST["replaces"], compare=False)
WORK = record(
    "作業",
    id=text("ID", compare=False),
    title=text("名称", text="inline"),
    order=Shape(type="integer", title="並び順"),
    note=text("説明", text="markdown"),
    hidden=text("内部の注", compare=False),
    steps=listing("進め方", text("手順", text="inline"), "sequence"),
    tags=listing("分類", text("分類"), "set"),
    to=listing("関係", text("関係", ref=("body",)), "set"),
    duties=listing(
        "分担",
        record(
            "分担",
            body=text("主体", ref=("body",)),
            part=text("役", enum=("lead", "help"), labels={"lead": "主担当", "help": "協力"}),
            what=text("すること", text="inline"),
        ),
        "key:body",
    ),
    rows=listing(
        "表",
        record(
            "行",
            key=text("キー"),
            title=text("見出し"),
            cells=listing("欄", text("欄")),
            inner=listing("小分け", record("小分け", key=text("キー"), value=text("値")), "key:key"),
            lines=text("行番号", compare=False),
        ),
        "key:key",
    ),
    sources=listing("出典", record("出典", at=text("所在"), lines=text("行", compare=False)), "sequence"),
    info=record("要項", place=text("場所"), more=record("補足", day=text("日", date=True))),
    **PAST,
)
BODY = record(
    "主体",
    ("system",),
    id=text("ID", compare=False),
    title=text("名称"),
    code=text("符号", code=True),
    system=text("体系", ref=("work",)),
    **PAST,
)
OWN_SHAPE = record(
    "設定", title=text("題名"), edition=record("版", label=text("名称"), as_of=text("基準日", date=True))
)
KINDS_OF = {
    name: Definition(name=name, use="item", title="title", sort="order", shape=shape)
    for name, shape in (("work", WORK), ("body", BODY), (OWN, OWN_SHAPE))
}


def edition(
    *entries: tuple[str, dict[str, Any]], places: Mapping[str, Place] | None = None, as_of: str = "2026-01-01"
) -> Snapshot:
    """Return an edition of (kind, data)."""
    own = {"title": "手引き", "edition": {"label": "案", "as_of": as_of}}
    return Snapshot(
        guideline="tebiki",
        title="手引き",
        publisher="町",
        language="ja",
        edition="draft",
        label="案",
        status="draft",
        status_label="案",
        as_of=as_of,
        kinds=KINDS_OF,
        entries=(
            Entry(id=OWN, kind=OWN, name="手引き", data=own),
            *(Entry(id=data["id"], kind=kind, name=str(data["title"]), data=data) for kind, data in entries),
        ),
        places=places or {},
    )


def work(one: str = "w1", **data: Any) -> tuple[str, dict[str, Any]]:
    return "work", {"id": one, "title": f"作業{one}", **data}


def body(one: str = "b1", **data: Any) -> tuple[str, dict[str, Any]]:
    return "body", {"id": one, "title": f"主体{one}", "code": "ア", "system": "w1", **data}


def placed(
    *ids: str, parents: Mapping[str, str] | None = None, numbers: Mapping[str, str] | None = None
) -> dict[str, Place]:
    above = parents or {}

    def chapter(one: str) -> str:
        return chapter(above[one]) if one in above else one

    return {
        one: Place(number=(numbers or {}).get(one, ""), chapter=chapter(one), parent=above.get(one, ""), order=order)
        for order, one in enumerate(ids)
    }


def told(comparison: Comparison) -> list[tuple[str, ...]]:
    return [(item.id, change.kind, *change.field) for item in comparison.items for change in item.changes]


def one_change(old: dict[str, Any], new: dict[str, Any], *others: tuple[str, dict[str, Any]]) -> Change:
    comparison = compare(edition(work(**old), *others), edition(work(**new), *others))
    (item,) = comparison.items
    (change,) = item.changes
    return change


# ---------------------------------------------------------------- properties, and what they must catch


def entries_of(snapshot: Snapshot) -> dict[str, tuple[str, Any]]:
    return {one.id: (one.kind, one.data) for one in snapshot.entries}


def complete(comparison: Comparison, old: Snapshot, new: Snapshot) -> None:
    assert apply(comparison, old) == entries_of(new)


def mirrored(comparison: Comparison, old: Snapshot, new: Snapshot) -> None:
    assert compare(new, old) == mirror(comparison)
    assert mirror(mirror(comparison)) == comparison


def counted_once(comparison: Comparison, old: Snapshot, new: Snapshot) -> None:
    every = (*comparison.items, *comparison.silent)
    for side in ("old_id", "new_id"):
        ids = [getattr(item, side) for item in every if getattr(item, side)]
        assert len(ids) == len(set(ids))
    for item in every:
        assert bool(item.changes) == (item in comparison.items)
        assert {change.kind for change in item.changes} <= set(KINDS)
        values = [
            one for one in (*item.changes, *item.silent) if (one.old_path or one.new_path) and one.kind != "moved"
        ]
        for side in ("old_path", "new_path"):
            paths = [path for one in values if (path := getattr(one, side))]
            assert not [(a, b) for n, a in enumerate(paths) for m, b in enumerate(paths) if n != m and b[: len(a)] == a]
        for change in values:
            assert change.old != change.new
            assert change.old_path is None or at(item.old_data, change.old_path) == change.old
            assert change.new_path is None or at(item.new_data, change.new_path) == change.new


def at(data: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        data = data[step]
    return data


def in_order(comparison: Comparison, old: Snapshot, new: Snapshot) -> None:
    """Items that aren't told as moved have the same item around them and stand in the same order."""
    moved = {item.new_id for item in comparison.items for one in item.changes if one.kind == "moved" and not one.field}
    stayed = [one for one in old.places if one in new.places and one not in moved]
    for parent in {new.places[one].parent for one in stayed}:
        both = [one for one in stayed if old.places[one].parent == parent == new.places[one].parent]
        assert sorted(both, key=lambda one: old.places[one].order) == sorted(
            both, key=lambda one: new.places[one].order
        )
    ids = {one.id for one in old.entries} & {one.id for one in new.entries}
    for one in stayed:
        around = old.places[one].parent, new.places[one].parent
        assert around[0] == around[1] or not set(around) <= ids
        if old.places[one].number != new.places[one].number:
            assert any(item.new_id == one and item.changes for item in comparison.items)


def stored(comparison: Comparison, old: Snapshot, new: Snapshot) -> None:
    written = json.dumps(to_data(comparison), ensure_ascii=False)
    assert from_data(json.loads(written)) == comparison
    assert json.dumps(to_data(compare(old, new)), ensure_ascii=False) == written


PROPERTIES = (complete, mirrored, counted_once, in_order, stored)
IDS = ("w1", "w2", "w3", "w4", "b1", "b2", "b3")
SAID = (
    "在宅の支援を行う。",
    "在宅の支援を行なう。",
    "地域の会議を開く。",
    "地域の会議を毎月開き、記録を残す。",
    "[[b1]]と話す。",
    "[[b2]]と話す。",
    "",
)


def some(one: st.SearchStrategy[Any], most: int = 4, *, unique: bool = True) -> st.SearchStrategy[list[Any]]:
    return st.lists(one, max_size=most, unique=unique)


def keyed(key: str, keys: tuple[str, ...], **inner: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(
        st.fixed_dictionaries({key: st.sampled_from(keys)}, optional=inner), max_size=4, unique_by=lambda one: one[key]
    )


said = st.sampled_from(SAID)
past = {
    "replaces": some(st.sampled_from(IDS), 2),
    "split_from": st.sampled_from(IDS),
    "merged_into": st.sampled_from(IDS),
}
bodies = ("b1", "b2", "b3")
works = st.fixed_dictionaries(
    {"title": st.sampled_from(("支援", "支援の会議", "会議", "打合せ", "打ち合わせ"))},
    optional={
        "order": st.integers(0, 2),
        "note": said,
        "hidden": said,
        "steps": some(said, 5, unique=False),
        "tags": some(said),
        "to": some(st.sampled_from(bodies)),
        "duties": keyed("body", bodies, part=st.sampled_from(("lead", "help")), what=said),
        "rows": keyed(
            "key",
            ("x", "y", "z"),
            title=said,
            cells=some(said, 3, unique=False),
            inner=keyed("key", ("p", "q"), value=said),
            lines=said,
        ),
        "sources": some(st.fixed_dictionaries({"at": said}, optional={"lines": said}), 3, unique=False),
        "info": st.fixed_dictionaries(
            {}, optional={"place": said, "more": st.fixed_dictionaries({}, optional={"day": said})}
        ),
        **past,
    },
)
codes = st.fixed_dictionaries(
    {"title": said, "code": st.sampled_from(("ア", "イ", "（ア）"))},
    optional={"system": st.sampled_from(("w1", "w2")), **past},
)


@st.composite
def editions(draw: st.DrawFn) -> Snapshot:
    ids = draw(st.permutations(IDS).map(lambda all_of: all_of[: draw(st.integers(0, 7))]))
    entries = [
        (kind := "work" if one[0] == "w" else "body", {"id": one, **draw(works if kind == "work" else codes)})
        for one in ids
    ]
    if entries and draw(st.integers(0, 9)) == 0:  # an id that is of another kind in one of the editions
        entries[0] = "body", {"id": ids[0], **draw(codes)}
    printed = [one for one in ids if draw(st.integers(0, 4))]
    parents = {
        one: printed[draw(st.integers(0, place - 1))]
        for place, one in enumerate(printed)
        if place and draw(st.booleans())
    }
    places = placed(*printed, parents=parents, numbers={one: str(draw(st.integers(1, 3))) for one in printed})
    return edition(*entries, places=places, as_of=draw(st.sampled_from(("2026-01-01", "2026-04-01"))))


@given(editions(), editions())
@PROPERTY
def test_properties(old: Snapshot, new: Snapshot) -> None:
    comparison = compare(old, new)
    for holds in PROPERTIES:
        holds(comparison, old, new)


@given(editions())
@settings(PROPERTY, max_examples=60)
def test_nothing_changed(snapshot: Snapshot) -> None:
    comparison = compare(snapshot, snapshot)
    assert comparison.items == comparison.silent == ()
    assert apply(comparison, snapshot) == entries_of(snapshot)


@pytest.mark.parametrize("pair", pairs.PAIRS, ids=lambda pair: str(pair.__name__))
def test_properties_of_real_pairs(pair: Callable[[], pairs.Pair]) -> None:
    old, new = pairs.made(pair().old).snapshot, pairs.made(pair().new).snapshot
    comparison = compare(old, new)
    assert comparison.items
    for holds in PROPERTIES:
        holds(comparison, old, new)


def caught(comparison: Comparison, old: Snapshot, new: Snapshot) -> bool:
    """Tell whether a property fails."""
    try:
        for holds in (complete, counted_once, in_order, mirrored):
            holds(comparison, old, new)
    except (AssertionError, ValueError, LookupError):
        return True
    return False


def faulty(comparison: Comparison) -> Iterator[tuple[str, Comparison]]:
    """Yield the comparison with one fault each: every change dropped or turned, every list entry lost, every item lost."""

    def instead(number: int, *items: ItemChange) -> Comparison:
        return replace(comparison, items=(*comparison.items[:number], *items, *comparison.items[number + 1 :]))

    for number, item in enumerate(comparison.items):
        yield f"{item.id} lost", instead(number)
        yield f"{item.id} twice", instead(number, item, item)
        for place, change in enumerate(item.changes):
            rest = item.changes[:place], item.changes[place + 1 :]
            turned = replace(change, old=change.new, new=change.old)
            yield f"{item.id} {change.label} dropped", instead(number, replace(item, changes=(*rest[0], *rest[1])))
            yield (
                f"{item.id} {change.label} turned",
                instead(number, replace(item, changes=(*rest[0], turned, *rest[1]))),
            )
        for place, one in enumerate(item.aligned):
            for lost in range(len(one.pairs)):
                short = replace(one, pairs=one.pairs[:lost] + one.pairs[lost + 1 :])
                aligned = (*item.aligned[:place], short, *item.aligned[place + 1 :])
                yield f"{item.id} {one.new_path} entry lost", instead(number, replace(item, aligned=aligned))


def test_faults_of_a_comparison_are_caught() -> None:
    old, new = pairs.made(pairs.rich().old).snapshot, pairs.made(pairs.rich().new).snapshot
    comparison = compare(old, new)
    assert not caught(comparison, old, new)
    faults = list(faulty(comparison))
    assert len(faults) > 200
    assert [name for name, wrong in faults if not caught(wrong, old, new)] == []


def drop_last_pair(*given: Any) -> Any:
    return align.shown(*given)[:-1]


def everything_stays(places: Any, names: Any) -> set[int]:
    return set(range(len(places)))


def one_sided(old: Any, new: Any) -> dict[int, int]:
    return {place: place for place in range(min(len(old), len(new)))} if len(old) > len(new) else {}


@pytest.mark.parametrize(
    ("module", "name", "fault"),
    [
        (fields, "shown", drop_last_pair),
        (fields, "by_sequence", one_sided),
        (items, "moved", lambda *given: set()),
        (fields.Fields, "_alone", lambda *given, **more: None),
        (fields.Fields, "_tell", lambda *given: None),
    ],
    ids=["entry lost", "one-sided alignment", "moves unseen", "what one side has is dropped", "values dropped"],
)
def test_faults_of_the_code_are_caught(
    monkeypatch: pytest.MonkeyPatch, module: Any, name: str, fault: Callable[..., Any]
) -> None:
    old, new = pairs.made(pairs.rich().old).snapshot, pairs.made(pairs.rich().new).snapshot
    monkeypatch.setattr(module, name, fault)
    assert caught(compare(old, new), old, new)
