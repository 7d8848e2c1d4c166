"""Incremental equals clean: whatever was edited, a run with the cache of earlier runs gives what a run without gives.

Random sequences of edits on a small guideline with a kind, templates, a picture, words and a rule of its own; after
each edit the folder with its cache is checked and built, and so is a fresh copy without one. The cache itself is
damaged, deleted and put back as it was earlier. Planted faults in the cache prove that the comparison sees them.
"""

from __future__ import annotations

import functools
import io
import json
import os
import posixpath
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import LAST, REFERENCES, ROOT, SETTINGS
from difference import first_difference
from shishin import cache, composer, pipeline, survey, unchanged
from shishin.__main__ import main

CACHE = ".cache"
CRASH = "the command crashed:"

# ---------------------------------------------------------------- a guideline that can be edited without breaking it

SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "note.schema.json",
    "title": "覚え",
    "description": "一つのことを書きとめたもの。",
    "type": "object",
    "x-kind": {"name": "note", "use": "item", "folder": "notes"},
    "x-title": "title",
    "x-sort": "order",
    "properties": {
        "id": {"$ref": "common.schema.json#/$defs/id", "title": "ID"},
        "title": {"type": "string", "title": "名称", "minLength": 1, "x-text": "inline"},
        "order": {"$ref": "common.schema.json#/$defs/order"},
        "layer": {
            "type": "string",
            "title": "層",
            "enum": ["upper", "lower"],
            "x-labels": {"upper": "上の層", "lower": "下の層"},
        },
        "text": {"type": "string", "title": "本文", "minLength": 1, "x-text": "markdown"},
        "see": {
            "type": "array",
            "title": "関わり",
            "items": {
                "type": "object",
                "title": "関わり",
                "properties": {
                    "type": {"type": "string", "title": "種類", "enum": ["asks"], "x-labels": {"asks": "頼む"}},
                    "to": {"type": "string", "title": "相手", "minLength": 1, "x-ref": ["note"]},
                },
                "required": ["type", "to"],
                "additionalProperties": False,
            },
            "minItems": 1,
            "x-align": "key:to",
        },
    },
    "required": ["id", "title", "order", "layer", "text"],
    "additionalProperties": False,
}
TEMPLATES = {
    "items/note.md.j2": "{{ item.text }}\n\n{% for one in item.see or [] %}\n- {{ one.to.title }}へ{{ one.type }}\n{% endfor %}\n",
    "names/note.j2": "覚え{{ item.title }}\n",
    "parts/notes.md.j2": '{% for one in items("note") %}\n{{ place(one) }}\n{% endfor %}\n',
    "parts/figure.md.j2": '{{ diagram(id="fig-notes", caption="図", kind="note", group="layer", label="title", '
    'edges="see", lines=[{"kind": "asks", "look": "solid", "sentence": "{source}は{target}に頼む。"}]) }}\n',
}
FIRST = """\
id: ch-one
title: はじめの章
order: 1
part: body
lead: はじめに。
show:
  - figure
  - notes
source:
  - ref: ref-one
basis: stated
"""
RULES = """\
- id: note-length
  title: 覚えの名称は短い
  kind: note
  holds: (item.title | length) < 12
  field: title
  severity: error
  message: 「{{ item.title }}」は長すぎます。
"""
EXCEPTION = """\
- id: e-one
  rule: w-one
  item: n-b
  field: text
  reason: 引いた言葉である
"""
ANOTHER = """\
# 先に置いたもの
- id: ref-new
  title: 新しい資料
  order: 2
  issuer: 国
  category: report
  basis: stated
"""


@dataclass(frozen=True, kw_only=True)
class Note:
    """An item of the guideline."""

    title: str
    text: str = "本文である。"
    layer: str = "upper"
    order: int = 1
    see: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()

    def points_to(self, name: str) -> bool:
        """Tell whether it refers to a note."""
        return name in self.see or name in self.mentions

    def renamed(self, old: str, new: str) -> Note:
        """Return the note with an id changed wherever it stands."""
        see, mentions = ([new if one == old else one for one in names] for names in (self.see, self.mentions))
        return replace(self, see=tuple(see), mentions=tuple(mentions))

    def written(self, name: str) -> str:
        """Return the note as its file says it."""
        fields: dict[str, Any] = {"id": name, "title": self.title, "order": self.order, "layer": self.layer}
        fields["text"] = self.text + "".join(f"[[{one}]]も見る。" for one in self.mentions)
        if self.see:
            fields["see"] = [{"type": "asks", "to": one} for one in self.see]
        return "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in fields.items())


@dataclass(frozen=True, kw_only=True)
class State:
    """All of the guideline at one moment; `broken` are files written otherwise than they should be."""

    notes: Mapping[str, Note]
    title: str = "小さな指針"
    labels: tuple[str, str] = ("覚え", "上の層")
    templates: Mapping[str, str] = field(default_factory=lambda: TEMPLATES)
    word: str = ""
    excepted: bool = False
    longest: int = 12
    issuer: str = ""
    broken: Mapping[str, str] = field(default_factory=dict)

    def files(self) -> dict[str, str]:
        """Return path → text of everything."""
        schema = json.loads(json.dumps(SCHEMA))
        schema["title"], schema["properties"]["layer"]["x-labels"]["upper"] = self.labels
        files: dict[str, str] = {
            "guideline/guideline.yml": SETTINGS.replace("小さな指針", self.title),
            "guideline/chapters/ch-one.yml": FIRST,
            "guideline/chapters/ch-refs.yml": LAST,
            "guideline/references.yml": self.issuer + REFERENCES,
            "guideline/rules.yml": RULES.replace("12", str(self.longest)),
            "schemas/note.schema.json": json.dumps(schema, ensure_ascii=False, indent=1),
            **{f"guideline/templates/{name}": text for name, text in self.templates.items()},
            **{f"guideline/notes/{name}.yml": note.written(name) for name, note in self.notes.items()},
        }
        if self.word:
            files["guideline/words.yml"] = (
                f"- id: w-one\n  title: 本文\n  words:\n    - {self.word}\n  reason: 言葉をそろえる\n"
            )
        if self.excepted:
            files["guideline/exceptions.yml"] = EXCEPTION
        return {**files, **self.broken}


START = State(
    notes={
        "n-a": Note(title="甲", order=1, see=("n-b",)),
        "n-b": Note(title="乙", order=2, layer="lower", mentions=("n-a",)),
        "n-c": Note(title="丙", order=3, layer="lower"),
    }
)

# ---------------------------------------------------------------- edits

TEXTS = ("本文を改める。", "**強い**文。", "- 一\n- 二", "長い" * 40, "ひとつ", "地の文と本文。", "本文である!")
TITLES = ("甲", "丁", "戊の覚え", "とても長い名称をもつ覚えである", "己*")
BROKEN = (
    ("notes/n-a.yml", "title: 甲\n"),  # fields are missing
    ("notes/n-a.yml", "id: n-a\n\ttitle: 甲\n"),  # no YAML
    ("notes/n-a.yml", 'id: n-a\ntitle: 甲\norder: 1\nlayer: upper\ntext: "[[n-nowhere]]"\n'),
    ("notes/n-a.yml", 'id: n-b\ntitle: 甲\norder: 1\nlayer: upper\ntext: "同じ ID"\n'),
    ("notes/n-a.yml", "id: n-a\ntitle: 甲\norder: 1\nlayer: uper\ntext: 本文\n"),
    ("notes/n-a.yml", 'id: n-a\ntitle: 甲\norder: 1\nlayer: upper\ntext: "| a |\\n|---|\\n| 1 | 2 |"\n'),
    ("notes/n-a.yml", ""),
    ("notes/N-a.yml", "id: n-z\ntitle: 甲\norder: 1\nlayer: upper\ntext: 本文\n"),  # one name but for case
    ("stray.yml", "x: 1\n"),
    ("guideline.yml", "format: 1\n"),
    ("references.yml", ""),
    ("rules.yml", RULES.replace("item.title", "item.nowhere")),
    ("templates/parts/notes.md.j2", "{% for %}"),
    ("../schemas/note.schema.json", "{"),
)
TEMPLATE_CHANGES = (
    ("items/note.md.j2", "{{ item.text }}\n\n層：{{ item.layer }}\n"),
    ("items/note.md.j2", "{{ item.nowhere }}\n"),
    ("items/note.md.j2", '{{ item.text }}\n\n{% for one in items("note") %}{{ one.title }}・{% endfor %}\n'),
    ("names/note.j2", "{{ item.layer }}の{{ item.title }}\n"),
    ("names/note.j2", "{{ 1/0 }}\n"),
    ("parts/notes.md.j2", '{% for one in items("note", layer="upper") %}{{ place(one) }}\n\n{% endfor %}\n'),
    ("parts/notes.md.j2", "何も載せない。\n"),
    ("parts/figure.md.j2", "図はない。\n"),
    ("items/note.md.j2", '{{ item.text }}\n\n{{ item_of("n-c").title }}\n'),
    ("items/note.md.j2", '{{ item.text }}\n\n{{ 6 // (5 - item_of("n-c").order) }}\n'),
)

Edit = tuple[str, int, int]
"""What is done, and two numbers that choose where and how."""


def edited(state: State, edit: Edit) -> State:
    """Return the guideline after an edit of its content."""
    what, where, how = edit
    names = sorted(state.notes)
    name = names[where % len(names)]
    note = state.notes[name]
    other = names[how % len(names)]

    def put(**changes: Any) -> State:
        return replace(state, notes={**state.notes, name: replace(note, **changes)})

    if what == "text":
        return put(text=TEXTS[how % len(TEXTS)])
    if what == "title":
        return put(title=TITLES[how % len(TITLES)])
    if what == "layer":
        return put(layer="lower" if note.layer == "upper" else "upper")
    if what == "order":
        return put(order=how % 7)
    if what == "see":
        return put(see=tuple(one for one in note.see if one != other) + ((other,) if other not in note.see else ()))
    if what == "mention":
        return put(mentions=() if note.mentions else (other,))
    if what == "rename":
        new = f"n-{'defgh'[how % 5]}"
        if new in state.notes:
            return state
        kept = {new if one == name else one: inner.renamed(name, new) for one, inner in state.notes.items()}
        return replace(state, notes=kept)
    if what == "delete":
        used = any(inner.points_to(name) for one, inner in state.notes.items() if one != name)
        if used or len(names) == 1:
            return state
        return replace(state, notes={one: inner for one, inner in state.notes.items() if one != name})
    if what == "add":
        return replace(state, notes={**state.notes, f"n-{'ijklm'[how % 5]}": Note(title="新", order=where % 7)})
    if what == "template":
        changed, text = TEMPLATE_CHANGES[how % len(TEMPLATE_CHANGES)]
        return replace(state, templates={**state.templates, changed: text})
    if what == "label":
        return replace(state, labels=(("覚え", "メモ")[where % 2], ("上の層", "上")[how % 2]))
    if what == "setting":
        return replace(state, title=("小さな指針", "別の指針")[how % 2])
    if what == "word":
        return replace(state, word=("", "地の文", "ひとつ")[how % 3])
    if what == "except":
        return replace(state, excepted=not state.excepted)
    if what == "rule":
        return replace(state, longest=(12, 1)[how % 2])
    if what == "reference":
        return replace(state, issuer=("", ANOTHER)[how % 2])
    if what == "break":
        path, text = BROKEN[how % len(BROKEN)]
        return replace(state, broken={posixpath.normpath(f"guideline/{path}"): text})
    assert what == "mend"
    return replace(state, broken={}, templates=TEMPLATES, longest=12, word="")


CONTENT = (
    "text", "title", "layer", "order", "see", "mention", "rename", "delete", "add", "template", "label", "setting",
    "word", "except", "rule", "reference", "break", "mend",
)  # fmt: skip
AROUND = (
    "nothing",
    "revert",
    "touch",
    "same stat",
    "drop cache",
    "cut cache",
    "flip cache",
    "old cache",
    "lose output",
    "spoil output",
)
"""What happens besides editing."""

# ---------------------------------------------------------------- runs


def forget() -> None:
    """Empty what modules keep in memory, as a new process would find it (but for what programs and packages say)."""
    for name, module in list(sys.modules.items()):
        if name.startswith("shishin.") and not name.startswith("shishin.tools"):
            for value in list(vars(module).values()):
                if isinstance(value, functools._lru_cache_wrapper) and value is not cache.tool:
                    value.cache_clear()


def run(root: Path, to: tuple[str, ...]) -> str:
    """Check and build by the command line, and return everything that was said."""
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        for arguments in (["check", "--notes"], ["build", "--jobs", "1", "--to", ",".join(to)]):
            forget()
            try:
                print(main([*arguments, "--root", str(root), "--lang", "en"]))
            except Exception as crash:  # no edit may lead to one
                print(f"{CRASH} {crash!r}")
    return said.getvalue().replace(str(root), "…").replace("nothing has changed.\n", "")


def write(root: Path, files: Mapping[str, str]) -> None:
    """Make the sources in `root` those files, touching only what differs."""
    for path in sorted(path for name in ("guideline", "schemas") for path in (root / name).rglob("*")):
        if path.is_file() and path.relative_to(root).as_posix() not in files:
            path.unlink()
    for name, text in files.items():
        if not (root / name).is_file() or (root / name).read_text(encoding="utf-8") != text:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")


class Workshop:
    """A folder whose cache grows with each edit, compared with a fresh copy after each."""

    def __init__(self, base: Path, to: tuple[str, ...]) -> None:
        self.base, self.root, self.to = base, base / "warm", to
        self.states, self.caches = [START], list[Path]()
        for place in ("site", "mkdocs.yml"):
            if "site" in to:
                copy = shutil.copytree if (ROOT / place).is_dir() else shutil.copy
                self.root.mkdir(parents=True, exist_ok=True)
                copy(ROOT / place, self.root / place)
        write(self.root, START.files())

    def do(self, edit: Edit) -> None:
        """Do one edit on the folder."""
        what, where, how = edit
        state = self.states[-1]
        if what in CONTENT:
            state = edited(state, edit)
        elif what == "nothing":
            return
        elif what == "revert":
            state = self.states[where % len(self.states)]
        elif what == "same stat":
            self._same_stat(state)
            return
        elif what == "touch":
            for path in self._files(self.root / "guideline")[where % 3 :: 2]:
                os.utime(path, (how, how))
        else:
            self._disturb(what, where, how)
        self.states.append(state)
        write(self.root, state.files())

    def _same_stat(self, state: State) -> None:
        """Change a text so that size and time of its file stay, as a copy that keeps times may do."""
        name = sorted(state.notes)[0]
        text = state.notes[name].text
        swapped = edited(state, ("text", 0, 0)) if len(text) < 2 else state
        notes = {**swapped.notes, name: replace(swapped.notes[name], text=text[1:] + text[0])}
        if text.isidentifier():  # nothing of Markdown in it
            file = self.root / f"guideline/notes/{name}.yml"
            before = file.stat()
            self.states.append(replace(state, notes=notes))
            write(self.root, self.states[-1].files())
            os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))

    def _disturb(self, what: str, where: int, how: int) -> None:
        folder, dist = self.root / CACHE, self.root / "dist"
        files = self._files(folder if "cache" in what else dist)
        if what == "drop cache":
            shutil.rmtree(folder, ignore_errors=True)
        elif what == "old cache" and self.caches:
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(self.caches[where % len(self.caches)], folder)
        elif what == "lose output" and where % 3 == 0:
            shutil.rmtree(dist, ignore_errors=True)
        elif files:
            file = files[where % len(files)]
            data = bytearray(file.read_bytes() or b"\0")
            place = how * 37 % len(data)
            if what == "cut cache":
                file.write_bytes(data[:place])
            elif what in ("flip cache", "spoil output"):
                data[place] ^= 1
                file.write_bytes(data)
            elif what == "lose output":
                file.unlink()

    def _files(self, folder: Path) -> list[Path]:
        return sorted(path for path in folder.rglob("*") if path.is_file())

    def compare(self) -> str:
        """Run with and without the cache and return where the results differ, "" for nowhere."""
        clean = self.base / "clean"
        shutil.rmtree(clean, ignore_errors=True)
        shutil.copytree(self.root, clean, ignore=shutil.ignore_patterns(CACHE, "dist"))
        warm, cold = run(self.root, self.to), run(clean, self.to)
        if (self.root / CACHE).is_dir():
            self.caches.append(self.base / f"cache-{len(self.caches)}")
            shutil.copytree(self.root / CACHE, self.caches[-1])
        if warm != cold or CRASH in cold:
            return f"with the cache:\n{warm}\nwithout:\n{cold}"
        made = (clean / "dist").is_dir()
        return first_difference(self.root / "dist", clean / "dist") if made else ""


def first_fault(edits: list[Edit], to: tuple[str, ...] = ("json",)) -> str:
    """Do the edits one after another and return the first difference, with the edits up to it."""
    with tempfile.TemporaryDirectory() as folder:
        workshop = Workshop(Path(folder), to)
        said = workshop.compare()
        for number, edit in enumerate(edits, 1):
            if said:
                break
            workshop.do(edit)
            said = workshop.compare()
            said = said and f"after {edits[:number]}: {said}"
        return said


EDITS = st.lists(
    st.tuples(
        st.sampled_from((*CONTENT, "mend", "mend")) | st.sampled_from((*CONTENT, *AROUND, "mend")),
        st.integers(0, 20),
        st.integers(0, 20),
    ),
    min_size=3,
    max_size=9,
)
QUIET = settings(
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
EVERY: list[Edit] = [
    ("text", 0, 0), ("title", 1, 1), ("layer", 2, 0), ("order", 0, 5), ("see", 0, 2), ("mention", 2, 1),
    ("same stat", 0, 0), ("label", 1, 1), ("template", 0, 0), ("template", 0, 2), ("title", 0, 2), ("rename", 0, 1),
    ("delete", 1, 0), ("add", 4, 0), ("setting", 0, 1), ("word", 0, 1), ("text", 0, 5), ("except", 0, 0), ("except", 0, 0),
    ("word", 0, 0), ("rule", 0, 1), ("rule", 0, 0), ("reference", 0, 1), ("reference", 0, 0), ("break", 0, 2), ("mend", 0, 0), ("template", 0, 3), ("template", 0, 5), ("template", 0, 1), ("revert", 1, 0),
    ("nothing", 0, 0), ("touch", 0, 9), ("drop cache", 0, 0), ("cut cache", 0, 3), ("flip cache", 0, 5), ("old cache", 1, 0),
    ("lose output", 3, 0), ("lose output", 1, 0), ("spoil output", 1, 7), ("title", 1, 3), ("revert", 0, 0),
    ("template", 0, 9), ("order", 2, 5), ("order", 2, 4), ("template", 0, 8), ("delete", 2, 0), ("revert", 0, 0),
]  # fmt: skip
"""Each sort of edit at least once, each on a guideline that builds but for those that break it."""


# ---------------------------------------------------------------- tests


@pytest.fixture(autouse=True, scope="module")
def no_waiting() -> Iterator[None]:
    """A build is remembered where its sources have lain still for two seconds: here at once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unchanged, "_SETTLED", 0)
        yield


def test_every_sort_of_edit() -> None:
    assert {what for what, _, _ in EVERY} == {*CONTENT, *AROUND}
    assert first_fault(EVERY) == ""


def test_the_guideline_builds_at_the_start() -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert "build report" in run(Workshop(Path(folder), ("json",)).root, ("json",))


def test_a_build_without_a_change_is_recalled(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Otherwise the edits below would prove nothing about it."""
    workshop = Workshop(tmp_path, ("json",))
    first = run(workshop.root, ("json",))
    monkeypatch.setattr(pipeline, "build", None)
    assert run(workshop.root, ("json",)) == first
    workshop.do(("text", 0, 0))
    assert CRASH in run(workshop.root, ("json",))


@pytest.mark.parametrize(
    ("owner", "name", "wrong"),
    [
        # an answer that was made from something else
        (
            cache.Cache,
            "recall",
            lambda self, part, name, made_from: json.loads((self._old.get(part, {}).get(name) or ("", b"null"))[1]),
        ),
        # what a template looked at is taken for unchanged
        (survey.Surveyor, "_state", lambda self, looked: ""),
        # a picture is taken for one of the same items
        (composer, "digest", lambda *parts: cache.digest(*parts[:2])),
        # sources and output are taken for those of the last build
        (unchanged, "sources", lambda root: ("same", 0)),
        (unchanged, "_told", lambda paths: ("same", 0)),
    ],
    ids=["stale answer", "stale look", "stale picture", "stale sources", "stale output"],
)
def test_a_planted_fault_is_found(owner: Any, name: str, wrong: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owner, name, wrong)
    assert first_fault(EVERY) != ""


def test_every_sort_of_fault() -> None:
    assert first_fault([("break", 0, how) for how in range(len(BROKEN))] + [("mend", 0, 0)]) == ""


@settings(QUIET, max_examples=20)
@given(EDITS)
def test_random_edits(edits: list[Edit]) -> None:
    assert first_fault(edits) == ""


@settings(QUIET, max_examples=2)
@given(EDITS)
def test_random_edits_and_the_website(edits: list[Edit]) -> None:
    assert first_fault(edits[:5], ("json", "site")) == ""
