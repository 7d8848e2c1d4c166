"""The site's pages for editors: complete, linked to each other, and nothing in a schema is markup.

How they look in a browser is tested with the site of tests/school.
"""

from __future__ import annotations

import re

import pytest

from conftest import ROOT
from shishin.describe import Description, describe
from shishin.renderers.site_editors import EditorPage, editor_pages
from shishin.schema import load_schemas
from shishin.tree import DictTree, FolderTree


@pytest.fixture(scope="module")
def described() -> Description:
    schemas, problems = load_schemas(FolderTree(ROOT))
    assert problems == ()
    assert schemas is not None
    return describe(schemas)


@pytest.fixture(scope="module")
def pages(described: Description) -> dict[str, EditorPage]:
    return {page.path: page for page in editor_pages(described)}


def test_every_kind_has_its_page(pages: dict[str, EditorPage], described: Description) -> None:
    assert set(pages) == {"editors/all-kinds.md", *(f"editors/{kind.name}.md" for kind in described.kinds)}


def test_pages_link_to_each_other(pages: dict[str, EditorPage]) -> None:
    assert "(scene.md)" in pages["editors/task.md"].text
    assert "(task.md)" in pages["editors/role.md"].text
    for path, page in pages.items():
        for target in re.findall(r"\]\(([^)#]+)\)", page.text):
            assert f"editors/{target}" in pages, (path, target)


def test_a_field_named_like_a_kind_is_no_link(pages: dict[str, EditorPage]) -> None:
    assert re.search(r"<(td|th)[^>]*><code>goal</code></", pages["editors/scene.md"].text)


def test_what_a_schema_says_is_no_markup() -> None:
    schema = (
        '{"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "odd.schema.json", "title": "<b>*奇*</b>",'
        ' "description": "[x](y) & <script>", "type": "object", "x-kind": {"name": "odd", "use": "item", "file": "odd.yml"},'
        ' "properties": {"id": {"$ref": "common.schema.json#/$defs/id"}, "title": {"type": "string", "title": "題|名 & <i>"},'
        ' "order": {"$ref": "common.schema.json#/$defs/order"}}, "required": ["id", "title"], "additionalProperties": false}'
    )
    schemas, problems = load_schemas(DictTree({"schemas/odd.schema.json": schema.encode()}))
    assert problems == ()
    assert schemas is not None
    made = {page.path: page.text for page in editor_pages(describe(schemas))}
    for text in (made["editors/odd.md"], made["editors/all-kinds.md"]):
        assert "<script" not in text
        assert "<b>" not in text
        assert "<i>" not in text
        assert "[x](y)" not in text
    assert "題|名 &amp; &lt;i&gt;の例" in made["editors/odd.md"]
