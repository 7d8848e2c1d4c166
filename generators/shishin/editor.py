"""Help for editors of YAML: one self-contained JSON Schema per kind, and settings that say which files it is for.

Made from the shapes, so a new kind or field is known to the editor as soon as `shishin format` has run. Only what
every editor understands goes in: no reference, no annotation of ours; labels and the kinds a field refers to become
words that the editor shows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from shishin.guideline import ROOT, SETTINGS
from shishin.problem import Failure, Words
from shishin.schema import Kind, Schemas, Shape
from shishin.tree import Tree

FOLDER = "schemas/editor"
VSCODE = ".vscode/settings.json"
_MODELINE = "# yaml-language-server:"


def editor_files(schemas: Schemas, settings: str = "") -> dict[str, str]:
    """Return every file that helps editors, by path; `settings` is the text of the settings there are already."""
    kinds = [schemas.guideline, *schemas.kinds.values()]
    found = {_path(kind): _json(_schema(kind, schemas)) for kind in kinds}
    return {**found, VSCODE: _json(_settings(settings, {_path(kind): _files(kind) for kind in kinds}))}


def outdated(tree: Tree, schemas: Schemas) -> dict[str, str]:
    """Return the files for editors that are missing or not as they should be, with their text."""
    there = {path: tree.read(path).decode("utf-8", "replace") for path in (*tree.files(FOLDER), *tree.files(".vscode"))}
    wanted = editor_files(schemas, there.get(VSCODE, ""))
    return {path: text for path, text in wanted.items() if text != there.get(path)}


def with_modeline(text: str, path: str, kind: Kind) -> str:
    """Return a file's text with a first line that names its schema: for editors that read no settings of ours."""
    line = f"{_MODELINE} $schema={'../' * path.count('/')}{_path(kind)}\n"
    first, end, rest = text.partition("\n")
    return line + (rest if first.startswith(_MODELINE) and end else text)


def _path(kind: Kind) -> str:
    return f"{FOLDER}/{kind.name}.json"


def _files(kind: Kind) -> str:
    """Return the pattern of the paths where a kind's items stand."""
    if not kind.use:
        return SETTINGS
    if kind.folder and kind.file:
        return f"{ROOT}/{kind.folder}/*/{kind.file}"
    return f"{ROOT}/{kind.folder}/*.yml" if kind.folder else f"{ROOT}/{kind.file}"


def _schema(kind: Kind, schemas: Schemas) -> dict[str, Any]:
    item = _node(kind.shape, schemas)
    if kind.folder or not kind.use:
        return {"$schema": "http://json-schema.org/draft-07/schema#", **item}
    title = {"title": kind.shape.title, "description": f"{kind.shape.title}の一覧。「- id: …」で一件ずつ始める。"}
    return {"$schema": "http://json-schema.org/draft-07/schema#", **title, "type": "array", "items": item}


def _node(shape: Shape, schemas: Schemas) -> dict[str, Any]:
    node: dict[str, Any] = {"title": shape.title} if shape.title else {}
    if words := _words(shape, schemas):
        node["description"] = words
    node["type"] = shape.type
    if shape.properties:
        node["properties"] = {name: _node(inner, schemas) for name, inner in shape.properties.items()}
        node["additionalProperties"] = False
    if shape.required:
        node["required"] = list(shape.required)
    if shape.items:
        node["items"] = _node(shape.items, schemas)
    if shape.enum:
        node["enum"] = list(shape.enum)
        if shape.labels:
            node["enumDescriptions"] = [shape.labels.get(code, code) for code in shape.enum]
    if shape.date:
        node["format"] = "date"
    return {**node, **shape.limits}


def _words(shape: Shape, schemas: Schemas) -> str:
    """Return the help for a field: its description, what its ids belong to, how its text is written."""
    found = [shape.description] if shape.description else []
    leaf = shape.items or shape
    if kinds := [schemas.kinds[name].shape.title for name in leaf.ref if name in schemas.kinds]:
        found.append("・".join(kinds) + "の ID。")
    elif leaf.ref:
        found.append("どれかの項目の ID。")
    if leaf.text == "markdown":
        found.append("Markdown（段落・箇条書き・表）。項目への言及は [[ID]]。")
    elif leaf.text == "inline":
        found.append("1行の文。項目への言及は [[ID]]。")
    if leaf.date:
        found.append("YYYY-MM-DD。")
    return "\n\n".join(found)


def _settings(text: str, patterns: Mapping[str, str]) -> dict[str, Any]:
    """Return an editor's settings with ours in them; what else stands there stays."""
    try:
        settings = json.loads(text or "{}")
    except ValueError:
        settings = None
    own = settings.get("yaml.schemas", {}) if isinstance(settings, dict) else None
    if not isinstance(own, dict):
        raise Failure(
            Words(ja=f"{VSCODE} は JSON として読めません。", en=f"{VSCODE} is not readable as JSON."),
            Words(
                ja="コメントや余分な「,」を消すか、ファイルごと消してください。",
                en="Remove comments and stray commas, or the file.",
            ),
        )
    others = {path: files for path, files in own.items() if not path.startswith(FOLDER + "/")}
    return {
        **settings,
        "yaml.schemas": {**others, **patterns},
        "yaml.schemaStore.enable": False,  # no schema from elsewhere that a file's name happens to fit
        "yaml.yamlVersion": "1.2",
        "yaml.format.enable": False,  # `shishin format` has rules of its own
        "[yaml]": {**settings.get("[yaml]", {}), "editor.insertSpaces": True, "editor.tabSize": 2},
    }


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
