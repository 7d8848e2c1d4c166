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
        assert (bool(item.changes) and item.kind != "change") == (item in comparison.items)  # records of reasons
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
    ids = {one.id for one in old.entries if (one.id, one.kind) in {(other.id, other.kind) for other in new.entries}}
    stayed = [one for one in old.places if one in new.places and one in ids and one not in moved]
    for parent in {new.places[one].parent for one in stayed}:
        both = [one for one in stayed if old.places[one].parent == parent == new.places[one].parent]
        assert sorted(both, key=lambda one: old.places[one].order) == sorted(
            both, key=lambda one: new.places[one].order
        )
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


@st.composite
def revisions(draw: st.DrawFn) -> tuple[Snapshot, Snapshot]:
    """Return two editions that have much in common: items as they were, with one field of then, with lists reordered."""
    old, new = draw(editions()), draw(editions())
    before = {(one.id, one.kind): one for one in old.entries}
    entries = []
    for one in new.entries:
        was = before.get((one.id, one.kind), one)
        match draw(st.sampled_from(("as it was", "one field", "reordered", "anew"))):
            case "as it was":
                data = was.data
            case "one field":
                name = draw(st.sampled_from(sorted(one.data)))
                data = {**was.data, name: one.data[name]}
            case "reordered":
                data = {
                    name: draw(st.permutations(value)) if isinstance(value, list) else value
                    for name, value in was.data.items()
                }
            case _:
                data = one.data
        entries.append(replace(one, name=str(data["title"]), data=data))
    ids = {one.id for one in entries}
    stay = draw(st.booleans()) and ids >= set(old.places)
    return old, replace(new, entries=tuple(entries), places=old.places if stay else new.places)


@given(revisions())
@PROPERTY
def test_properties(sides: tuple[Snapshot, Snapshot]) -> None:
    old, new = sides
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


# ---------------------------------------------------------------- kinds of change


@pytest.mark.parametrize(
    ("old", "new", "kind", "field", "label"),
    [
        ({"note": "在宅医療"}, {"note": "在宅療養"}, "changed", ("note",), "説明"),
        ({"note": "取組みを行なう。"}, {"note": "取り組みを行う。"}, "wording", ("note",), "説明"),
        ({"note": "一"}, {}, "changed", ("note",), "説明"),
        ({"title": "会議"}, {"title": "話合い"}, "retitled", (), "名称"),
        ({"title": "打合せ"}, {"title": "打ち合わせ"}, "wording", ("title",), "名称"),
        ({"info": {"place": "一階"}}, {"info": {"place": "二階"}}, "changed", ("info", "place"), "要項・場所"),
        ({"info": {}}, {"info": {"more": {"day": "2026-01-01"}}}, "changed", ("info", "more"), "要項・補足"),
        (
            {"info": {"more": {"day": "2026-01-01"}}},
            {"info": {"more": {"day": "2026-01-02"}}},
            "changed",
            ("info", "more", "day"),
            "要項・補足・日",
        ),
        ({"tags": ["甲", "乙"]}, {"tags": ["丙", "乙", "甲"]}, "changed", ("tags",), "分類"),
        ({"steps": ["甲", "乙"]}, {"steps": ["甲", "丙", "乙"]}, "changed", ("steps",), "進め方"),
        ({"rows": [{"key": "x", "title": "欄A"}]}, {"rows": []}, "changed", ("rows", "x"), "表（欄A）"),
        (
            {"rows": [{"key": "x", "inner": [{"key": "p", "value": "一"}]}]},
            {"rows": [{"key": "x", "inner": [{"key": "p", "value": "二"}]}]},
            "changed",
            ("rows", "x"),
            "表（x）",
        ),
        ({"rows": [{"key": "x"}, {"key": "y"}]}, {"rows": [{"key": "y"}, {"key": "x"}]}, "moved", ("rows", "y"), "表（y）"),
        ({"duties": [{"body": "b1", "what": "話す"}]}, {"duties": []}, "responsibility", ("duties", "b1"), "分担（主体b1）"),
        (
            {"duties": [{"body": "b1", "what": "話す"}]},
            {"duties": [{"body": "b1", "what": "聞く"}]},
            "changed",
            ("duties", "b1"),
            "分担（主体b1）",
        ),
        (
            {"duties": [{"body": "b1", "part": "lead"}]},
            {"duties": [{"body": "b1", "part": "help"}]},
            "changed",
            ("duties", "b1"),
            "分担（主体b1）",
        ),
    ],
)  # fmt: skip
def test_a_change_of_a_field(
    old: dict[str, Any], new: dict[str, Any], kind: str, field: tuple[str, ...], label: str
) -> None:
    change = one_change(old, new, body())
    assert (change.kind, change.field, change.label) == (kind, field, label)


def test_a_section_is_called_by_its_title_alone() -> None:
    old, new = pairs.made(pairs.rich().old).snapshot, pairs.made(pairs.rich().new).snapshot
    about = next(one for one in compare(old, new).items if one.id == "ch-about")
    assert [(one.field, one.label) for one in about.changes] == [(("sections", "aim"), "ねらい")]


def test_paths_lead_to_each_side() -> None:
    old, new = {"steps": ["甲の会議を開く。", "乙"]}, {"steps": ["丙", "甲の会議を毎月開く。", "乙"]}
    (item,) = compare(edition(work(**old)), edition(work(**new))).items
    assert [(one.old_path, one.new_path) for one in item.changes] == [
        (None, ("steps", 0)),
        (("steps", 0), ("steps", 1)),
    ]
    assert item.aligned[0].pairs == ((None, 0), (0, 1), (1, 2))


def test_a_duty_that_passes_to_another() -> None:
    old = work(duties=[{"body": "b1", "part": "lead"}, {"body": "b2", "part": "help"}, {"body": "b3", "what": "話す"}])
    new = work(duties=[{"body": "b1", "part": "help"}, {"body": "b2", "part": "lead"}, {"body": "b3", "what": "聞く"}])
    bodies = [body(one) for one in ("b1", "b2", "b3")]
    assert told(compare(edition(old, *bodies), edition(new, *bodies))) == [
        ("w1", "responsibility", "duties", "b1"),
        ("w1", "responsibility", "duties", "b2"),
        ("w1", "changed", "duties", "b3"),
    ]


def test_codes() -> None:
    assert told(compare(edition(body(code="ア")), edition(body(code="イ")))) == [("b1", "code", "code")]
    assert told(compare(edition(body(system="w1")), edition(body(system="w2")))) == [("b1", "code", "system")]
    assert told(compare(edition(body()), edition(body(title="別の名")))) == [("b1", "retitled")]


def test_what_is_left_out_is_kept_for_applying() -> None:
    old, new = edition(work(hidden="一", tags=["甲", "乙"])), edition(work(hidden="二", tags=["乙", "甲"]))
    comparison = compare(old, new)
    assert comparison.items == ()
    assert [(item.id, len(item.silent), len(item.aligned)) for item in comparison.silent] == [("w1", 1, 1)]
    assert apply(comparison, old) == entries_of(new)


def test_the_date_of_an_edition() -> None:
    (item,) = compare(edition(as_of="2026-01-01"), edition(as_of="2026-04-01")).items
    (change,) = item.changes
    assert (item.id, item.kind, change.field, change.label) == (OWN, OWN, ("edition", "as_of"), "版・基準日")


def test_an_id_that_became_another_kind() -> None:
    comparison = compare(edition(work("x")), edition(body("x")))
    assert told(comparison) == [("x", "removed"), ("x", "added")]


def test_a_schema_that_changed_between_the_editions() -> None:
    def of(shape: Shape, **data: Any) -> Snapshot:
        kinds = {**KINDS_OF, "work": replace(KINDS_OF["work"], shape=shape)}
        return replace(edition(work(**data)), kinds=kinds)

    changed = {**WORK.properties, "tags": replace(WORK.properties["tags"], align="sequence"), "more": text("補足")}
    del changed["note"]
    old = of(WORK, note="一", tags=["甲", "乙"])
    new = of(replace(WORK, properties=changed), more="二", tags=["乙", "甲", "丙"])
    comparison = compare(old, new)
    assert {(one[-1], change.label) for one, change in zip(told(comparison), comparison.items[0].changes, strict=True)} == {
        ("note", "説明"), ("more", "補足"), ("tags", "分類"),
    }  # fmt: skip
    for holds in (complete, counted_once, stored):
        holds(comparison, old, new)
    back, seen = compare(new, old), mirror(comparison)  # rows in each schema's own order
    assert {*map(repr, back.items[0].changes)} == {*map(repr, seen.items[0].changes)}
    complete(back, new, old)


# ---------------------------------------------------------------- past and place


def whole(old: Snapshot, new: Snapshot) -> set[tuple[str, str, str]]:
    """Return old id, new id and kind of every change of an item as a whole, both ways round."""
    comparison = compare(old, new)
    assert compare(new, old) == mirror(comparison)
    return {(item.old_id, item.new_id, one.kind) for item in comparison.items for one in item.changes if not one.field}


def test_renamed() -> None:
    old = edition(work("w1", duties=[{"body": "b1"}], to=["b1"], note="[[b1]]と話す。"), body("b1"))
    new = edition(
        work("w1", duties=[{"body": "b9"}], to=["b9"], note="[[b9]]と話す。"),
        body("b9", title="主体b1", replaces=["b1"]),
    )
    comparison = compare(old, new)
    assert comparison.items == ()
    assert {item.id for item in comparison.silent} == {"w1", "b9"}
    assert apply(comparison, old) == entries_of(new)
    assert ("b1", "b9", "retitled") in whole(old, edition(work(), body("b9", title="新しい名", replaces=["b1"])))


def test_merged_and_split() -> None:
    apart, together = edition(work("w1"), work("w2")), edition(work("w3", title="作業w1", replaces=["w1", "w2"]))
    assert whole(apart, together) == {("w2", "", "merged")}
    assert whole(together, apart) == {("", "w2", "split")}
    assert whole(apart, edition(work("w1", replaces=["w2"]))) == {("w2", "", "merged")}
    assert whole(edition(work("w1")), edition(work("w1"), work("w2", split_from="w1"))) == {("", "w2", "split")}
    assert whole(edition(work("w1", merged_into="w2"), work("w2")), edition(work("w2"))) == {("w1", "", "merged")}
    (change,) = compare(apart, together).items[0].changes
    assert (change.old, change.new) == ("w2", "w3")


def test_split_into_new_ids() -> None:
    parts = edition(work("w2", title="作業w1", split_from="w1"), work("w3", split_from="w1"))
    assert whole(edition(work("w1")), parts) == {("", "w3", "split")}


def test_split_from_what_was_renamed() -> None:
    new = edition(work("w2", title="作業w1", replaces=["w1"]), work("w3", split_from="w2"))
    assert whole(edition(work("w1")), new) == {("", "w3", "split")}


def test_what_was_split_off_long_ago_can_be_removed() -> None:
    old = edition(work("w1"), work("w2", split_from="w1"), as_of="2026-01-01")
    assert ("w2", "", "removed") in whole(old, edition(work("w1"), as_of="2026-04-01"))


THREE = tuple(work(one) for one in ("w1", "w2", "w3"))


@pytest.mark.parametrize(
    ("old", "new", "moved"),
    [
        (placed("w1", "w2", "w3"), placed("w2", "w3", "w1"), {"w1"}),
        (placed("w1", "w2", "w3"), placed("w3", "w1", "w2"), {"w3"}),
        (placed("w1", "w2", "w3", parents={"w3": "w1"}), placed("w1", "w2", "w3", parents={"w3": "w2"}), {"w3"}),
        (placed("w1", "w2", "w3", parents={"w2": "w1", "w3": "w2"}), placed("w3", "w1", "w2", parents={"w2": "w1"}), {"w3"}),
        (placed("w1", "w2", "w3"), placed("w1", "w2", "w3"), set()),
        (placed("w1", "w2"), placed("w1", "w3", "w2"), set()),
    ],
    ids=["to the end", "to the start", "around another", "out of another", "nowhere", "one came between"],
)  # fmt: skip
def test_moved(old: dict[str, Place], new: dict[str, Place], moved: set[str]) -> None:
    found = whole(edition(*THREE, places=old), edition(*THREE, places=new))
    assert {one for _, one, kind in found if kind == "moved"} == moved


def test_what_comes_and_goes_around_an_item_moves_nothing() -> None:
    old = edition(*THREE[:2], places=placed("w1", "w2", parents={"w2": "w1"}))
    assert not {
        one
        for one in whole(old, edition(*THREE, places=placed("w1", "w3", "w2", parents={"w3": "w1", "w2": "w3"})))
        if one[2] == "moved"
    }
    assert not {one for one in whole(old, edition(THREE[1], places=placed("w2"))) if one[2] == "moved"}
    assert {("w2", "w2", "moved")} < whole(old, edition(*THREE, places=placed("w1", "w3", "w2", parents={"w2": "w3"})))


def test_renumbered_only_where_nothing_else_changed() -> None:
    old = edition(work("w1"), work("w2"), places=placed("w1", "w2", numbers={"w1": "第1章", "w2": "第2章"}))
    new = edition(work("w1", note="新"), work("w2"), places=placed("w1", "w2", numbers={"w1": "第2章", "w2": "第3章"}))
    comparison = compare(old, new)
    assert told(comparison) == [("w1", "changed", "note"), ("w2", "renumbered")]
    assert (comparison.items[1].changes[0].old, comparison.items[1].changes[0].new) == ("第2章", "第3章")


def test_the_number_that_orders_items_is_told_as_a_move_only() -> None:
    old, new = (
        edition(work("w1", order=1), work("w2", order=n), places=placed(*ids))
        for n, ids in ((2, ("w1", "w2")), (0, ("w2", "w1")))
    )
    assert {kind for _, kind, *_ in told(compare(old, new))} == {"moved"}
    assert apply(compare(old, new), old) == entries_of(new)
    assert told(compare(edition(work(order=1)), edition(work(order=2)))) == [("w1", "changed", "order")]  # not printed


def test_removed_items_stand_where_they_stood() -> None:
    old = edition(*(work(f"w{n}") for n in range(5)))
    new = edition(work("w0", note="一"), work("w1"), work("w9"), work("w3", note="三"), work("w4"))
    assert [item.id for item in compare(old, new).items] == ["w0", "w2", "w9", "w3"]


def test_a_new_name_of_who_has_a_duty_is_known_from_both_sides() -> None:
    old = edition(work(duties=[{"body": "b1", "what": "一"}]), body())
    new = edition(work(duties=[{"body": "b1", "what": "二"}]), body(title="新しい名"))
    change = compare(old, new).items[0].changes[0]
    assert (change.label, change.old_label) == ("分担（新しい名）", "分担（主体b1）")


# ---------------------------------------------------------------- parts, reasons, data


def test_only_what_may_differ_is_needed() -> None:
    old, new = pairs.made(pairs.rich().old).snapshot, pairs.made(pairs.rich().new).snapshot
    before, after = entries_of(old), entries_of(new)
    differing = {one for one in {*before, *after} if before.get(one) != after.get(one)}
    few = [
        replace(side, entries=tuple(one for one in side.entries if one.id in differing or one.id == OWN), places={})
        for side in (old, new)
    ]
    names = {one.id: one.name for one in (*old.entries, *new.entries)}
    bare = [replace(side, places={}) for side in (old, new)]
    every, some = compare(*bare), compare(*few, names=names)
    assert [item.changes for item in some.items] == [item.changes for item in every.items]


def test_only_about_an_item_or_a_chapter() -> None:
    old, new = pairs.made(pairs.rich().old).snapshot, pairs.made(pairs.rich().new).snapshot
    comparison = replace(
        compare(old, new), reasons={"act-guide": (Reason(text="一"),), "act-card": (Reason(text="二"),)}
    )

    def ids(**wanted: str) -> list[str]:
        return [item.id for item in only(comparison, old, new, **wanted).items]

    assert ids() == [item.id for item in comparison.items]
    assert "team-circle" in ids(about="team-circle") and "act-show" in ids(about="team-circle")
    assert ids(about="term-call") == ["act-shelf", "term-call"]  # mentioned; itself
    assert "act-notice" in ids(about="act-poster") and ids(about="act-poster") == ids(about="act-notice")
    assert {"act-card", "act-story"} <= set(ids(chapter="ch-daily"))  # left it, stood in it
    assert set(only(comparison, old, new, about="act-guide").reasons) == {"act-guide"}
    assert ids(about="nothing") == []


def test_reasons() -> None:
    old, new = pairs.made(pairs.rich().old).snapshot, pairs.made(pairs.rich().new).snapshot
    comparison = compare(old, new)
    merged = Reason(text="行事を知らせる活動を一つにまとめるため。")
    trailers = {"act-poster": (merged, Reason(text="別の理由")), "act-shelf": (Reason(text="並べ方", meeting="会議"),)}
    found = reasons(comparison, old, new, trailers)
    assert found["act-notice"] == (merged, Reason(text="別の理由"))
    assert found["act-shelf"] == trailers["act-shelf"]
    assert found["act-guide"][0].comments == ("c-1a2b3c4d5e6f7081",)
    assert found["act-guide"][0].meeting == "第2回手引き検討会"
    assert reasons(compare(new, new), new, new, {}) == {}


@pytest.mark.parametrize("fault", [{}, {"format": 99}, {"format": 1, "old": {}}, {"format": 1, "old": 3}, []])
def test_data_that_is_no_comparison(fault: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        from_data(fault)


def test_another_edition_is_refused() -> None:
    comparison = compare(edition(work(note="一")), edition(work(note="二")))
    with pytest.raises(ValueError, match="w1"):
        apply(comparison, edition(work(note="三")))


# ---------------------------------------------------------------- lists


SEQUENCES = st.lists(st.sampled_from(SAID), max_size=6)


@given(SEQUENCES, SEQUENCES)
@PROPERTY
def test_alignment_is_the_same_from_either_side(old: list[str], new: list[str]) -> None:
    matching = align.by_sequence(old, new)
    assert align.by_sequence(new, old) == {there: here for here, there in matching.items()}
    assert [matching[here] for here in sorted(matching)] == sorted(matching.values())
    pairs_shown = align.shown(matching, len(old), len(new))
    assert [i for i, _ in pairs_shown if i is not None] == list(range(len(old)))
    assert [j for _, j in pairs_shown if j is not None] == list(range(len(new)))


@given(st.permutations(range(7)))
@PROPERTY
def test_as_few_as_possible_are_moved(places: list[int]) -> None:
    kept = sorted(align.steady(places, [str(place) for place in range(7)]))
    order = [places[one] for one in kept]
    assert order == sorted(order)
    longest = [1] * 7
    for at_place in range(7):
        longest[at_place] += max((longest[one] for one in range(at_place) if places[one] < places[at_place]), default=0)
    assert len(kept) == max(longest)


def test_long_lists_are_aligned_too() -> None:
    old = [f"手順{number}を行う。" for number in range(3000)]
    new = ["始め", *old[:1500], "間", *old[1501:]]
    matching = align.by_sequence(old, new)
    assert len(matching) >= 2998
