"""Checks over the whole guideline: references, ids, Markdown, words, rules. Values in, problems out; edits nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from shishin.cache import Cache, digest, no_cache
from shishin.filenames import colliding_names
from shishin.guideline import Guideline, Item, read_guideline
from shishin.markdown import Parsed, parse_field, parse_inline
from shishin.migrate import format_problem
from shishin.problem import Problem, Words
from shishin.relations import check_relations, retired_hint
from shishin.schema import Shape, dotted
from shishin.source import UNREAD, Path
from shishin.tree import Tree
from shishin.unmarked import plain_targets
from shishin.values import leaves
from shishin.verify import problems as stored_problems

RETIRED = ("R309", "R314")
"""Codes of problems with ids that are no longer in use."""
_STRUCTURE = re.compile(r"[CRSTY][0-9]{3}")


def check(
    tree: Tree, cache: Cache | None = None, *, quick: bool = False
) -> tuple[Guideline | None, tuple[Problem, ...]]:
    """Return the guideline of a tree and every problem in its data, sorted by file and line.

    `quick` leaves out the rules of the guideline and those of its words.
    """
    cache = cache or no_cache()
    if problem := format_problem(tree):
        return None, (problem,)
    guideline, problems = read_guideline(tree, cache)
    found = [*problems, *colliding_names((*tree.files("guideline"), *tree.files("schemas")))]
    if guideline is not None:
        # ids in files with problems of their own are still ids: a reference to them isn't dangling
        broken = {problem.position.file for problem in found if problem.severity == "error"}
        unread = guideline.unread | {path.rpartition("/")[2].removesuffix(".yml") for path in broken}
        found += _check_ids(guideline)
        found += _check_fields(guideline, unread, cache)
        found += _check_names(guideline)
        found += check_relations(guideline)
        if not quick:
            found += _check_rules_and_words(guideline, cache, complete=not broken)
            found += _check_templates(guideline)
            found += stored_problems(tree)
    return guideline, tuple(sorted(found, key=lambda one: (one.position, one.code, one.path)))


def errors(problems: tuple[Problem, ...], *, past: bool = False) -> tuple[Problem, ...]:
    """Return the problems that stop a build.

    Content of the `past` was written before today's rules of words, and before today's account of retired ids: what
    these say about it doesn't count.
    """
    return tuple(one for one in problems if one.severity == "error" and not (past and not _always(one.code)))


def _always(code: str) -> bool:
    """Tell whether a problem makes content unreadable or wrong whatever the rules of the day are."""
    return _STRUCTURE.fullmatch(code) is not None and code not in RETIRED


def _check_ids(guideline: Guideline) -> Iterator[Problem]:
    used = Counter(item.id for item in guideline.items)
    if len(used) == len(guideline.items):
        return
    first: dict[str, Item] = {}
    for item in sorted((item for item in guideline.items if used[item.id] > 1), key=lambda one: one.position(("id",))):
        other = first.setdefault(item.id, item)
        if other is not item:
            place = other.position(("id",))
            yield Problem(
                code="R302",
                severity="error",
                position=item.position(("id",)),
                path="id",
                message=Words(
                    ja=f"ID「{item.id}」は {place.file}:{place.line} にもあります。",
                    en=f"The id '{item.id}' is also used in {place.file}:{place.line}.",
                ),
                hint=Words(
                    ja="写して作ったファイルなら、新しい方の ID を直してください。ID は指針全体で一つずつです。",
                    en="In a copied file change the id: an id is used once in the whole guideline.",
                ),
            )


def _check_fields(guideline: Guideline, unread: frozenset[str], cache: Cache) -> Iterator[Problem]:
    """Check every field of every item; what earlier runs found clean is asked for its references only."""
    by_id = guideline.by_id
    kinds = {item.id: item.kind.name for item in guideline.items}
    for item in (guideline.own, *guideline.items, *(aid for aids in guideline.aids.values() for aid in aids)):
        name = f"{item.kind.name} {item.id}"
        facts = cache.recall("facts", name, item.digest)
        if facts is None and (facts := _facts(item)) is not None:
            cache.keep("facts", name, item.digest, facts)
        if (
            facts is None
            or any(
                target not in kinds or (wanted != ["*"] and kinds[target] not in wanted)
                for target, wanted in facts["references"]
            )
            or any(target.partition("--")[0] not in kinds for target in facts["mentions"])
        ):
            yield from _check_item(item, guideline, by_id, unread)


def _facts(item: Item) -> dict[str, Any] | None:
    """Return what an item points to, or None where there is something to report about it alone."""
    references: list[list[Any]] = []
    mentions: dict[str, None] = {}
    for _, shape, value in leaves(item.data, item.kind.shape):
        if shape.private:
            return None
        if not isinstance(value, str):
            continue
        if shape.ref:
            references.append([value, ["*"] if "*" in shape.ref else list(shape.ref)])
        if shape.text:
            targets = plain_targets(value) if shape.text == "markdown" or "\n" not in value.strip() else None
            if targets is None:
                parsed = parse(shape, value)
                if parsed.faults:
                    return None
                targets = [target for target, _, _ in parsed.mentions]
            mentions.update(dict.fromkeys(targets))
    return {"references": references, "mentions": list(mentions)}


def _check_item(
    item: Item, guideline: Guideline, by_id: Mapping[str, Item], unread: frozenset[str]
) -> Iterator[Problem]:
    for path, shape, value in leaves(item.data, item.kind.shape):
        if shape.private:
            yield Problem(
                code="R308",
                severity="error",
                position=item.position(path, key=True),
                path=dotted(path),
                message=Words(
                    ja=f"「{shape.title}」は公開しない欄です。指針のファイルには書けません。",
                    en=f"'{dotted(path)}' is private: it can't stand in a file of the guideline.",
                ),
                hint=Words(ja="この欄を消してください。", en="Remove the field."),
            )
        if not isinstance(value, str) or value == UNREAD:
            continue
        if shape.ref and (problem := _reference(item, path, shape, value, guideline, by_id, unread)):
            yield problem
        if shape.text:
            yield from _text(item, path, shape, value, guideline, unread)


def _check_rules_and_words(guideline: Guideline, cache: Cache, *, complete: bool) -> Iterator[Problem]:
    """Yield what the guideline's rules and those of its words find, without what its exceptions allow."""
    from shishin.rules import findings, rules_of
    from shishin.wording import Marked, compile_rules, item_findings, settled

    words = compile_rules(guideline)
    found = [
        Marked(rule=problem.code, item=item.id, problem=problem)
        for item, problem in findings(guideline, complete=complete)
    ]
    for item in (guideline.own, *guideline.items):
        made_from = digest(item.digest, words.fingerprint)
        if cache.recall("words", item.id, made_from) is None:
            slips = item_findings(item, words)
            found += slips
            if not slips:
                cache.keep("words", item.id, made_from, True)
    others = [rule.id for rule in rules_of(guideline)]
    yield from settled(guideline, words, found, others=others, complete=complete)


def _check_templates(guideline: Guideline) -> Iterator[Problem]:
    from shishin.layout_words import check_templates  # Jinja, which a quick check does without

    yield from check_templates(guideline)


def _check_names(guideline: Guideline) -> Iterator[Problem]:
    """Kinds (and sections) that guideline.yml names must exist."""
    kinds = set(guideline.schemas.kinds)
    owners = {item.id for item in guideline.items}
    for path in (("site", "pages"), ("paper", "numbered_mentions")):
        for place, name in enumerate(guideline.settings.get(path[0], {}).get(path[1], ())):
            section = path[0] == "site" and name.partition("--")[0] in owners
            if name not in kinds and not section:
                yield Problem(
                    code="R307",
                    severity="error",
                    position=guideline.own.position((*path, place)),
                    path=dotted((*path, place)),
                    message=Words(
                        ja=f"「{name}」という種別や節はありません。", en=f"There is no kind or section '{name}'."
                    ),
                    hint=Words(ja="種別: " + "、".join(sorted(kinds)), en="Kinds: " + ", ".join(sorted(kinds))),
                )


def _reference(
    item: Item,
    path: Path,
    shape: Shape,
    target: str,
    guideline: Guideline,
    by_id: Mapping[str, Item],
    unread: frozenset[str],
) -> Problem | None:
    found = by_id.get(target)
    if found and ("*" in shape.ref or found.kind.name in shape.ref):
        return None
    if not found and target in unread:
        return None
    kinds = shape.ref if "*" not in shape.ref else tuple(guideline.schemas.kinds)
    wanted = "、".join(guideline.schemas.kinds[kind].shape.title for kind in shape.ref if kind != "*")
    candidates = [one.id for kind in kinds for one in guideline.of(kind)]
    hint = retired_hint(guideline, target) or _near(target, candidates)
    if found:
        message = Words(
            ja=f"「{target}」は{found.kind.shape.title}です。ここには{wanted}の ID を書きます。",
            en=f"'{target}' is of kind {found.kind.name}; this field wants {', '.join(shape.ref)}.",
        )
        code = "R305"
    else:
        message = Words(ja=f"「{target}」という ID はありません。", en=f"There is no id '{target}'.")
        code = "R301"
    return Problem(
        code=code, severity="error", position=item.position(path), path=dotted(path), message=message, hint=hint
    )


def _near(target: str, candidates: list[str]) -> Words:
    near = get_close_matches(target, candidates, 1, 0.75)
    if near:
        return Words(ja=f"もしかして: {near[0]}", en=f"Did you mean '{near[0]}'?")
    return Words(
        ja="打ち間違いでなければ、項目が消されています。ここからも消すか、別の項目を指してください。",
        en="If it isn't misspelt, the item is gone: remove it here or point to another.",
    )


def _text(
    item: Item, path: Path, shape: Shape, value: str, guideline: Guideline, unread: frozenset[str]
) -> Iterator[Problem]:
    by_id = guideline.by_id
    parsed = parse(shape, value)
    for fault in parsed.faults:
        yield Problem(
            code=fault.code,
            severity="error",
            position=item.inside(path, fault.line, fault.column),
            path=dotted(path),
            message=fault.message,
            hint=fault.hint,
        )
    for target, line, column in parsed.mentions:
        owner = target.partition("--")[0]
        if owner not in by_id and owner not in unread:
            yield Problem(
                code="R301",
                severity="error",
                position=item.inside(path, line, column),
                path=dotted(path),
                message=Words(ja=f"「{target}」という ID はありません。", en=f"There is no id '{target}'."),
                hint=retired_hint(guideline, owner) or _near(owner, list(by_id)),
            )


def parse(shape: Shape, value: str) -> Parsed:
    """Return a field's text parsed as its schema says."""
    return parse_field(value) if shape.text == "markdown" else parse_inline(value)
