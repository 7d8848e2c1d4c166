"""How items hang together: ids twice, retired or too long, ids of the past, keys in a list, circles.

Values in, problems out. What points where comes from references.py.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from shishin.guideline import Guideline, Item
from shishin.problem import Problem, Words
from shishin.references import fields_with
from shishin.schema import Kind, dotted
from shishin.source import Path
from shishin.values import leaves

MAX_ID = 40 - len("GL_") - len("__99")
"""The longest id whose bookmarks GL_<id>__<n> keep to the 40 characters Word allows."""


def check_relations(guideline: Guideline) -> Iterator[Problem]:
    """Yield what is wrong with ids and with how items point to one another."""
    yield from _aids_twice(guideline)
    yield from _returned(guideline)
    yield from _histories(guideline)
    yield from _bookmarks(guideline)
    yield from _keys_twice(guideline)
    yield from _circles(guideline)


# ---------------------------------------------------------------- ids


def _problem(
    code: str, item: Item, path: Path, message: Words, hint: Words | None = None, *, severity: str = "error"
) -> Problem:
    position = item.position(path)
    return Problem(code=code, severity=severity, position=position, path=dotted(path), message=message, hint=hint)


def _retired(guideline: Guideline) -> Mapping[str, Item]:
    return {one.id: one for one in guideline.aids.get("retired", ())}


def _listed(item: Item, name: str) -> list[str]:
    """Return the ids of the past a field lists: nothing where a kind's field of this name means something else."""
    shape = item.kind.shape.properties.get(name)
    value = item.data.get(name)
    if shape is None or value is None or shape.ref or (shape.items is not None and shape.items.ref):
        return []
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]


def retired_hint(guideline: Guideline, target: str) -> Words | None:
    """Return what to tell about an id that was retired, None for any other id."""
    retired = _retired(guideline)
    if target not in retired:
        return None
    _, since, reason = _told(retired[target])
    ja = f"「{target}」は {since} に廃止されました（{reason}）。"
    en = f"'{target}' was retired on {since} ({reason})."
    if successors := _successors(target, retired, guideline.by_id):
        return Words(ja=f"{ja}後継: {'、'.join(successors)}", en=f"{en} Use instead: {', '.join(successors)}")
    return Words(ja=ja, en=en)


def _told(entry: Item) -> tuple[str, ...]:
    """Return title, day and reason of a retired id."""
    return tuple(str(entry.data.get(name, "")) for name in ("title", "since", "reason"))


def _successors(target: str, retired: Mapping[str, Item], known: Mapping[str, Item]) -> list[str]:
    """Return the ids in use that an id's content went to, over any number of steps."""
    found: list[str] = []
    waiting, seen = deque([target]), {target}
    while waiting:
        one = waiting.popleft()
        if one in known:
            found.append(one)
        elif one in retired:
            for successor in _listed(retired[one], "replaced_by"):
                if successor not in seen:
                    seen.add(successor)
                    waiting.append(successor)
    return found


def _aids_twice(guideline: Guideline) -> Iterator[Problem]:
    for aids in guideline.aids.values():
        first: dict[str, Item] = {}
        for item in sorted(aids, key=lambda one: (one.file, one.entry)):
            other = first.setdefault(item.id, item)
            if other is not item:
                place = other.position(("id",))
                yield _problem(
                    "R302",
                    item,
                    ("id",),
                    Words(
                        ja=f"ID「{item.id}」は {place.file}:{place.line} にもあります。",
                        en=f"The id '{item.id}' is also used in {place.file}:{place.line}.",
                    ),
                    Words(ja="どちらか一つを残してください。", en="Keep one of them."),
                )


def _returned(guideline: Guideline) -> Iterator[Problem]:
    """Find items that use a retired id."""
    retired = _retired(guideline)
    for item in guideline.items:
        if item.id in retired:
            title, since, reason = _told(retired[item.id])
            yield _problem(
                "R309",
                item,
                ("id",),
                Words(
                    ja=f"ID「{item.id}」は「{title}」の ID でした。{since} に廃止されています（{reason}）。",
                    en=f"The id '{item.id}' belonged to '{title}' and was retired on {since} ({reason}).",
                ),
                Words(
                    ja="一度使った ID は二度と使えません。新しい ID を付けてください。",
                    en="An id is never used again. Choose a new one.",
                ),
            )


def _histories(guideline: Guideline) -> Iterator[Problem]:
    """Find ids of the past (replaces, split_from, merged_into, replaced_by) that nothing explains."""
    retired, known = _retired(guideline), guideline.by_id
    candidates = sorted({*retired, *known})
    for item in guideline.items:
        for place, old in enumerate(_listed(item, "replaces")):
            path = ("replaces", place)
            if old in known:
                yield _problem(
                    "R314",
                    item,
                    path,
                    Words(
                        ja=f"「{old}」は今も使われている ID です（{known[old].file}）。置き換えたことになりません。",
                        en=f"'{old}' is still in use ({known[old].file}): it hasn't been replaced.",
                    ),
                    Words(
                        ja="一部を分けただけなら split_from に書いてください。",
                        en="Use split_from where only a part was taken.",
                    ),
                )
            elif old not in retired:
                yield _unexplained(item, path, old, candidates)
        for name in ("split_from", "merged_into"):
            for old in _listed(item, name):
                if old not in known and old not in retired:
                    yield _unexplained(item, (name,), old, candidates)
    for entry in retired.values():
        for place, successor in enumerate(_listed(entry, "replaced_by")):
            if successor not in known and successor not in retired:
                yield _unexplained(entry, ("replaced_by", place), successor, candidates)
    edges = {entry.id: _listed(entry, "replaced_by") for entry in retired.values()}
    yield from _circles_of("replaced_by", edges, retired)


def _unexplained(item: Item, path: Path, old: str, candidates: list[str]) -> Problem:
    near = get_close_matches(old, candidates, 1, 0.7)
    return _problem(
        "R314",
        item,
        path,
        Words(
            ja=f"「{old}」という ID は、今の項目にも retired.yml にもありません。",
            en=f"The id '{old}' is neither in use nor in retired.yml.",
        ),
        Words(
            ja=(f"もしかして: {near[0]}。" if near else "") + "以前の ID なら retired.yml に書いてください。",
            en=(f"Did you mean '{near[0]}'? " if near else "") + "If it is an id of the past, add it to retired.yml.",
        ),
    )


# ---------------------------------------------------------------- bookmarks


def _anchors(item: Item) -> Iterator[tuple[str, Path]]:
    yield item.id, ("id",)
    for name, value in item.data.items():
        if isinstance(value, list):
            for place, entry in enumerate(value):
                if isinstance(entry, Mapping) and isinstance(entry.get("key"), str):
                    yield f"{item.id}--{entry['key']}", (name, place, "key")


def _bookmarks(guideline: Guideline) -> Iterator[Problem]:
    """Find ids that Word can't keep apart: it knows no hyphen, no case and no more than 40 characters."""
    first: dict[str, tuple[str, Item]] = {}
    for item in guideline.items:
        if len(item.id) > MAX_ID:
            yield _problem(
                "R310",
                item,
                ("id",),
                Words(
                    ja=f"ID「{item.id}」は長すぎて、Word のブックマーク（40字まで）になりません。",
                    en=f"The id '{item.id}' is too long for a bookmark in Word (40 characters).",
                ),
                Words(ja=f"{MAX_ID}字までにしてください。", en=f"Keep to {MAX_ID} characters."),
            )
        for anchor, path in _anchors(item):
            other, owner = first.setdefault(anchor.replace("-", "_").casefold(), (anchor, item))
            if other != anchor:
                place = owner.position()
                yield _problem(
                    "R310",
                    item,
                    path,
                    Words(
                        ja=f"「{anchor}」と「{other}」（{place.file}:{place.line}）は、Word では同じブックマークになります。",
                        en=f"'{anchor}' and '{other}' ({place.file}:{place.line}) give the same bookmark in Word.",
                    ),
                    Words(
                        ja="大文字と小文字、「-」と「_」のほかにも違いを付けてください。",
                        en="Let them differ in more than case, '-' and '_'.",
                    ),
                )


def _keyed(kind: Kind) -> tuple[tuple[str, str], ...]:
    """Return the lists of a kind whose entries are known by a key, and the field that holds it."""
    return tuple(
        (name, shape.align.removeprefix("key:"))
        for name, shape in kind.shape.properties.items()
        if shape.align.startswith("key:")
    )


def _keys_twice(guideline: Guideline) -> Iterator[Problem]:
    """Find entries with one key in one list: neither a link nor a comparison could tell them apart."""
    keyed = {kind.name: _keyed(kind) for kind in guideline.schemas.kinds.values()}
    for item in guideline.items:
        for name, key in keyed[item.kind.name]:
            seen: set[str] = set()
            for place, entry in enumerate(item.data.get(name, ())):
                value = str(entry.get(key, ""))
                if value and value in seen:
                    yield _problem(
                        "R315",
                        item,
                        (name, place, key),
                        Words(
                            ja=f"「{value}」が {name} の中に二度あります。",
                            en=f"'{value}' stands in '{name}' twice.",
                        ),
                        Words(ja=f"{key} はこの一覧の中で一つずつです。", en=f"A '{key}' is used once in this list."),
                    )
                seen.add(value)


# ---------------------------------------------------------------- circles


def _circles(guideline: Guideline) -> Iterator[Problem]:
    """Find items that a field which may not lead back (x-acyclic) leads back to."""
    graphs: dict[str, dict[str, list[str]]] = {}
    for item, found in fields_with(guideline.items, "acyclic"):
        for name, target in found:
            graphs.setdefault(name, {}).setdefault(item.id, []).append(target)
    for name, edges in sorted(graphs.items()):
        yield from _circles_of(name, edges, guideline.by_id)


def _circles_of(name: str, edges: Mapping[str, list[str]], items: Mapping[str, Item]) -> Iterator[Problem]:
    """Yield one problem for each id that is the smallest of a circle, the shortest through it."""
    left = {one: [target for target in targets if target in edges] for one, targets in edges.items()}
    while left := _peeled(left):
        smallest = min(left)
        if circle := _shortest(smallest, left):
            item = items[smallest]
            shown = " → ".join(circle)
            yield _problem(
                "R311",
                item,
                _place(item, name, circle[1]),
                Words(ja=f"たどると元に戻ります: {shown}", en=f"This leads back to itself: {shown}."),
                Words(ja="どれか一つの指し先を改めてください。", en="Change where one of them points."),
            )
        del left[smallest]


def _place(item: Item, name: str, value: str) -> Path:
    """Return the path of the field with this dotted name that says `value`."""
    for path, _, said in leaves(item.data, item.kind.shape):
        if said == value and ".".join(part for part in path if isinstance(part, str)) == name:
            return path
    return ()


def _peeled(edges: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Return what is left when everything that leads to an end, and so into no circle, is taken away."""
    sources: dict[str, set[str]] = {}
    ways: Counter[str] = Counter()
    for one, targets in edges.items():
        for target in {target for target in targets if target in edges}:
            sources.setdefault(target, set()).add(one)
            ways[one] += 1
    ends = [one for one in edges if not ways[one]]
    gone = set(ends)
    while ends:
        for source in sources.get(ends.pop(), ()):
            ways[source] -= 1
            if not ways[source]:
                gone.add(source)
                ends.append(source)
    return {
        one: [target for target in targets if target in edges and target not in gone]
        for one, targets in edges.items()
        if one not in gone
    }


def _shortest(start: str, edges: Mapping[str, list[str]]) -> list[str] | None:
    came: dict[str, str] = {}
    waiting = deque([start])
    while waiting:
        one = waiting.popleft()
        for target in edges.get(one, ()):
            if target == start:
                circle = [start]
                while one != start:
                    circle.append(one)
                    one = came[one]
                return [start, *reversed(circle)]
            if target not in came:
                came[target] = one
                waiting.append(target)
    return None
