"""A complete synthetic guideline of any size: the same bytes for the same number of items.

Its field is made up (a town's measures against disasters); its shapes are those of a real one: two kinds of its own,
references, terms, chapters that place a hundred items each. An item holds about 900 characters of Japanese text.

    python -m bench.synthetic FOLDER ITEMS
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zlib import crc32

PROJECT = Path(__file__).parents[2]
PER_CHAPTER = 100
PAGE_PER_ITEM = 1000
"""Up to this many items the website has a page for each; beyond it, one for each chapter."""

PLACES = (
    "集会所",
    "小学校",
    "公民館",
    "運動公園",
    "中央広場",
    "駅前の地区",
    "川沿いの地区",
    "山あいの地区",
    "港の倉庫",
)
THINGS = ("飲み水", "毛布", "発電機", "連絡網", "避難の道筋", "救急用品", "案内板", "簡易トイレ", "備蓄倉庫の鍵", "無線機", "担架")  # fmt: skip
TIMES = (
    "年度の初め",
    "梅雨に入る前",
    "台風の時期の前",
    "防災訓練の前日",
    "月の最後の週",
    "冬を迎える前",
    "人事異動の後",
)
ACTS = ("点検する", "数え直す", "新しいものに替える", "写真に撮って残す", "置き場所ごと見直す")
KEEPERS = ("町の防災担当", "自治会の役員", "学校の管理職", "消防団の分団長", "地区の世話役")
WHYS = (
    "必要になってから探すのでは間に合わない",
    "人が替わると置き場所が分からなくなる",
    "地区によって必要な数が大きく違う",
    "夜や雨の日には同じように動けない",
    "一人だけが知っている状態は危うい",
    "使わない物ほど傷みに気付きにくい",
    "数が合わないまま訓練を迎えることがある",
)
BODIES = (
    ("body-town", "町", "計画を立て、費用を用意し、地区の間を調整する。"),
    ("body-school", "学校", "建物と校庭を避難の場として整え、児童の安全を守る。"),
    ("body-district", "自治会", "地区の人に知らせ、集まった声を町へ届ける。"),
    ("body-fire", "消防団", "道具を点検し、訓練で使い方を教える。"),
    ("body-clinic", "診療所", "傷の手当てを引き受け、薬の備えを見直す。"),
    ("body-shop", "商店会", "品物を融通し、配る手順を一緒に決める。"),
)
TERMS = (
    ("term-stock", "備蓄", "びちく", "災害に備えて、食料や道具を前もって蓄えておくことである。"),
    ("term-shelter", "避難所", "ひなんじょ", "家で過ごせない人が、しばらくの間寝泊まりする場所である。"),
    ("term-drill", "訓練", "くんれん", "手順を実際に行い、困る点を見つける集まりである。"),
    ("term-ledger", "台帳", "だいちょう", "物の数と置き場所を一つにまとめた表である。"),
    ("term-watch", "見回り", "みまわり", "決めた道順で地区を歩き、変わった点を記録することである。"),
    ("term-relay", "引継ぎ", "ひきつぎ", "担当が替わるときに、知っていることを書いて渡すことである。"),
)
PARTS = (("lead", "主担当"), ("assign", "担当"), ("cooperate", "協力"), ("report", "報告"))


def write_guideline(folder: Path, items: int, *, pages: bool | None = None) -> None:
    """Write a guideline of `items` measures into the new folder `folder`, with site/ and mkdocs.yml of the project.

    `pages` says whether the website has a page per item (None: up to a thousand of them).
    """
    for path, text in files(items, pages=items <= PAGE_PER_ITEM if pages is None else pages):
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8", newline="\n")
    shutil.copytree(PROJECT / "site", folder / "site")
    shutil.copyfile(PROJECT / "mkdocs.yml", folder / "mkdocs.yml")


def files(items: int, *, pages: bool) -> Iterator[tuple[str, str]]:
    """Yield path and text of each file of the guideline's own content."""
    yield "guideline/guideline.yml", _settings(items, pages)
    yield "guideline/references.yml", REFERENCES
    yield "guideline/terms.yml", "".join(_term(*term) for term in TERMS)
    for order, body in enumerate(BODIES, 1):
        yield f"guideline/bodies/{body[0]}.yml", _body(order, *body)
    yield "guideline/chapters/ch-bodies.yml", _chapter("ch-bodies", 1, "関わる主体", "主体ごとの役目を示す。", "bodies")
    for number in range(-(-items // PER_CHAPTER)):
        title = f"{PLACES[number % len(PLACES)]}の備え　その{number + 1}"
        lead = f"この章には、{PLACES[number % len(PLACES)]}を中心とする対策を集めた。[[body-town]]が毎年見直す。"
        yield (
            f"guideline/chapters/{chapter_id(number)}.yml",
            _chapter(chapter_id(number), number + 2, title, lead, "measures"),
        )
    for name, order, title, lead in (
        ("terms", 900, "用語", "本文で使う用語の意味を示す。"),
        ("references", 901, "資料", "もとにした資料を示す。"),
    ):
        yield f"guideline/chapters/ch-{name}.yml", _chapter(f"ch-{name}", order, title, lead, name)
    for number in range(items):
        yield f"guideline/measures/{measure_id(number)}.yml", measure(number, items)
    yield "guideline/templates/items/measure.md.j2", MEASURE_TEMPLATE
    yield "guideline/templates/items/body.md.j2", BODY_TEMPLATE
    yield "guideline/templates/parts/measures.md.j2", MEASURES_PART
    yield "guideline/templates/parts/bodies.md.j2", BODIES_PART
    yield "schemas/measure.schema.json", _json(measure_schema())
    yield "schemas/body.schema.json", _json(body_schema())


def measure_id(number: int) -> str:
    """Return the id of the measure with this number, from 0."""
    return f"measure-{number + 1:05}"


def chapter_id(number: int) -> str:
    """Return the id of the chapter that holds the measures from 100 × `number`."""
    return f"ch-group-{number + 1:03}"


def measure(number: int, items: int, *, edited: int = 0) -> str:
    """Return the file of one measure of a guideline of `items`; `edited` tells how often its summary was changed."""
    place, thing = _pick(PLACES, number, 0), _pick(THINGS, number, 1)
    related = sorted({measure_id((number + step) % items) for step in (1, 7)} - {measure_id(number)})
    term, other = TERMS[number % len(TERMS)], TERMS[(number + 1) % len(TERMS)]
    duties = [(BODIES[(number + place_) % len(BODIES)], PARTS[place_]) for place_ in range(3)]
    lines = [
        f"id: {measure_id(number)}",
        f"title: {place}の{thing}を保つ（{number + 1}）",
        f"order: {(number + 1) * 10}",
        f"chapter: {chapter_id(number // PER_CHAPTER)}",
        f"level: {'advanced' if number % 3 == 2 else 'basic'}",
        *(["related:", *(f"  - {other_id}" for other_id in related)] if related else []),
        f"summary: {_sentence(number, 0)}{f'この文は{edited}回目に加えた。' if edited else ''}",
        "purpose: |",
        f"  {_reason(number, 0)}",
        f"  {_sentence(number, 1)}",
        f"  {_reason(number, 1)}",
        "",
        f"  **{place}**では、[[{term[0]}]]の考え方に沿って進める。{_sentence(number, 2)}",
        f"  迷うときは[[{related[0] if related else term[0]}]]も見る。",
        f"timing: {_pick(TIMES, number, 2)}に行い、{_pick(TIMES, number, 3)}に見直す。",
        "steps:",
        *(f"  - {_sentence(number, step)}" for step in range(3, 7)),
        f'  - "[[{other[0]}]]に結果を書き、{_pick(KEEPERS, number, 4)}に写しを渡して終える。"',
        "duties:",
        *(
            f"  - body: {body[0]}\n    part: {part[0]}\n    what: {_sentence(number, 7 + place_)}"
            for place_, (body, part) in enumerate(duties)
        ),
        "outputs:",
        f"  - {thing}の点検の記録（{_pick(TIMES, number, 5)}の分）",
        f"  - {place}の置き場所の写真",
        "cautions:",
        *(f"  - {_reason(number, step)}" for step in range(2, 5)),
        "comment: |",
        f"  {_sentence(number, 11)}",
        f"  {_reason(number, 5)}",
        "terms:",
        f"  - {term[0]}",
        f"  - {other[0]}",
        "source:",
        "  - ref: ref-plan",
        f"    at: 第{number % 9 + 1}章",
        f'    lines: "{number * 12 + 1}-{number * 12 + 12}"',
        "basis: derived",
    ]
    return "\n".join(lines) + "\n"


def _pick(words: tuple[str, ...], number: int, step: int) -> str:
    # A checksum scatters evenly and is the same in every version of Python, unlike random.
    return words[crc32(f"{number} {step} {words[0]}".encode()) % len(words)]


def _sentence(number: int, step: int) -> str:
    return (
        f"{_pick(PLACES, number, step)}で使う{_pick(THINGS, number, step)}を{_pick(TIMES, number, step)}に"
        f"{_pick(ACTS, number, step)}。結果は{_pick(KEEPERS, number, step)}に伝える。"
    )


def _reason(number: int, step: int) -> str:
    return f"{_pick(WHYS, number, step)}ため、{_pick(THINGS, number, step + 2)}の場所を{_pick(KEEPERS, number, step)}と分かち合う。"


def _settings(items: int, pages: bool) -> str:
    site = "site:\n  pages:\n    - measure\n" if pages else ""
    return f"""\
format: 1
id: synthetic
title: 町の防災対策指針
subtitle: {items}項目
publisher: 防災指針編集会
language: ja
notice: |
  速さを測るために作った架空の指針である。
contact:
  name: 防災指針編集会
  how: 意見は編集会へお知らせください。
numbering: chapter
edition:
  id: working
  label: 第1版（案）
  status: draft
  as_of: "2026-11-22"
{site}"""


REFERENCES = """\
- id: ref-plan
  title: 町の防災計画
  short: 計画
  order: 1
  issued: "2024"
  issuer: 町
  category: plan
  basis: stated
"""


def _term(term: str, title: str, reading: str, definition: str) -> str:
    return (
        f"- id: {term}\n  title: {title}\n  reading: {reading}\n  definition: |\n    {definition}\n"
        "  source:\n    - ref: ref-plan\n      at: 用語\n  basis: stated\n"
    )


def _body(order: int, body: str, title: str, work: str) -> str:
    return (
        f"id: {body}\ntitle: {title}\norder: {order * 10}\nwork: |\n  {work}\n"
        "source:\n  - ref: ref-plan\n    at: 体制\nbasis: stated\n"
    )


def _chapter(chapter: str, order: int, title: str, lead: str, part: str) -> str:
    return (
        f"id: {chapter}\ntitle: {title}\norder: {order * 10}\npart: body\nlead: |\n  {lead}\n"
        f"show:\n  - {part}\nsource:\n  - ref: ref-plan\n    at: 構成\nbasis: derived\n"
    )


MEASURE_TEMPLATE = """\
{# One measure. #}
{{ item.summary }}

{{ table(look="card", widths=[20, 80]) }}

| | |
|---|---|
| 章 | {{ item.chapter }} |
| 区分 | {{ item.level }} |
| 行う時期 | {{ item.timing }} |
| 関わる対策 | {% if item.related %}{{ item.related | join("、") }}{% else %}－{% endif %} |

{{ heading("purpose", "目的") }}
{{ item.purpose }}

{{ heading("steps", "進め方") }}
{{ numbered(item.steps) }}

{{ heading("who", "役割分担") }}
{{ table(id=item.id ~ "--who-table", widths=[26, 12, 62], stub=True) }}

| 主体 | 分担 | すること |
|---|:-:|---|
{% for one in item.duties %}
| {{ one.body }} | {{ one.part }} | {{ one.what }} |
{% endfor %}

{{ heading("outputs", "残すもの") }}
{{ bullets(item.outputs) }}

{{ heading("cautions", "留意点") }}
{{ bullets(item.cautions) }}

{{ item.comment }}

関連する用語：{{ item.terms | join("、") }}

{{ source(item) }}
"""

BODY_TEMPLATE = """\
{# One body. #}
{{ item.work }}

{{ source(item) }}
"""

MEASURES_PART = """\
{# The measures of the chapter that shows this. #}
{% for measure in items("measure", chapter=item) %}
{{ place(measure) }}
{% endfor %}
"""

BODIES_PART = """\
{# All bodies. #}
{% for body in items("body") %}
{{ place(body) }}
{% endfor %}
"""


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _text(title: str, look: str = "inline") -> dict[str, Any]:
    return {"type": "string", "title": title, "minLength": 1, "x-text": look}


def _link(title: str, kind: str) -> dict[str, Any]:
    return {"type": "string", "title": title, "minLength": 1, "x-ref": [kind]}


def _list(title: str, entry: dict[str, Any], align: str) -> dict[str, Any]:
    unique = {"uniqueItems": True} if align == "set" else {}
    return {"type": "array", "title": title, "items": entry, "minItems": 1, "x-align": align, **unique}


def _choice(title: str, labels: dict[str, str]) -> dict[str, Any]:
    return {"type": "string", "title": title, "enum": list(labels), "x-labels": labels}


def _kind(name: str, folder: str, title: str, fields: dict[str, Any], optional: frozenset[str]) -> dict[str, Any]:
    common = {key: {"$ref": f"common.schema.json#/$defs/{key}"} for key in ("id", "order", "source", "basis")}
    ordered = {"id": common["id"] | {"title": "ID"}, "title": _text("名称"), "order": common["order"], **fields}
    ordered |= {"source": common["source"], "basis": common["basis"]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{name}.schema.json",
        "title": title,
        "description": f"{title}の一件。",
        "type": "object",
        "x-kind": {"name": name, "use": "item", "folder": folder},
        "x-title": "title",
        "x-sort": "order",
        "properties": ordered,
        "required": [key for key in ordered if key not in optional],
        "additionalProperties": False,
    }


def body_schema() -> dict[str, Any]:
    """Return the schema of the kind `body`."""
    return _kind("body", "bodies", "主体", {"work": _text("役目", "markdown")}, frozenset())


def measure_schema() -> dict[str, Any]:
    """Return the schema of the kind `measure`."""
    duty = {
        "type": "object",
        "title": "役割分担",
        "properties": {
            "body": _link("主体", "body"),
            "part": _choice("分担", dict(PARTS)),
            "what": _text("すること"),
        },
        "required": ["body", "part", "what"],
        "additionalProperties": False,
    }
    fields = {
        "chapter": _link("章", "chapter"),
        "level": _choice("区分", {"basic": "基本", "advanced": "発展"}),
        "related": _list("関わる対策", _link("関わる対策", "measure"), "set"),
        "summary": _text("ひとことで言うと"),
        "purpose": _text("目的", "markdown"),
        "timing": _text("行う時期"),
        "steps": _list("進め方", _text("手順"), "sequence"),
        "duties": _list("役割分担", duty, "key:body"),
        "outputs": _list("残すもの", _text("残すもの"), "sequence"),
        "cautions": _list("留意点", _text("留意点"), "sequence"),
        "comment": _text("補足", "markdown"),
        "terms": _list("用語", _link("用語", "term"), "set"),
    }
    return _kind("measure", "measures", "対策", fields, frozenset({"related"}))


if __name__ == "__main__":
    write_guideline(Path(sys.argv[1]), int(sys.argv[2]))
