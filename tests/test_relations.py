"""Retired ids, circles and bookmarks: planted faults are found where they stand."""

from __future__ import annotations

import json
from itertools import pairwise
from random import Random

import pytest

from conftest import CHAPTER, LAST, ROOT, SECOND, small_tree
from shishin.cache import Cache
from shishin.guideline import Guideline, read_guideline
from shishin.problem import Problem
from shishin.relations import check_relations, retired_hint
from shishin.schema import shipped
from shishin.tree import DictTree, FolderTree

RETIRED = """\
- id: ch-old
  title: 以前の章
  since: "2025-04-01"
  reason: 二つの章に分けた
  replaced_by:
    - ch-one
    - ch-older
- id: ch-older
  title: もっと前の章
  since: "2024-04-01"
  reason: 題を改めた
  replaced_by:
    - ch-two
- id: ch-gone
  title: なくなった章
  since: "2024-04-01"
  reason: 要らなくなった
"""


def read(tree: DictTree | FolderTree) -> Guideline:
    guideline, problems = read_guideline(tree, Cache(file=None))
    assert guideline is not None
    assert problems == ()
    return guideline


def found(**changes: str | None) -> list[Problem]:
    return list(check_relations(read(small_tree(**changes))))


def told(problems: list[Problem]) -> list[tuple[str, str, int, int]]:
    return [
        (one.code, one.position.file.rpartition("/")[2], one.position.line, one.position.column) for one in problems
    ]


# ---------------------------------------------------------------- the real guideline


@pytest.fixture(scope="module")
def real() -> Guideline:
    return read(FolderTree(ROOT))


def test_the_shipped_guideline_is_sound(real: Guideline) -> None:
    assert told(list(check_relations(real))) == []
    assert len(real.aids["retired"]) == 7


# ---------------------------------------------------------------- retired ids


def test_a_retired_id_never_comes_back() -> None:
    retired = RETIRED.replace("ch-gone", "ch-two").replace("    - ch-two\n", "    - ch-one\n")
    problems = found(**{"guideline/retired.yml": retired})
    assert told(problems) == [("R309", "ch-two.yml", 1, 5)]
    assert "要らなくなった" in problems[0].message.ja
    assert "なくなった章" in problems[0].message.ja
    assert "2024-04-01" in problems[0].message.en
    assert problems[0].path == "id"


def test_what_is_told_about_a_retired_id() -> None:
    guideline = read(small_tree(**{"guideline/retired.yml": RETIRED}))
    assert list(check_relations(guideline)) == []
    hint = retired_hint(guideline, "ch-old")
    assert hint is not None
    assert "後継: ch-one、ch-two" in hint.ja  # over two steps
    assert "ch-one, ch-two" in hint.en
    assert "二つの章に分けた" in hint.ja
    gone = retired_hint(guideline, "ch-gone")
    assert gone is not None
    assert "後継" not in gone.ja
    assert retired_hint(guideline, "ch-one") is None
    assert retired_hint(guideline, "nonsense") is None


def test_the_past_is_explained() -> None:
    past = "replaces:\n  - ch-old\n  - ch-onne\n  - ch-two\nsplit_from: ch-refs\nmerged_into: ch-nowhere\n"
    problems = found(ch_one=CHAPTER + past, **{"guideline/retired.yml": RETIRED})
    assert told(problems) == [
        ("R314", "ch-one.yml", 17, 5),
        ("R314", "ch-one.yml", 18, 5),
        ("R314", "ch-one.yml", 20, 14),
    ]
    assert [one.path for one in problems] == ["replaces.2", "replaces.3", "merged_into"]
    assert problems[0].hint is not None
    assert "もしかして: ch-one" in problems[0].hint.ja
    assert "今も使われている" in problems[1].message.ja


def test_successors_are_known_and_end_somewhere() -> None:
    retired = RETIRED.replace("    - ch-two\n", "    - ch-old\n").replace("    - ch-one\n", "    - ch-nowhere\n")
    problems = found(**{"guideline/retired.yml": retired})
    assert told(problems) == [("R314", "retired.yml", 6, 7), ("R311", "retired.yml", 7, 7)]
    assert "ch-old → ch-older → ch-old" in problems[1].message.ja
    guideline = read(small_tree(**{"guideline/retired.yml": retired}))
    assert retired_hint(guideline, "ch-old") is not None  # and comes to an end


def test_a_field_of_the_same_name_with_another_meaning() -> None:
    schema = json.loads(shipped("schemas")["chapter.schema.json"])
    schema["properties"]["replaces"] = {"type": "string", "title": "代わり", "x-ref": ["chapter"]}
    changed = {"schemas/chapter.schema.json": json.dumps(schema)}
    assert found(ch_one=CHAPTER + "replaces: ch-two\n", **changed) == []


def test_an_aid_twice() -> None:
    problems = found(**{"guideline/retired.yml": RETIRED.replace("id: ch-gone", "id: ch-old")})
    assert told(problems) == [("R302", "retired.yml", 14, 7)]


# ---------------------------------------------------------------- bookmarks and keys


def loose_ids() -> dict[str, str]:
    """Return a schema of a guideline's own whose ids are freer than the tool's."""
    schema = json.loads(shipped("schemas")["chapter.schema.json"])
    schema["properties"]["id"] = {"type": "string", "title": "ID"}
    return {"schemas/chapter.schema.json": json.dumps(schema)}


@pytest.mark.parametrize(("one", "other"), [("ch-a_b", "ch-a-b"), ("ch-Twin", "ch-twin"), ("ch_x", "CH-X")])
def test_ids_that_word_can_not_tell_apart(one: str, other: str) -> None:
    names = {
        f"guideline/chapters/{one}.yml": LAST.replace("ch-refs", one),
        f"guideline/chapters/{other}.yml": LAST.replace("ch-refs", other),
    }
    problems = found(ch_refs=None, **names, **loose_ids())
    first, second = sorted((one, other))
    assert told(problems) == [("R310", f"{second}.yml", 1, 5)]
    assert first in problems[0].message.ja


def test_an_id_too_long_for_word() -> None:
    for length, codes in ((33, []), (34, ["R310"])):
        name = "ch-" + "x" * (length - 3)
        problems = found(
            ch_refs=None, **{f"guideline/chapters/{name}.yml": LAST.replace("ch-refs", name)}, **loose_ids()
        )
        assert [one.code for one in problems] == codes


def test_a_key_twice_in_one_list() -> None:
    twice = CHAPTER.replace(
        "    body: 本文である。\n", "    body: 本文である。\n  - key: first\n    title: 別の節\n    body: 本文\n"
    )
    assert told(found(ch_one=twice)) == [("R315", "ch-one.yml", 12, 10)]


# ---------------------------------------------------------------- circles


def supersedes(**edges: str) -> str:
    """Return references.yml in which each reference supersedes others."""
    entry = "- id: {0}\n  title: {0}\n  order: 2\n  issuer: 県\n  category: report\n  basis: stated\n"
    known = small_tree().read("guideline/references.yml").decode()
    for name, targets in edges.items():
        known += entry.format(f"ref-{name}")
        if targets:
            known += "  supersedes:\n" + "".join(f"    - ref-{target}\n" for target in targets.split())
    return known


def test_a_circle_is_told_once_at_its_smallest_id() -> None:
    problems = found(references=supersedes(d="", c="a", b="d c", a="b"))
    assert told(problems) == [("R311", "references.yml", 37, 7)]
    assert "ref-a → ref-b → ref-c → ref-a" in problems[0].message.ja
    assert problems[0].path == "supersedes.1"
    problems = found(references=supersedes(b="d c", c="a", a="d b", d=""))
    assert told(problems) == [("R311", "references.yml", 32, 7)]  # the second entry leads into the circle
    assert problems[0].path == "supersedes.2"


def test_circles_of_one_and_of_two() -> None:
    assert ["ref-a → ref-a。"[:-1]] == [
        one.message.ja.partition(": ")[2] for one in found(references=supersedes(a="a"))
    ]
    shown = [one.message.ja.partition(": ")[2] for one in found(references=supersedes(a="b", b="a c", c="d", d="c"))]
    assert shown == ["ref-a → ref-b → ref-a", "ref-c → ref-d → ref-c"]


def test_no_circle() -> None:
    assert found(references=supersedes(a="b c", b="d", c="d", d="")) == []
    assert found(ch_one=CHAPTER, ch_two=SECOND) == []  # chapters may mention each other


def test_a_long_chain_and_a_long_circle() -> None:
    names = [f"x{number}" for number in range(3000)]
    chain = dict(pairwise(names))
    assert found(references=supersedes(**chain, **{names[-1]: ""})) == []
    assert len(found(references=supersedes(**chain, **{names[-1]: names[0]}))) == 1


def test_random_graphs_have_a_circle_exactly_when_one_is_told() -> None:
    chance = Random(7)
    counts = {True: 0, False: 0}
    for _ in range(60):
        names = [chr(97 + place) for place in range(7)]
        edges = {name: chance.sample(names, chance.choice((0, 1, 1, 2))) for name in names}
        problems = found(references=supersedes(**{name: " ".join(targets) for name, targets in edges.items()}))
        reach = {name: set(targets) for name, targets in edges.items()}
        for _ in names:
            for name in names:
                reach[name] |= {further for target in set(reach[name]) for further in edges[target]}
        circular = {name for name in names if name in reach[name]}
        assert bool(problems) == bool(circular)
        counts[bool(problems)] += 1
        for problem in problems:
            shown = [one.removeprefix("ref-") for one in problem.message.ja.partition(": ")[2].split(" → ")]
            assert shown[0] == shown[-1]
            assert all(following in edges[one] for one, following in pairwise(shown))
    assert min(counts.values()) > 5
