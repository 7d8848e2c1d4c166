"""Templates hold layout words only, and every one of them is used.

What the committee says stands in items, where a change to it is seen: a template with sentences of its own could change
the text of a guideline without any item changing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from jinja2 import Environment, TemplateSyntaxError, nodes

from shishin.guideline import Guideline
from shishin.problem import Position, Problem, Words
from shishin.templates import TEMPLATES
from shishin.values import leaves

SENTENCE = 18
"""A sentence of so many characters is no layout word any more."""
_LONG = re.compile(rf"""[^。\s{{}}"'|]{{{SENTENCE},}}。""")
_PART = re.compile(r"parts/([a-z0-9-]+)\.md\.j2")


def check_templates(guideline: Guideline) -> Iterator[Problem]:
    """Yield a warning for every template of the guideline that nothing uses, and for committee text inside one."""
    parsed = dict(_parsed(guideline))
    asked = {str(value) for template in parsed.values() for value in _texts(template)} | _shown(guideline)
    for name in sorted(guideline.templates):
        if not _used(name, guideline, asked):
            yield _problem(
                "T509",
                name,
                (1, 1),
                Words(ja=f"ひな形 {name} は、どこでも使われていません。", en=f"Nothing uses the template {name}."),
                Words(
                    ja="名前を確かめるか、章の show に書くか、消してください。",
                    en="Check its name, show it in a chapter, or remove it.",
                ),
            )
        for line, column, said in _sentences(guideline.templates[name], parsed.get(name)):
            yield _problem(
                "T511",
                name,
                (line, column),
                Words(ja=f"ひな形に本文があります（{said}）。", en=f"The template holds text of the guideline: {said}"),
                Words(
                    ja="項目の欄に移してください。ひな形に書くのは、見出しや欄の名前だけです。",
                    en="Move it into a field of an item: a template holds words of layout only.",
                ),
            )


def _parsed(guideline: Guideline) -> Iterator[tuple[str, nodes.Template]]:
    environment = Environment(autoescape=True)
    for name, text in guideline.templates.items():
        try:
            yield name, environment.parse(text)
        except TemplateSyntaxError:
            continue  # composing tells it, with its line


def _texts(template: nodes.Template) -> Iterator[str]:
    return (node.value for node in template.find_all(nodes.Const) if isinstance(node.value, str))


def _shown(guideline: Guideline) -> set[str]:
    """Return the names of parts that chapters show."""
    return {
        str(value)
        for item in guideline.of("chapter")
        for path, _, value in leaves(item.data, item.kind.shape)
        if "show" in path
    }


def _used(name: str, guideline: Guideline, asked: set[str]) -> bool:
    if any(name in (f"items/{kind}.md.j2", f"names/{kind}.j2") for kind in guideline.schemas.kinds):
        return True
    found = _PART.fullmatch(name)
    return name in asked or (found is not None and found[1] in asked)


def _sentences(text: str, template: nodes.Template | None) -> Iterator[tuple[int, int, str]]:
    """Yield line, column and words of every long sentence outside comments."""
    if template is None or not _LONG.search(text):
        return
    plain = (node.data for node in template.find_all(nodes.TemplateData))
    said = "\n".join((*plain, *_texts(template)))
    for number, row in enumerate(text.split("\n"), 1):
        for found in _LONG.finditer(row):
            if found[0] in said:
                yield number, found.start() + 1, found[0]


def _problem(code: str, name: str, place: tuple[int, int], message: Words, hint: Words) -> Problem:
    position = Position(file=f"{TEMPLATES}/{name}", line=place[0], column=place[1])
    return Problem(code=code, severity="warning", position=position, path="", message=message, hint=hint)
