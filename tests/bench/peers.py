"""The other programs: their installation, and their inputs made of the same items and the same document."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from bench.measure import Broken
from bench.synthetic import (
    BODIES,
    PARTS,
    PER_CHAPTER,
    PROJECT,
    TERMS,
    chapter_id,
    measure,
    measure_id,
    measure_schema,
)
from shishin.document import (
    Anchor,
    Block,
    BulletList,
    Document,
    Inline,
    Note,
    OrderedList,
    Paragraph,
    Reference,
    Section,
    Small,
    Strong,
    Table,
    Text,
)

REQUIREMENTS = Path(__file__).parent / "requirements.txt"
TYPST = PROJECT / "generators/shishin/renderers/typst"
FONTS = PROJECT / "generators/shishin/fonts"


def install(folder: Path) -> None:
    """Install the pinned peers into a virtual environment of their own; nothing where that was done before."""
    stamp = folder / "installed"
    wanted = REQUIREMENTS.read_text("utf-8")
    if not stamp.exists() or stamp.read_text("utf-8") != wanted:
        pip = [
            str(folder / "bin/python"),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-deps",
        ]
        # --compile: a program that compiles itself at each start would be measured wrong.
        for command in (
            [sys.executable, "-m", "venv", "--clear", str(folder)],
            [*pip, "--compile", "-r", str(REQUIREMENTS)],
        ):
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                raise Broken(f"the peers can't be installed: {done.stderr.strip()[-300:]}")
        stamp.write_text(wanted, "utf-8")
    compile_all(folder / "lib")


def compile_all(folder: Path) -> None:
    """Compile the modules below `folder` that aren't compiled yet."""
    # Packages ship modules for other versions of Python that can't be compiled: not our matter.
    subprocess.run([sys.executable, "-m", "compileall", "-qq", "-j", "0", str(folder)], check=False)


# ---------------------------------------------------------------- check-jsonschema


def json_schema() -> str:
    """Return the schema of a measure in one file, for programs that don't know ours."""
    common = json.loads((PROJECT / "generators/shishin/schemas/common.schema.json").read_text("utf-8"))
    schema = measure_schema()
    del schema["$id"]
    text = json.dumps({**schema, "$defs": common["$defs"]}, ensure_ascii=False)
    return text.replace("common.schema.json#", "#")


# ---------------------------------------------------------------- StrictDoc


STRICTDOC = """\
from strictdoc.core.project_config import ProjectConfig


def create_config():
    return ProjectConfig(project_title="町の防災対策指針", project_features=["SEARCH"])
"""


def strictdoc_files(items: int) -> Iterator[tuple[str, str]]:
    """Yield the items as StrictDoc's documents: one per chapter, each item a node with the same fields and links."""
    # Only what our site has too: the documents and a search. By default it makes three more views of each.
    yield "strictdoc_config.py", STRICTDOC
    bodies = (_node(uid=id_, title=title, statement=work) for id_, title, work in BODIES)
    yield "bodies.sdoc", _document("bodies", "関わる主体", bodies)
    terms = (_node(uid=id_, title=title, statement=text) for id_, title, _, text in TERMS)
    yield "terms.sdoc", _document("terms", "用語", terms)
    for chapter in range(-(-items // PER_CHAPTER)):
        yield f"{chapter_id(chapter)}.sdoc", strictdoc_chapter(chapter, items)


def strictdoc_chapter(chapter: int, items: int, edited: dict[int, int] | None = None) -> str:
    """Return one chapter's document; `edited` tells how often an item was edited."""
    numbers = range(chapter * PER_CHAPTER, min(items, (chapter + 1) * PER_CHAPTER))
    nodes = (_strictdoc_measure(number, items, (edited or {}).get(number, 0)) for number in numbers)
    return _document(chapter_id(chapter), f"備え　その{chapter + 1}", nodes)


_FIELDS = ("UID", "LEVEL", "TIMING", "TITLE", "STATEMENT")


def _document(uid: str, title: str, nodes: Iterator[str]) -> str:
    fields = "".join(
        f"  - TITLE: {name}\n    TYPE: String\n    REQUIRED: {name in ('UID', 'TITLE', 'STATEMENT')}\n"
        for name in _FIELDS
    )
    grammar = f"[GRAMMAR]\nELEMENTS:\n- TAG: REQUIREMENT\n  FIELDS:\n{fields}  RELATIONS:\n  - TYPE: Parent\n"
    return f"[DOCUMENT]\nTITLE: {title}\nUID: doc-{uid}\n\n{grammar}\n" + "\n".join(nodes)


def _node(**fields: str) -> str:
    lines = ["[REQUIREMENT]"]
    for name, value in fields.items():
        key = name.upper()
        lines.append(
            f"{key}: >>>\n{value.strip()}\n<<<" if "\n" in value.strip() or "[" in value else f"{key}: {value.strip()}"
        )
    return "\n".join(lines) + "\n"


def _strictdoc_measure(number: int, items: int, edited: int) -> str:
    data = yaml.load(measure(number, items, edited=edited), yaml.CSafeLoader)
    parts = dict(PARTS)
    related = [f"- TYPE: Parent\n  VALUE: {other}" for other in data.get("related", ()) if other < measure_id(number)]
    # One text, not a field for each part: StrictDoc runs docutils once per field, which made it four times slower.
    text = (
        _rst(data["summary"]),
        _rst(data["purpose"]),
        "\n".join(f"{place}. {_rst(step).strip()}" for place, step in enumerate(data["steps"], 1)),
        "\n".join(f"- {_link(one['body'])} {parts[one['part']]}：{one['what']}" for one in data["duties"]),
        "\n".join(f"- {one}" for one in data["outputs"]),
        "\n".join(f"- {one}" for one in data["cautions"]),
        _rst(data["comment"]),
        f"関連する用語： {' '.join(map(_link, data['terms']))}",
        f"出典：町の防災計画 {data['source'][0]['at']}",
    )
    node = _node(
        uid=data["id"],
        level={"basic": "基本", "advanced": "発展"}[data["level"]],
        timing=data["timing"],
        title=data["title"],
        statement="\n\n".join(part.strip() for part in text),
    )
    # A parent may not stand in a circle: links forward stay out, which is less work for StrictDoc.
    return node + ("RELATIONS:\n" + "\n".join(related) + "\n" if related else "")


def _link(target: str) -> str:
    return f"[LINK: {target}]"


def _rst(text: str) -> str:
    linked = re.sub(r"\[\[([^\]]+)\]\]", r" [LINK: \1] ", text)
    return re.sub(r"\*\*([^*]+)\*\*", r"**\1**\\ ", linked)


# ---------------------------------------------------------------- pandoc: Markdown of the composed document


def markdown(document: Document) -> str:
    """Return a composed synthetic document as pandoc's Markdown: the same headings, text, lists, tables and links."""
    cover = document.cover
    meta = {
        "title": cover.title,
        "subtitle": cover.subtitle,
        "author": cover.publisher,
        "date": cover.as_of,
        "lang": "ja",
    }
    head = "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in meta.items())
    return f"---\n{head}---\n\n" + _blocks(document.sections) + "\n"


def _blocks(blocks: Sequence[Block]) -> str:
    return "\n\n".join(map(_block, blocks))


def _block(block: Block) -> str:
    match block:
        case Section():
            title = f"{block.number}　" if block.number else ""
            return f"{'#' * block.level} {title}{_inlines(block.title)} {{#{block.id}}}\n\n{_blocks(block.blocks)}"
        case Paragraph():
            return _inlines(block.inlines)
        case BulletList():
            return "\n".join(f"- {_entry(entry)}" for entry in block.items)
        case OrderedList():
            return "\n".join(f"{place}. {_entry(entry)}" for place, entry in enumerate(block.items, block.start))
        case Note():
            return "\n".join(f"> {line}".rstrip() for line in _blocks(block.blocks).splitlines())
        case Table():
            return _table(block)
    raise TypeError(f"the synthetic guideline has no {type(block).__name__}")


def _entry(blocks: Sequence[Block]) -> str:
    return _blocks(blocks).replace("\n", "\n    ")


def _table(table: Table) -> str:
    head = table.head or (tuple(),)
    dashes = "|".join("-" * max(3, round(width * 100)) for width in table.widths)
    rows = [_row(row, len(table.widths)) for row in (*head[:1], *table.rows)]
    label = f"{table.number}　" if table.number else ""
    caption = f"\n\n: {label}{_inlines(table.caption)}" if table.caption else ""
    return "\n".join([rows[0], f"|{dashes}|", *rows[1:]]) + caption


def _row(row: Sequence[Any], columns: int) -> str:
    cells = ["　".join(_block(block) for block in cell.blocks) for cell in row] or [""] * columns
    return f"| {' | '.join(cells)} |"


def _inlines(inlines: Sequence[Inline]) -> str:
    return "".join(map(_inline, inlines))


def _inline(inline: Inline) -> str:
    match inline:
        case Text():
            return re.sub(r"([\\`*_{}\[\]<>#|$~^])", r"\\\1", inline.text)
        case Strong():
            return f"**{_inlines(inline.inlines)}**"
        case Small():
            return f"[{_inlines(inline.inlines)}]{{.small}}"
        case Reference():
            return f"[{_inlines(inline.inlines)}](#{inline.target})"
        case Anchor():
            return f"[{_inlines(inline.inlines)}]{{#{inline.id}}}"
    raise TypeError(f"the synthetic guideline has no {type(inline).__name__}")


# ---------------------------------------------------------------- the looks of the peers' papers

TYPST_LOOK = """\
#import "look.typ": *
#set page(paper: "a4", margin: (top: 25mm, bottom: 25mm, left: 30mm, right: 25mm), numbering: "1",
  header: context align(right, text(font: gothic, size: 8pt, [町の防災対策指針])))
#show: paper.with("ja")
#show heading: it => block(above: headings.at(calc.min(it.level, 5) - 1).above, below: headings.at(calc.min(it.level, 5) - 1).below,
  sticky: true, text(font: gothic, size: headings.at(calc.min(it.level, 5) - 1).size, it.body))
#show heading.where(level: 1): it => pagebreak(weak: true) + it
#set table(stroke: hairline, inset: 5pt)
#show table: set text(size: cell-size)
#show table: set par(leading: cell-leading, spacing: cell-leading, first-line-indent: 0em)
#show figure: set block(breakable: true)
#show link: set text(fill: link-colour)
"""
"""Put into pandoc's own Typst template: our faces, sizes, distances, paper and running head (look.typ)."""


def html_look() -> str:
    """Return the style sheet for WeasyPrint: the same faces, sizes and paper."""
    faces = "".join(
        f'@font-face {{ font-family: "{name}"; src: url("{(FONTS / file).as_uri()}"); font-weight: {weight}; }}\n'
        for name, file, weight in (
            ("Mincho", "BIZUDMincho-Regular.ttf", "normal"),
            ("Gothic", "BIZUDGothic-Regular.ttf", "normal"),
            ("Gothic", "BIZUDGothic-Bold.ttf", "bold"),
        )
    )
    return f"""<style>
{faces}@page {{ size: A4; margin: 25mm 25mm 25mm 30mm; @bottom-center {{ content: counter(page); }}
  @top-right {{ content: "町の防災対策指針"; font: 8pt Gothic; }} }}
body {{ font: 10.5pt/1.65 Mincho; text-align: justify; max-width: none; margin: 0; padding: 0; }}
h1, h2, h3, h4, strong, th {{ font-family: Gothic; font-weight: bold; break-after: avoid; }}
h1 {{ font-size: 16pt; break-before: page; }} h2 {{ font-size: 13pt; }} h3 {{ font-size: 11.5pt; }}
table {{ border-collapse: collapse; width: 100%; font-size: 9.5pt; }} td, th {{ border: 0.4pt solid #737373; padding: 4pt; }}
#TOC a::after {{ content: leader(".") target-counter(attr(href), page); }}
</style>
"""
