"""Releases: what is stored comes back, stays as it is, and appears whole or not at all, once."""

from __future__ import annotations

import json
import os
import re
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from io import BytesIO
from pathlib import Path
from time import sleep
from typing import Any
from zipfile import ZipFile

import jsonschema_rs
import pytest
from pypdf import PdfReader

from conftest import ROOT, small_tree
from shishin import release as module
from shishin.check import check
from shishin.compare import FORMAT as COMPARISON_FORMAT
from shishin.compare import compare
from shishin.compare import to_data as comparison_data
from shishin.document import FORMAT as DOCUMENT_FORMAT
from shishin.document import Document, to_data
from shishin.pipeline import build
from shishin.problem import Failure, Words
from shishin.release import (
    content,
    content_hash,
    freeze,
    hash_of,
    read_release,
    released,
    stamped,
    store,
    stored_file,
    unlike,
)
from shishin.renderers.data import RELEASE, DataRenderer, as_json
from shishin.renderers.pdf import PdfRenderer
from shishin.renderers.word import WordRenderer
from shishin.report import tools
from shishin.schema import shipped
from shishin.snapshot import FORMAT as SNAPSHOT_FORMAT
from shishin.snapshot import to_data as snapshot_data
from shishin.tree import DictTree, FolderTree
from shishin.verify import verify
from stored import FOLDER, as_yaml, frozen, later, made, record, with_release

GOLDEN = ROOT / "tests/golden/releases"
OLD = f"{FOLDER}/ed-one"


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return frozen()


# ---------------------------------------------------------------- reading


def test_what_was_stored_comes_back(files: dict[str, bytes]) -> None:
    snapshot, document = made(small_tree(), record())
    tree = with_release(files)
    found = read_release(tree, "ed-one")
    assert released(tree) == ("ed-one",)
    assert (found.snapshot, found.document, found.comparison) == (snapshot, document, None)
    assert found.hash == hash_of(tree, "ed-one") == content_hash(files)
    assert dict(found.paper.labels)[RELEASE] == found.hash
    assert stored_file(tree, "ed-one", "small-ed-one.pdf") == files["small-ed-one.pdf"]


def test_the_same_input_gives_the_same_bytes(files: dict[str, bytes]) -> None:
    assert frozen() == files
    assert list(files) == list(frozen())


def test_a_release_keeps_what_it_changed(files: dict[str, bytes]) -> None:
    first, second = later()
    tree = DictTree({**with_release(first).content, **with_release(second, record("ed-two")).content})
    found = read_release(tree, "ed-two")
    assert found.comparison == compare(read_release(tree, "ed-one").snapshot, found.snapshot)
    assert [one.id for one in found.comparison.items] != []
    assert found.info["dictionary"] == found.comparison.dictionary != ""
    assert found.info["supersedes"] == {"id": "ed-one", "hash": content_hash(files)}
    assert sorted(second) == [
        "SHA256SUMS", "comparison.json", "document.json", "edition.json", "release.json",
        "small-ed-two.docx", "small-ed-two.pdf",
    ]  # fmt: skip
    assert verify(tree) == ()


def test_the_facts_have_their_shape() -> None:
    schema = json.loads(shipped("shapes")["release.schema.json"])
    for files in later():
        jsonschema_rs.Draft202012Validator(schema, validate_formats=True).validate(json.loads(files["release.json"]))


def test_the_decision_is_told_in_words() -> None:
    meeting = """\
- id: mt-one
  title: 第1回会議
  sort: "2026-10-01"
  status: done
  content: 決めた。
  short: 決定
  source:
    - ref: ref-one
"""
    tree = small_tree(**{"guideline/meetings.yml": meeting})
    assert json.loads(frozen(record(meeting="mt-one"), tree)["release.json"])["decision"].startswith("第1回会議")
    assert json.loads(frozen(record(decision="部長決裁"))["release.json"])["decision"] == "部長決裁"


def test_the_hash_is_what_the_manual_says(files: dict[str, bytes], tmp_path: Path) -> None:
    """`sha256sum document.json edition.json | sha256sum`."""
    from hashlib import sha256

    lines = "".join(f"{sha256(files[name]).hexdigest()}  {name}\n" for name in ("document.json", "edition.json"))
    assert content_hash(files) == sha256(lines.encode()).hexdigest()


def test_nothing_but_the_release_is_read(files: dict[str, bytes]) -> None:
    alone = DictTree({f"{OLD}/{name}": data for name, data in files.items()})
    assert read_release(alone, "ed-one") == read_release(with_release(files), "ed-one")


def test_a_release_has_no_traces_of_its_making(files: dict[str, bytes]) -> None:
    text = files["release.json"].decode()
    assert str(ROOT) not in text
    assert os.environ.get("USER", "\0") not in text


@pytest.mark.parametrize("name", ["edition.json", "document.json", "release.json"])
def test_changed_data_is_not_read(files: dict[str, bytes], name: str) -> None:
    for data in (files[name].replace("小さな".encode(), "大きな".encode()).replace(b'"small"', b'"large"'), b""):
        with pytest.raises(Failure) as caught:
            read_release(with_release({**files, name: data}), "ed-one")
        assert name in caught.value.message.ja
        assert caught.value.hint is not None
        assert "shishin verify ed-one" in caught.value.hint.ja
    with pytest.raises(Failure):
        stored_file(with_release({**files, "small-ed-one.docx": b"x"}), "ed-one", "small-ed-one.docx")


def test_what_is_not_released_is_told(files: dict[str, bytes]) -> None:
    with pytest.raises(Failure) as caught:
        read_release(with_release(files), "ed-two")
    assert caught.value.hint is not None
    assert caught.value.hint.ja == "確定した版: ed-one"


def with_format(files: Mapping[str, bytes], name: str, number: int) -> dict[str, bytes]:
    """A release whose file is of another format, with manifests that fit."""
    from shishin.manifest import digest, sealed, written

    data = {**json.loads(files[name]), "format": number}
    changed = {**files, name: as_json(data)}
    info = json.loads(changed["release.json"])
    del info["seal"]
    info["files"] = {one: digest(changed[one]) for one in info["files"]}
    changed["release.json"] = sealed(info)
    del changed["SHA256SUMS"]
    return {**changed, "SHA256SUMS": written({one: digest(data) for one, data in changed.items()})}


@pytest.mark.parametrize("name", ["edition.json", "document.json", "release.json"])
def test_a_newer_format_is_told(files: dict[str, bytes], name: str) -> None:
    with pytest.raises(Failure) as caught:
        read_release(with_release(with_format(files, name, 99)), "ed-one")
    assert "新しい" in caught.value.message.ja
    assert name in caught.value.message.ja


def test_a_large_paper_is_no_problem(files: dict[str, bytes]) -> None:
    snapshot, document = made(small_tree(), record())
    facts = module.Facts(record=record(), tools={"shishin": "0.1.0"}, fonts={})
    large = freeze(snapshot, document, None, {"small-ed-one.pdf": b"x" * 3_000_000}, facts)
    tree = with_release(large)
    assert [one for one in check(tree)[1] if one.severity == "error"] == []
    assert verify(tree) == ()


# ---------------------------------------------------------------- formats of the past


@pytest.mark.parametrize("folder", sorted(GOLDEN.glob("*")), ids=lambda path: path.name)
def test_a_stored_edition_of_each_format_stays_readable(folder: Path) -> None:
    tree = of_folder(folder)
    found = read_release(tree, "ed-two")
    assert verify(tree, "ed-two") == ()
    assert found.snapshot.title == "小さな指針"
    assert found.document.cover.edition == "第1版 ed-two"
    assert [section.item for section in found.document.sections] == ["ch-one", "ch-two", "ch-refs"]
    assert found.comparison is not None
    assert "ch-one" in [one.id for one in found.comparison.items]


def test_the_formats_of_today_have_a_golden_edition(request: pytest.FixtureRequest) -> None:
    """A change of shape needs a new number, and a stored edition that keeps the old one readable."""
    today = GOLDEN / f"edition-{SNAPSHOT_FORMAT}-document-{DOCUMENT_FORMAT}-comparison-{COMPARISON_FORMAT}"
    if request.config.getoption("--update-golden") and not today.exists():  # never rewritten
        today.mkdir(parents=True)
        for name, data in {**later()[1], "edition.yml": as_yaml(record("ed-two"))}.items():
            (today / name).write_bytes(data)
    assert today.is_dir(), "run `make golden`"
    found = read_release(of_folder(today), "ed-two")
    assert found.comparison is not None
    data = json.loads((today / "document.json").read_bytes())
    assert {"format": DOCUMENT_FORMAT, **_data(found.document)} == data
    assert snapshot_data(found.snapshot) == json.loads((today / "edition.json").read_bytes())
    assert comparison_data(found.comparison) == json.loads((today / "comparison.json").read_bytes())


def of_folder(folder: Path) -> DictTree:
    return DictTree({f"{FOLDER}/ed-two/{one.name}": one.read_bytes() for one in folder.iterdir()})


def _data(document: Document) -> dict[str, Any]:
    data = to_data(document)
    assert isinstance(data, dict)
    return data


# ---------------------------------------------------------------- a release never changes


def papers(document: Document, folder: Path) -> dict[str, bytes]:
    folder.mkdir(parents=True)
    for renderer in (WordRenderer(pages=False), PdfRenderer()):
        renderer.render(document, folder)
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def hashes_in(printed: Mapping[str, bytes]) -> list[str]:
    """The release's hash in the properties of the Word and PDF files."""
    custom = ZipFile(BytesIO(printed["small-ed-one.docx"])).read("docProps/custom.xml").decode()
    keywords = PdfReader(BytesIO(printed["small-ed-one.pdf"])).metadata["/Keywords"]  # type: ignore[index]
    return [*re.findall(r'"GuidelineRelease"><vt:lpwstr>([^<]*)<', custom), keywords]


def test_content_schemas_and_templates_may_change_and_the_edition_stays(tmp_path: Path) -> None:
    root = tmp_path / "root"
    now = {"shishin": "0.1.0", "typst": "0.15.2"}
    for path, data in {**small_tree().content, f"{OLD}/edition.yml": as_yaml(record())}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    snapshot, document = made(small_tree(), record())
    hash = content_hash(content(snapshot, document))
    printed = papers(stamped(document, hash), tmp_path / "first")
    assert sorted(printed) == ["small-ed-one.docx", "small-ed-one.pdf"]
    assert hashes_in(printed) == [f"sha256:{hash}"] * 2
    facts = module.Facts(record=record(), tools=now, fonts={})
    store(root, "ed-one", freeze(snapshot, document, None, printed, facts))
    before = read_release(FolderTree(root), "ed-one")

    for path in (*FolderTree(root).files("guideline"), *FolderTree(root).files("schemas")):
        if not path.startswith(f"{FOLDER}/"):
            (root / path).write_text("壊れている: [", encoding="utf-8")
    (root / "schemas").mkdir()
    (root / "schemas/chapter.schema.json").write_text("{", encoding="utf-8")
    (root / "guideline/templates").mkdir()
    (root / "guideline/templates/chapter.md.j2").write_text("{{ nothing", encoding="utf-8")
    (root / OLD / "edition.yml").write_bytes(as_yaml(record(status="abolished", abolished="2030-03-31")))

    after = read_release(FolderTree(root), "ed-one")
    assert after == before
    assert content(after.snapshot, after.document) == {
        name: (root / OLD / name).read_bytes() for name in ("edition.json", "document.json")
    }
    again = papers(after.paper, tmp_path / "second")
    DataRenderer(edition=snapshot_data(after.snapshot)).render(after.paper, tmp_path)
    for name in ("edition.json", "document.json"):  # what `build --to json` writes
        assert (tmp_path / name).read_bytes() == (root / OLD / name).read_bytes()
    assert again == printed
    assert unlike(after, again, now) == ()
    assert verify(FolderTree(root)) == ()
    (told,) = unlike(after, {**again, "small-ed-one.pdf": b"other"}, {**now, "typst": "0.16.0"})
    assert told.ja.startswith(
        "small-ed-one.pdf は、確定時のファイルとバイト単位では違います（確定時: typst 0.15.2、今: typst 0.16.0）。"
    )
    (told,) = unlike(after, {**again, "small-ed-one.pdf": b"other"}, now)
    assert "shishin 0.1.0" in told.en


class Silent:
    def step(self, name: str) -> AbstractContextManager[None]:
        return nullcontext()


def test_a_build_of_a_stored_edition_needs_its_files_alone(tmp_path: Path) -> None:
    snapshot, document = made(small_tree(), record())
    printed = papers(stamped(document, content_hash(content(snapshot, document))), tmp_path / "printed")
    facts = module.Facts(record=record(), tools={**tools(exactly=True), "typst": "0.1.0"}, fonts={})
    root = prepared(tmp_path / "root")
    store(root, "ed-one", freeze(snapshot, document, None, {"small-ed-one.pdf": printed["small-ed-one.pdf"]}, facts))
    built = build(root, tmp_path / "dist", to=("json", "pdf"), edition_id="ed-one", progress=Silent())
    assert (built.problems, built.remarks) == ((), ())
    for name in ("edition.json", "document.json", "small-ed-one.pdf"):
        assert (tmp_path / "dist/ed-one" / name).read_bytes() == (root / OLD / name).read_bytes()

    other = prepared(tmp_path / "other")
    store(other, "ed-one", freeze(snapshot, document, None, {"small-ed-one.pdf": b"%PDF of an older tool"}, facts))
    (told,) = build(other, tmp_path / "dist", to=("pdf",), edition_id="ed-one", progress=Silent()).remarks
    assert told.en.startswith("small-ed-one.pdf: not byte for byte the stored file (stored: typst 0.1.0; now: typst ")


# ---------------------------------------------------------------- storing


def prepared(root: Path) -> Path:
    (root / OLD).mkdir(parents=True)
    (root / OLD / "edition.yml").write_bytes(as_yaml(record()))
    return root


def state(root: Path) -> str:
    """What a reader finds: nothing stored, a whole release, or something between."""
    tree = FolderTree(root)
    paths = tree.files(FOLDER)
    if paths == (f"{OLD}/edition.yml",):
        return "nothing"
    whole = released(tree) == ("ed-one",) and verify(tree) == () and f"{OLD}/edition.yml" in paths
    return "whole" if whole else f"between: {paths}"


def leftovers(root: Path) -> list[str]:
    return sorted(path.name for path in (root / FOLDER).iterdir() if path.name != "ed-one")


def test_a_release_stands_beside_its_record(files: dict[str, bytes], tmp_path: Path) -> None:
    root = prepared(tmp_path)
    store(root, "ed-one", files)
    assert state(root) == "whole"
    assert leftovers(root) == []
    assert (root / OLD / "edition.yml").read_bytes() == as_yaml(record())
    assert {path.name: path.read_bytes() for path in (root / OLD).iterdir() if path.name != "edition.yml"} == files


def test_the_same_edition_is_not_stored_twice(files: dict[str, bytes], tmp_path: Path) -> None:
    root = prepared(tmp_path)
    store(root, "ed-one", files)
    with pytest.raises(Failure) as caught:
        store(root, "ed-one", frozen(commit="c0ffee"))
    assert "確定済み" in caught.value.message.ja
    (root / OLD / "SHA256SUMS").unlink()
    with pytest.raises(Failure):
        store(root, "ed-one", files)
    assert leftovers(root) == []


def test_an_edition_needs_its_record(files: dict[str, bytes], tmp_path: Path) -> None:
    with pytest.raises(Failure) as caught:
        store(tmp_path, "ed-one", files)
    assert "記録がありません" in caught.value.message.ja
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("failing", range(1, 7))
def test_a_full_disk_leaves_nothing(
    files: dict[str, bytes], tmp_path: Path, failing: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = prepared(tmp_path)
    write, count = Path.write_bytes, [0]

    def full(self: Path, data: bytes) -> int:
        count[0] += 1
        if count[0] == failing:
            write(self, data[: len(data) // 2])
            raise OSError(28, "No space left on device")
        return write(self, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(Failure) as caught:
        store(root, "ed-one", files)
    assert "何も確定していません" in caught.value.message.ja
    assert (state(root), leftovers(root)) == ("nothing", [])


def test_a_disk_that_fails_at_the_very_end_is_not_called_nothing(
    files: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(folder: Path) -> None:
        if folder.name == "editions":
            raise OSError(5, "Input/output error")

    monkeypatch.setattr("shishin.write._sync_folder", failing)
    root = prepared(tmp_path)
    with pytest.raises(Failure) as caught:
        store(root, "ed-one", files)
    assert "何も確定していません" not in caught.value.message.ja
    assert caught.value.hint is not None
    assert "shishin verify ed-one" in caught.value.hint.ja
    assert (state(root), leftovers(root)) == ("whole", [])


posix = pytest.mark.skipif(sys.platform == "win32", reason="no fork")


def forked(work: Callable[[], None]) -> int:
    """Do something in a process of its own; return its pid."""
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            work()
            code = 0
        except Failure:
            code = 3
        finally:
            os._exit(code)
    return pid


def ended(pid: int) -> int:
    """Return how a process ended: its exit code, or minus the signal."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def killed_at(step: int, work: Callable[[], None]) -> Callable[[], None]:
    """Let work go on until the `step`-th thing it asks of the file system, then kill it."""
    count = [0]

    def watch(event: str, _: object) -> None:
        if event.split(".")[0] in ("open", "os", "shutil", "fcntl", "ctypes"):
            count[0] += 1
            if count[0] == step:
                os.kill(os.getpid(), signal.SIGKILL)

    def watched() -> None:
        sys.addaudithook(watch)
        work()

    return watched


def walk_through(tmp_path: Path, work: Callable[[Path], None]) -> list[str]:
    """Kill `work` at each of its steps; return what readers find after each."""
    found = []
    for step in range(1, 400):
        root = prepared(tmp_path / str(step))
        code = ended(forked(killed_at(step, lambda root=root: work(root))))  # type: ignore[misc]
        found.append(state(root))
        again = ended(forked(lambda root=root: work(root)))  # type: ignore[misc]
        assert (state(root), again) == ("whole", 3 if found[-1] == "whole" else 0)
        assert leftovers(root) == []
        if code == 0:
            return found
        assert code == -signal.SIGKILL
    raise AssertionError("the work never ended")


@posix
def test_a_killed_release_leaves_nothing_or_all(files: dict[str, bytes], tmp_path: Path) -> None:
    found = walk_through(tmp_path, lambda root: store(root, "ed-one", files))
    assert len(found) > 30
    assert set(found) == {"nothing", "whole"}


@posix
def test_a_store_that_writes_in_place_would_be_caught(files: dict[str, bytes], tmp_path: Path) -> None:
    def in_place(root: Path) -> None:
        if (root / OLD / "SHA256SUMS").exists():
            raise Failure(Words(ja="確定済み", en="released"))
        for name, data in files.items():
            (root / OLD / name).write_bytes(data)

    assert any(one.startswith("between") for one in walk_through(tmp_path, in_place))


def race(root: Path, number: int, stores: Callable[[Path, Mapping[str, bytes]], None]) -> tuple[list[int], set[str]]:
    """Let several processes store different content under one id; return how they ended and whose lies there."""
    wanted = [frozen(commit=f"c0ffee{one}") for one in range(number)]
    gate = root / "go"

    def racer(files: Mapping[str, bytes]) -> Callable[[], None]:
        def run() -> None:
            while not gate.exists():
                pass
            stores(root, files)

        return run

    pids = [forked(racer(files)) for files in wanted]
    gate.touch()
    codes = [ended(pid) for pid in pids]
    stored = (root / OLD / "release.json").read_bytes()
    return sorted(codes), {str(codes[one]) for one in range(number) if wanted[one]["release.json"] == stored}


@posix
def test_of_several_processes_one_wins(tmp_path: Path) -> None:
    for number in range(8):
        root = prepared(tmp_path / str(number))
        codes, winner = race(root, 4, lambda root, files: store(root, "ed-one", files))
        assert (codes, winner) == ([0, 3, 3, 3], {"0"})
        assert (state(root), leftovers(root)) == ("whole", [])


@posix
def test_a_store_without_a_lock_would_be_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    swap = module.swap_in

    def slow(new: Path, target: Path) -> None:
        sleep(0.3)
        swap(new, target)

    monkeypatch.setattr(module, "alone", lambda folder: nullcontext())
    monkeypatch.setattr(module, "discard", lambda folder: None)
    monkeypatch.setattr(module, "swap_in", slow)
    codes, _ = race(prepared(tmp_path), 2, lambda root, files: store(root, "ed-one", files))
    assert codes != [0, 3]
