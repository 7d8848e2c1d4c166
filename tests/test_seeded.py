"""Seeded faults in the real guideline: each is found with its exact place, alone, and the clean guideline is clean.

A fault is one edit: `old` stands once in the file, `new` takes its place. In `new`, ▮ marks where the problem must be
told (it is taken out before writing); line and column follow from there. Jinja keeps lines only: in templates the
mark stands at the beginning of a line.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache

import pytest

from conftest import ROOT, shipped_sources
from shishin.pipeline import check
from shishin.problem import Position, Problem
from shishin.tree import DictTree, FolderTree

MARK = "▮"
TASK = "guideline/tasks/task-discharge.yml"
SETTINGS = "guideline/guideline.yml"
CENTER = "guideline/chapters/ch-center.yml"
TERMS = "guideline/terms.yml"
TEMPLATE = "guideline/templates/items/task.md.j2"
SCHEMA = "schemas/task.schema.json"
BLOCK = "  在宅で療養する人の入院先を探すときも、同じ手順による。\n"  # the third line of the task's purpose
STEP = "  - 退院前の話合いの日程を整え、"


@dataclass(frozen=True, kw_only=True)
class Seed:
    """One fault: the edit, the code it gives, and codes that honestly come with it."""

    file: str
    code: str
    old: str = ""  # "" for a file that isn't there yet
    new: str
    followers: frozenset[str] = frozenset()
    at: tuple[str, str] = ("", "")  # file and text with the mark, where the problem is told in another file


def seed(file: str, old: str, new: str, code: str, *followers: str, at: tuple[str, str] = ("", "")) -> Seed:
    return Seed(file=file, old=old, new=new, code=code, followers=frozenset(followers), at=at)


def in_block(text: str) -> tuple[str, str]:
    """An edit of the third line of a block of text."""
    return BLOCK, f"  {text}{BLOCK.strip()}\n"


def after_block(text: str) -> tuple[str, str]:
    """An edit that adds a paragraph behind the third line of a block of text."""
    return BLOCK, BLOCK + "\n" + "".join(f"  {line}".rstrip() + "\n" for line in text.split("\n"))


SEEDS = {
    # ---------------------------------------------------------------- files and YAML
    "colon in a title": seed(TASK, "title: 退院支援", "title: 注意▮: 退院支援", "Y101"),
    "no space after the colon": seed(TASK, "tier: basic", "▮tier:basic", "Y101"),
    "unclosed quote": seed(TASK, "basis: derived\n", 'basis: ▮"derived\n', "Y101"),
    "unclosed quote far above": seed(TASK, "- 本人と家族の同意、", '- ▮"本人と家族の同意、', "Y101"),
    "text begins with a bracket": seed(TASK, STEP, "  - [往診医]▮を見て、退院前の話合いの日程を整え、", "Y101"),
    "text begins with an at sign": seed(TASK, STEP, "  - ▮@退院前の話合いの日程を整え、", "Y101"),
    "wrong indentation": seed(TASK, "    part: lead\n", "   ▮part: lead\n", "Y101"),
    "tab": seed(TASK, "  - scene-discharge\n", "▮\t- scene-discharge\n", "Y114"),
    "key twice": seed(TASK, "tier: basic\n", "tier: basic\n▮tier: advanced\n", "Y102"),
    "text begins with an asterisk": seed(TASK, "timing: 依頼の都度", "timing: ▮*依頼の都度", "Y101"),
    "alias": seed(TASK, "tier: basic\n", "tier: ▮*basic\n", "Y103"),
    "anchor": seed(TASK, "basis: derived\n", "basis: ▮&b derived\n", "Y103"),
    "tag": seed(TASK, "title: 退院支援", "title: ▮!!str 退院支援", "Y103"),
    "merge key": seed(TASK, "basis: derived\n", "basis: derived\n▮<<: {tier: basic}\n", "Y103"),
    "two documents": seed(TASK, "basis: derived\n", "basis: derived\n▮---\nbasis: derived\n", "Y105"),
    "empty file": seed("guideline/terms-new.yml", "", "▮", "R304"),
    "private-use character": seed(TASK, STEP, "  - 退院前▮\ue123の話合いの日程を整え、", "Y108"),
    "bidi character": seed(TASK, *in_block("▮\u202e"), "Y111"),
    "invisible character": seed(TASK, *in_block("療養▮\u200b"), "Y112"),
    "control character": seed(TASK, *in_block("療養▮\x0b"), "Y113"),
    "no-break space in the indentation": seed(TASK, "  - scene-discharge\n", "▮\u00a0 - scene-discharge\n", "Y112"),
    # ---------------------------------------------------------------- fields
    "unknown field": seed(TASK, "related_programs:", "▮related_program:", "S102"),
    "missing field": seed("guideline/tasks/task-acp.yml", "id: task-acp\ntitle: ACP（人生会議）の研修\n", "▮id: task-acp\n", "S101"),
    "wrong choice": seed(TASK, "tier: basic", "tier: ▮基本", "S103"),
    "text for a number": seed(TASK, "order: 20\n", "order: ▮二十\n", "S104"),
    "text for a list": seed(TASK, "forms:\n  - form-consultation\n", "forms: ▮form-consultation\n", "S104"),
    "number for a text": seed(TASK, '    at: 図表-17\n    lines: "1435-1442"\n', "    at: 図表-17\n    lines: ▮1435\n", "S110"),
    "wrong date": seed(SETTINGS, 'as_of: "2026-11-22"', 'as_of: ▮"2026-02-30"', "S105"),
    "setting": seed(SETTINGS, "numbering: chapter", "numbering: ▮chaptar", "S103"),
    "id that is no id": seed(TASK, "id: task-discharge", "id: ▮Task_Discharge", "S105", "R303"),
    # ---------------------------------------------------------------- ids and relations
    "dangling reference": seed(TASK, "forms:\n  - form-consultation\n", "forms:\n  - ▮form-consultatin\n", "R301"),
    "dangling mention": seed(TASK, *in_block("まず▮[[task-handovr]]による。"), "R301"),
    "dangling link": seed(TASK, *in_block("[引継ぎ]▮(#task-handovr)による。"), "R301"),
    "wrong kind": seed(TASK, "  - renkei-u\n", "  - ▮scene-daily\n", "R305"),
    "id twice": seed(
        TERMS,
        "- id: term-core-center\n",
        "- id: ▮term-center\n  title: 拠点\n  reading: きょてん\n  definition: |\n    [[term-center]]のこと。\n"
        "  source:\n    - ref: ref-report\n      at: 第3章1\n  basis: stated\n- id: term-core-center\n",
        "R302",
    ),
    "id of another file": seed("guideline/tasks/task-acp.yml", "id: task-acp\n", "id: ▮task-acpp\n", "R303"),
    "stray file": seed("guideline/task/task-new.yml", "", "▮id: task-new\n", "R304"),
    "no such place": seed(TASK, *in_block("[指針の意義]▮(#ch-about--nowhere)による。"), "R306"),
    "kind in the settings": seed(SETTINGS, "    - scene\n", "    - ▮scenes\n", "R307"),
    "retired id": seed(
        "guideline/retired.yml",
        "- id: ch-med-share\n",
        '- id: task-acp\n  title: 旧い研修\n  since: "2026-04-01"\n  reason: ほかの業務に統合\n- id: ch-med-share\n',
        "R309",
        at=("guideline/tasks/task-acp.yml", "id: ▮task-acp\n"),
    ),
    "id of the past that nothing explains": seed(
        "guideline/retired.yml",
        "  title: 医師会との情報共有\n  since: \"2026-11-22\"\n  reason: 令和2年2月の構成案に合わせて章を組み替えた\n"
        "  replaced_by:\n    - ch-center\n",
        "  title: 医師会との情報共有\n  since: \"2026-11-22\"\n  reason: 令和2年2月の構成案に合わせて章を組み替えた\n"
        "  replaced_by:\n    - ▮ch-centre\n",
        "R314",
    ),
    "circle": seed("guideline/goals/goal-qol.yml", "basis: derived\n", "basis: derived\npart_of: ▮goal-qol\n", "R311"),
    "key twice in a list": seed("guideline/chapters/ch-about.yml", "  - key: significance\n    title: 指針を持つ意義\n", "  - key: ▮background\n    title: 指針を持つ意義\n", "R315"),
    "names that fall together": seed(
        "guideline/templates/parts/Goals.md.j2",
        "",
        "{# 目標 #}\n",
        "R313",  # told at the second of the two, in the order of their bytes
        "T509",  # nothing uses the new one
        at=("guideline/templates/parts/goals.md.j2", "▮{% for goal in items(\"goal\") %}\n"),
    ),
    # ---------------------------------------------------------------- rules of the guideline
    "two leads": seed(TASK, "    part: assign\n", "    part: lead\n", "task-one-lead", at=(TASK, "▮responsibilities:\n")),
    "task of another programme": seed(TASK, "program: gma-a\n", "program: ▮renkei-u\n", "task-program-of-center"),
    "wrong rule": seed("guideline/rules.yml", 'holds: used_by("task", "scenes")', 'holds: used_by("task", "▮scense")', "R403"),
    # ---------------------------------------------------------------- text
    "html in a table cell": seed(
        TASK, *after_block("| 窓口 | 時間 |\n|---|---|\n| 電話 | 平日▮<br>9時から |"), "M402"
    ),
    "too many cells": seed(TASK, *after_block("| 窓口 | 時間 |\n|---|---|\n▮| 電話 | 9時 | 17時 |"), "M412"),
    "unclosed bold": seed(TASK, STEP, "  - 退院前の▮**話合いの日程を整え、", "M407"),
    "unknown link scheme": seed(TASK, *in_block("[一覧](▮file:///C:/list.xlsx)を見る。"), "M403"),
    "heading": seed(TASK, *after_block("▮## 急ぐとき"), "M404"),
    "undefined footnote": seed(TASK, *in_block("療養先▮[^9]、"), "M408"),
    "footnote nobody calls": seed(TASK, *after_block("▮[^9]: 呼ばれない注である。"), "M408"),
    "note in a note": seed(TASK, *after_block("注を付ける[^8]。\n\n[^8]: 注である▮[^9]。\n[^9]: 注の注である。"), "M411"),
    "picture": seed(TASK, *in_block("▮![図](a.png)"), "M406"),
    "code block": seed(TASK, *after_block("▮```\n本文\n```"), "M405"),
    "line break in one line": seed(TASK, "timing: 依頼の都度、", "timing: |\n  依頼の\n  ▮都度、", "M401"),
    # ---------------------------------------------------------------- wording
    "avoided word": seed(TASK, *in_block("▮在宅医療センターによる。"), "K10"),
    "wrong weekday": seed(TASK, *in_block("▮令和8年11月22日（月）による。"), "K09"),
    "sum": seed(TASK, *in_block("計▮7か所（病院2か所、診療所4か所）である。"), "K12"),
    # ---------------------------------------------------------------- templates and schemas
    "template syntax": seed(TEMPLATE, "{% if item.indicators %}\n", "▮{% if item.indicators }\n", "T501"),
    "unclosed if in a template": seed(
        TEMPLATE,
        "{% if item.cases %}\n",
        "{% if item.cases %}\n{% if item.cases %}\n",
        "T501",  # Jinja misses the end of it in the last line
        at=(TEMPLATE, "▮{{ source(item, notes=True) }}\n"),
    ),
    "item placed nowhere": seed(
        "guideline/templates/parts/scenes.md.j2",
        '{% for scene in items("scene") %}\n',
        '{% for scene in items("scene") if scene.id != "scene-daily" %}\n',
        "T507",
        at=("guideline/scenes/scene-daily.yml", "id: ▮scene-daily\n"),
    ),
    "unknown field in a template": seed(TEMPLATE, "{{ item.summary }}\n", "▮{{ item.summry }}\n", "T501"),
    "no such template": seed("guideline/chapters/ch-references.yml", "      - references\n", "      - references\n      - ▮refrences\n", "T502"),
    "heading key twice": seed(TEMPLATE, '{{ heading("steps", "進め方") }}\n', '▮{{ heading("purpose", "進め方") }}\n', "T505"),
    "no table after its head": seed(TEMPLATE, "{{ numbered(item.steps) }}\n", "▮{{ table() }}\n\n{{ numbered(item.steps) }}\n", "T504"),
    "schema syntax": seed(SCHEMA, '  "title": "業務",\n  "description"', '  "title": "業務"\n  ▮"description"', "C201"),
    "unknown annotation": seed(SCHEMA, '  "x-sort": "order",\n', '  ▮"x-sorted": "order",\n', "C202"),
    "schema that names no kind": seed(SCHEMA, '      "description": "この業務が属する項目。",\n      "minLength": 1,\n      "x-ref": [\n        "program"', '      "description": "この業務が属する項目。",\n      "minLength": 1,\n      "x-ref": [\n        ▮"programme"', "C204"),
}  # fmt: skip


@cache
def real() -> dict[str, bytes]:
    """The files of the real guideline, read once."""
    return shipped_sources()


@cache
def alarms() -> frozenset[tuple[str, str, str]]:
    """What the clean guideline gives: nothing. (A false alarm fails its own test, not all the others.)"""
    return frozenset((one.code, one.position.file, one.path) for one in check(DictTree(real())))


def spoiled(one: Seed) -> dict[str, bytes]:
    """The files with this fault in them."""
    files = dict(real())
    text = files[one.file].decode("utf-8") if one.old else ""
    assert text.count(one.old) == 1, f"{one.old!r} stands {text.count(one.old)} times in {one.file}"
    assert one.old or one.file not in files
    files[one.file] = text.replace(one.old, one.new.replace(MARK, ""), 1).encode()
    return files


@cache
def sown(one: Seed) -> tuple[Problem, ...]:
    """What the guideline with this fault gives. Notes don't count: one tells which rules were left out meanwhile."""
    return tuple(
        problem
        for problem in check(DictTree(spoiled(one)))
        if problem.severity != "note" and (problem.code, problem.position.file, problem.path) not in alarms()
    )


def place(one: Seed) -> Position:
    """Where the fault must be told: the place of the mark, in the files as the edit leaves them."""
    file, marked = one.at if one.at[0] else (one.file, one.new)
    assert marked.count(MARK) == 1
    text = spoiled(one)[file].decode("utf-8")
    assert text.count(marked.replace(MARK, "")) == 1
    index = text.index(marked.replace(MARK, "")) + marked.index(MARK)
    return Position(file=file, line=text.count("\n", 0, index) + 1, column=index - text.rfind("\n", 0, index))


def test_the_clean_guideline_gives_nothing() -> None:
    found = [one for one in check(FolderTree(ROOT)) if one.severity != "note"]
    assert [(one.code, one.position, one.message.ja) for one in found] == []


def test_there_are_enough_of_all_sorts() -> None:
    assert len(SEEDS) >= 30
    assert {one.code[0] for one in SEEDS.values()} >= set("YSRMKTC")


def test_the_place_is_computed_from_the_edit() -> None:
    one = SEEDS["dangling mention"]
    row = next(n for n, line in enumerate(real()[TASK].decode().split("\n"), 1) if line + "\n" == BLOCK)
    assert place(one) == Position(file=TASK, line=row, column=5)


@pytest.mark.parametrize("name", SEEDS)
def test_the_fault_is_found_at_its_place_and_alone(name: str) -> None:
    one = SEEDS[name]
    found = sown(one)
    assert (one.code, place(one)) in [(problem.code, problem.position) for problem in found]
    own = [problem for problem in found if problem.code not in one.followers]
    assert [(problem.code, problem.position, problem.message.ja) for problem in own if problem.code != one.code] == []
    assert len(own) == 1, own
    assert {problem.code for problem in found} - {one.code} == one.followers


@pytest.mark.parametrize("name", SEEDS)
def test_the_message_is_for_people(name: str) -> None:
    """Both languages, one line each, no English reason in the Japanese one, and a hint where there is one way out."""
    for problem in sown(SEEDS[name]):
        for words in (problem.message, *([problem.hint] if problem.hint else [])):
            assert words.ja
            assert words.en
            assert "\n" not in words.ja + words.en
        assert any(unicodedata.name(char, "").startswith(("HIRAGANA", "KATAKANA")) for char in problem.message.ja)
        assert not any(
            reason in problem.message.ja for reason in ("not allowed", "expected", "unexpected", "undefined")
        )
