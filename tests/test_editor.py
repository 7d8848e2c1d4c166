"""Editors: the files made for them, and the real language server over its protocol on stdin and stdout."""

from __future__ import annotations

import json
import queue
import shutil
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from conftest import small_tree
from shishin.editor import FOLDER, VSCODE, editor_files, outdated, with_modeline
from shishin.problem import Failure
from shishin.schema import Kind, Schemas, load_schemas
from shishin.source import Sequence, parse
from shishin.tree import DictTree, FolderTree
from shishin.values import convert

ROOT = Path(__file__).parent.parent
PACKAGES = Path(__file__).parent / "editor" / "package.json"


@pytest.fixture(scope="session")
def schemas() -> Schemas:
    found, problems = load_schemas(FolderTree(ROOT))
    assert problems == ()
    assert found is not None
    return found


# The files


def test_the_committed_files_are_made_from_the_schemas(schemas: Schemas) -> None:
    assert outdated(FolderTree(ROOT), schemas) == {}, "run 'shishin format'"


def test_every_file_of_the_guideline_has_exactly_one_schema(schemas: Schemas) -> None:
    patterns = json.loads(editor_files(schemas)[VSCODE])["yaml.schemas"]
    assert len(patterns) == len(schemas.kinds) + 1
    for file in sorted(ROOT.glob("guideline/**/*.yml")):
        local = file.relative_to(ROOT)
        if "templates" not in local.parts:
            assert [one for one in patterns.values() if local.match(one)] != [], local


def test_a_schema_for_editors_stands_alone(schemas: Schemas) -> None:
    for path, text in editor_files(schemas).items():
        assert "$ref" not in text, path
        assert '"x-' not in text, path


def test_a_new_kind_needs_nothing_else() -> None:
    tree = small_tree()
    drill = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "drill.schema.json",
        "title": "訓練",
        "description": "訓練の種類。",
        "type": "object",
        "x-kind": {"name": "drill", "use": "item", "file": "drills.yml"},
        "x-title": "name",
        "x-sort": "name",
        "properties": {"id": {"$ref": "common.schema.json#/$defs/id"}, "name": {"type": "string", "title": "名称"}},
        "required": ["id", "name"],
        "additionalProperties": False,
    }
    more = DictTree({**tree.content, "schemas/drill.schema.json": json.dumps(drill).encode()})
    schemas, problems = load_schemas(more)
    assert problems == ()
    assert schemas is not None
    found = editor_files(schemas)
    made = json.loads(found[f"{FOLDER}/drill.json"])
    assert made["items"]["properties"]["name"] == {"title": "名称", "type": "string"}
    assert made["items"]["properties"]["id"]["maxLength"] == 24
    assert json.loads(found[VSCODE])["yaml.schemas"][f"{FOLDER}/drill.json"] == "guideline/drills.yml"
    assert f"{FOLDER}/drill.json" in outdated(more, schemas)


def test_settings_that_are_there_stay(schemas: Schemas) -> None:
    own = {"editor.fontSize": 16, "[yaml]": {"a": 1}, "yaml.schemas": {"x.json": "x.yml", f"{FOLDER}/gone.json": "g"}}
    text = editor_files(schemas, json.dumps(own))[VSCODE]
    made = json.loads(text)
    assert made["editor.fontSize"] == 16
    assert made["[yaml]"]["a"] == 1
    assert made["yaml.schemas"]["x.json"] == "x.yml"
    assert f"{FOLDER}/gone.json" not in made["yaml.schemas"]
    assert editor_files(schemas, text)[VSCODE] == text
    tree = DictTree({path: data.encode() for path, data in editor_files(schemas, text).items()})
    assert outdated(tree, schemas) == {}
    for broken in ("// mine\n{}", "[]", '{"yaml.schemas": 1}'):
        with pytest.raises(Failure):
            editor_files(schemas, broken)


# The server


@dataclass
class Server:
    """A running language server and its answers."""

    process: subprocess.Popen[bytes]
    settings: dict[str, Any]
    root: Path

    def __post_init__(self) -> None:
        self.inbox: queue.Queue[dict[str, Any]] = queue.Queue()
        self.number = 0
        self.copy = 0
        threading.Thread(target=self.read, daemon=True).start()

    def read(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        while header := stream.readline():
            if header.lower().startswith(b"content-length:"):
                stream.readline()
                self.inbox.put(json.loads(stream.read(int(header.split(b":")[1]))))

    def send(self, **message: Any) -> None:
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        stream = self.process.stdin
        assert stream is not None
        stream.write(b"Content-Length: %d\r\n\r\n%s" % (len(data), data))
        stream.flush()

    def ask(self, method: str, params: Any) -> Any:
        self.number += 1
        self.send(id=self.number, method=method, params=params)
        return self.wait(lambda message: message.get("id") == self.number and "method" not in message).get("result")

    def wait(self, wanted: Any) -> dict[str, Any]:
        while True:
            message = self.inbox.get(timeout=30)
            if wanted(message):
                return message
            if "method" in message and "id" in message:
                self.send(id=message["id"], result=self.answer(message))

    def answer(self, message: dict[str, Any]) -> Any:
        """Answer what the server asks its editor: settings, as the editor reads them from the settings' file."""
        if message["method"] != "workspace/configuration":
            return None
        return [self.section(item["section"]) for item in message["params"]["items"]]

    def section(self, name: str) -> Any:
        if name in self.settings:
            return self.settings[name]
        found: dict[str, Any] = {}
        for key, value in self.settings.items():
            if key.startswith(name + "."):
                inner = found
                *parts, last = key.split(".")[1:]
                for part in parts:
                    inner = inner.setdefault(part, {})
                inner[last] = value
        return found

    def uri(self, path: str) -> str:
        return (self.root / str(self.copy) / path).as_uri()

    def open(self, path: str, text: str) -> str:
        """Open a file with this text, as if just typed, and return its address.

        Each time in a new folder, so that no late word about an earlier text can be taken for this one's.
        """
        self.copy += 1
        document = {"uri": self.uri(path), "languageId": "yaml", "version": 1, "text": text}
        self.send(method="textDocument/didOpen", params={"textDocument": document})
        return self.uri(path)

    def told(self, uris: set[str]) -> dict[str, list[dict[str, Any]]]:
        """Return the diagnostics of open files, as soon as the server has said something about each."""
        found: dict[str, list[dict[str, Any]]] = {}
        while uris - set(found):
            said = self.wait(lambda message: message.get("method") == "textDocument/publishDiagnostics")["params"]
            found[said["uri"]] = said["diagnostics"]
        return {uri: found[uri] for uri in uris}

    def diagnostics(self, path: str, text: str) -> list[dict[str, Any]]:
        uri = self.open(path, text)
        return self.told({uri})[uri]

    def at(self, method: str, path: str, text: str, after: str) -> Any:
        before = text[: text.index(after) + len(after)]
        position = {"line": before.count("\n"), "character": len(before.rpartition("\n")[2])}
        return self.ask(f"textDocument/{method}", {"textDocument": {"uri": self.uri(path)}, "position": position})


@pytest.fixture(scope="session")
def program() -> Path:
    """The language server, installed beside the other things that may be deleted at any time."""
    folder = ROOT / ".cache" / "editor"
    found = folder / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
    if not found.exists() or (folder / "package.json").read_bytes() != PACKAGES.read_bytes():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        shutil.copy(PACKAGES, folder)
        options = ["--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
        done = subprocess.run(["npm", "install", *options], cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    return found


@pytest.fixture(scope="module")
def workspace(schemas: Schemas, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workspace")
    for path, text in editor_files(schemas).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


def started(program: Path, folder: Path, settings: dict[str, Any]) -> Server:
    process = subprocess.Popen(["node", str(program), "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    server = Server(process, settings, folder)
    place = {"uri": folder.as_uri(), "name": "workspace"}
    capabilities = {
        "workspace": {"configuration": True, "workspaceFolders": True},
        "textDocument": {"hover": {"contentFormat": ["markdown"]}, "completion": {}, "publishDiagnostics": {}},
    }
    server.ask(
        "initialize",
        {"processId": None, "rootUri": place["uri"], "workspaceFolders": [place], "capabilities": capabilities},
    )
    server.send(method="initialized", params={})
    return server


def ended(server: Server) -> None:
    server.ask("shutdown", None)
    server.send(method="exit")
    for stream in (server.process.stdin, server.process.stdout):
        assert stream is not None
        stream.close()
    server.process.wait(timeout=10)


@pytest.fixture(scope="module")
def server(program: Path, workspace: Path) -> Iterator[Server]:
    running = started(program, workspace, json.loads((workspace / VSCODE).read_text(encoding="utf-8")))
    while not running.diagnostics(OWN, "nothing: known\n"):
        pass  # until the settings have arrived
    yield running
    ended(running)


OWN = "guideline/guideline.yml"
TASK = "guideline/tasks/task-acp.yml"
TERMS = "guideline/terms.yml"


def text_of(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def test_the_server_finds_nothing_in_the_shipped_guideline(server: Server) -> None:
    files = [file.relative_to(ROOT).as_posix() for file in sorted(ROOT.glob("guideline/**/*.yml"))]
    said = server.told({server.open(path, text_of(path)) for path in files if "/templates/" not in path})
    assert {path: found for path, found in said.items() if found} == {}
    assert len(said) > 100


def test_help_in_japanese_on_a_key(server: Server, schemas: Schemas) -> None:
    for path, kind, key, place in (
        (TASK, "task", "tier", "\ntie"),
        (TERMS, "term", "reading", "\n  reading"),
        (TASK, "task", "scenes", "\nscen"),
    ):
        text = text_of(path)
        server.diagnostics(path, text)
        value = server.at("hover", path, text, place)["contents"]["value"]
        shape = schemas.kinds[kind].shape.properties[key]
        assert shape.title in value
        assert shape.description in value
        assert all(label in value for label in shape.labels.values())


def labels(found: Any) -> dict[str, dict[str, Any]]:
    return {item["label"]: item for item in (found["items"] if isinstance(found, dict) else found)}


def test_completion_of_keys_and_of_choices(server: Server) -> None:
    text = text_of(TASK).replace("\ntiming:", "\nti\ntiming:")
    server.diagnostics(TASK, text)
    found = labels(server.at("completion", TASK, text, "\nti"))
    assert "replaces" in found, "a field that isn't there yet is offered"
    assert "tier" not in found, "a field that is there is not"
    text = text_of(TASK).replace("tier: advanced", "tier: ")
    server.diagnostics(TASK, text)
    found = labels(server.at("completion", TASK, text, "\ntier: "))
    assert {"basic", "advanced"} <= set(found)
    assert found["advanced"]["documentation"] == "発展"
    text = text_of(TERMS).replace("\n  reading:", "\n  \n  reading:", 1)
    server.diagnostics(TERMS, text)
    found = labels(server.at("completion", TERMS, text, "\n  "))
    assert "split_from" in found


# The server and our check agree: what was done to a real file, and why they may differ ("" where they may not).

GOAL = "guideline/goals/goal-qol.yml"
PROGRAM = "guideline/programs/gma-a.yml"
MEETINGS = "guideline/meetings.yml"
MUTATIONS: dict[str, tuple[str, str, str, str]] = {
    "nothing": (TASK, "", "", ""),
    "key_misspelt": (TASK, "\ntiming:", "\ntimimg:", ""),
    "key_unknown_inside": (TASK, "    part: lead", "    part: lead\n    extra: x", ""),
    "key_missing": (TASK, "\ntier: advanced", "", ""),
    "key_missing_inside": (TASK, "  - ref: ref-report\n    at:", "  - at:", ""),
    "key_twice": (TASK, "\ntier: advanced", "\ntier: advanced\ntier: advanced", ""),
    "choice_unknown": (TASK, "tier: advanced", "tier: expert", ""),
    "choice_unknown_in_a_list": (TASK, "part: lead", "part: leader", ""),
    "choice_by_its_label": (TASK, "tier: advanced", "tier: 発展", ""),
    "text_for_a_number": (TASK, "order: 170", "order: 百七十", ""),
    "quoted_number": (TASK, "order: 170", 'order: "170"', ""),
    "negative_number": (TASK, "order: 170", "order: -1", ""),
    "fraction": (TASK, "order: 170", "order: 1.5", ""),
    "number_for_text": (TASK, "title: ACP（人生会議）の研修", "title: 1.10", ""),
    "whole_number_for_text": (TASK, "title: ACP（人生会議）の研修", "title: 2026", ""),
    "exponent_for_text": (TASK, "title: ACP（人生会議）の研修", "title: 1e3", ""),
    "quoted_number_for_text": (TASK, "title: ACP（人生会議）の研修", 'title: "1.10"', ""),
    "yes_for_text": (TASK, "title: ACP（人生会議）の研修", "title: yes", ""),
    "true_for_text": (TASK, "title: ACP（人生会議）の研修", "title: true", ""),
    "null_for_text": (TASK, "title: ACP（人生会議）の研修", "title: null", ""),
    "nothing_for_text": (TASK, "title: ACP（人生会議）の研修", "title:", ""),
    "empty_text": (TASK, "title: ACP（人生会議）の研修", 'title: ""', ""),
    "date_plain": (MEETINGS, 'date: "2019-06-14"', "date: 2019-06-14", ""),
    "date_of_another_form": (MEETINGS, 'date: "2019-06-14"', 'date: "2019/06/14"', ""),
    "date_of_month_13": (MEETINGS, 'date: "2019-06-14"', 'date: "2019-13-14"', ""),
    "date_in_the_18th_century": (MEETINGS, 'date: "2019-06-14"', 'date: "1819-06-14"', ""),
    "id_with_capitals": (TASK, "id: task-acp", "id: Task-ACP", ""),
    "id_too_long": (TASK, "id: task-acp", "id: task-acp-and-far-too-many-more", ""),
    "list_for_text": (TASK, "summary: ", "summary:\n  - ", ""),
    "text_for_a_list": (TASK, "scenes:\n  - scene-endoflife", "scenes: scene-endoflife", ""),
    "empty_list": (TASK, "scenes:\n  - scene-endoflife", "scenes: []", ""),
    "twice_in_a_list": (TASK, "  - scene-endoflife", "  - scene-endoflife\n  - scene-endoflife", ""),
    "flow_list": (TASK, "scenes:\n  - scene-endoflife", "scenes: [scene-endoflife]", ""),
    "list_in_the_key's_column": (TASK, "scenes:\n  - scene-endoflife", "scenes:\n- scene-endoflife", ""),
    "tab": (TASK, "scenes:\n  - scene-endoflife", "scenes:\n\t- scene-endoflife", ""),
    "no_space_after_colon": (TASK, "tier: advanced", "tier:advanced", ""),
    "full_width_colon": (TASK, "tier: advanced", "tier：advanced", ""),
    "full_width_space": (TASK, "\ntier: advanced", "\n　tier: advanced", ""),
    "indented_too_far": (TASK, "\ntier: advanced", "\n  tier: advanced", ""),
    "open_quote": (TASK, "tier: advanced", 'tier: "advanced', ""),
    "anchor_never_used": (TASK, "tier: advanced", "tier: &t advanced", ""),
    "alias_to_nothing": (TASK, "tier: advanced", "tier: *t", ""),
    "unknown_tag": (TASK, "tier: advanced", "tier: !x advanced", ""),
    "second_document": (TASK, "\nbasis: ", "\n---\nbasis: ", ""),
    "list_file_as_one_item": (TERMS, "- id: term-center\n", "id: term-center\n", ""),
    "item_file_as_a_list": (GOAL, "id: ", "- id: ", ""),
    "deep_in_a_list_file": (TERMS, "    - word: 在宅医療センター", "    - werd: 在宅医療センター", ""),
    "boolean_as_text": (OWN, "printed_ids: true", 'printed_ids: "true"', ""),
    "boolean_as_yes": (OWN, "printed_ids: true", "printed_ids: yes", ""),
    "format_of_the_future": (OWN, "format: 1", "format: 99", ""),
    "day_that_never_was": (MEETINGS, 'date: "2019-06-14"', 'date: "2019-02-30"', "the server looks at a date's form only"),
    "anchor_and_alias": (TASK, "  - 話合いや練習の時間を取ったか。\n  - 聞いた", "  - &t 話合い\n  - *t\n  - 聞いた", "the server follows aliases; we refuse them"),
    "octal": (TASK, "order: 170", "order: 0o17", "YAML's other ways to write a number are numbers to the server"),
    "leading_zero": (TASK, "order: 170", "order: 017", "as above"),
    "plus": (TASK, "order: 170", "order: +17", "as above"),
    "whole_fraction": (TASK, "order: 170", "order: 17.0", "as above"),
    "capital_true": (OWN, "printed_ids: true", "printed_ids: True", "as above"),
    "string_tag": (TASK, "tier: advanced", "tier: !!str advanced", "the server knows YAML's own tags; we refuse all"),
}  # fmt: skip


def ours(text: str, kind: Kind) -> list[str]:
    """Return the codes of our check for one file, of syntax and schema."""
    node, problems = parse(text, "f.yml")
    found = [problem.code for problem in problems]
    if node is None:
        return found
    if kind.use and not kind.folder:
        if not isinstance(node, Sequence):
            return [*found, "S104"]
        return found + [problem.code for item in node.items for problem in convert(item, kind, "f.yml")[1]]
    return found + [problem.code for problem in convert(node, kind, "f.yml")[1]]


def test_the_server_and_our_check_agree(server: Server, schemas: Schemas) -> None:
    kinds = {TASK: "task", GOAL: "goal", PROGRAM: "program", MEETINGS: "meeting", TERMS: "term"}
    opened: dict[str, str] = {}
    codes: dict[str, list[str]] = {}
    for name, (path, old, new, _reason) in MUTATIONS.items():
        text = text_of(path)
        assert old in text, name
        text = text.replace(old, new, 1)
        opened[name] = server.open(path, text)
        codes[name] = ours(text, schemas.kinds[kinds[path]] if path in kinds else schemas.guideline)
    said = server.told(set(opened.values()))
    different = {name for name, uri in opened.items() if bool(said[uri]) != bool(codes[name])}
    assert different == {name for name, (*_, reason) in MUTATIONS.items() if reason}
    assert sum(map(bool, codes.values())) > 40


def test_another_editor_finds_the_schema_by_a_line_in_the_file(
    program: Path, workspace: Path, schemas: Schemas
) -> None:
    """A modeline needs no settings at all."""
    running = started(program, workspace, {"yaml.schemaStore.enable": False})
    try:
        text = with_modeline(text_of(TASK), TASK, schemas.kinds["task"])
        assert text.startswith("# yaml-language-server: $schema=../../schemas/editor/task.json\nid: ")
        assert with_modeline(text, TASK, schemas.kinds["task"]) == text
        text = text.replace("$schema=", "$schema=../")  # the test's copies lie one folder deeper
        assert running.diagnostics(TASK, text) == []
        assert running.diagnostics(TASK, text.replace("tier: advanced", "tier: x")) != []
    finally:
        ended(running)
