"""Stored editions are told from tampered ones: more than a thousand tampers, each found, the right file named."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from conftest import small_tree
from shishin.check import check
from shishin.manifest import digest, parsed, sealed, unsealed, written
from shishin.problem import Failure, Words
from shishin.release import reassembled
from shishin.tree import DictTree, FolderTree
from shishin.verify import Finding, findings, verify
from stored import FOLDER, frozen, record, with_release

OLD, NEW = f"{FOLDER}/ed-one", f"{FOLDER}/ed-two"
SUMS, INFO = "SHA256SUMS", "release.json"
Told = set[tuple[str, str]]


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return frozen()


def told(found: tuple[Finding, ...]) -> Told:
    assert len(found) == len({(one.kind, one.file) for one in found}), "told twice"
    return {(one.kind, one.file) for one in found}


def within(files: Mapping[str, bytes]) -> Told:
    return told(findings(with_release(files), OLD))


# ---------------------------------------------------------------- tampers


def flip(files: dict[str, bytes], dice: random.Random) -> Told:
    name = dice.choice(sorted(files))
    data = bytearray(files[name])
    data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    files[name] = bytes(data)
    return {("changed", name)}


def truncate(files: dict[str, bytes], dice: random.Random) -> Told:
    name = dice.choice(sorted(files))
    files[name] = files[name][: dice.randrange(len(files[name]))]
    return {("changed", name)}


def append(files: dict[str, bytes], dice: random.Random) -> Told:
    name = dice.choice(sorted(files))
    files[name] += dice.choice((b"\n", b" ", b"\0", b"# end\n", b"x" * dice.randrange(1, 99)))
    return {("changed", name)}


def delete(files: dict[str, bytes], dice: random.Random) -> Told:
    name = dice.choice(sorted(files))
    del files[name]
    return {("missing", name)}


def add(files: dict[str, bytes], dice: random.Random) -> Told:
    name = dice.choice(("copy.docx", "Thumbs.db", "picture/one.svg", "document.json.bak", "edition.yaml", "sha256sums"))
    files[name] = dice.choice((b"", b"new", files["edition.json"], files[INFO], files[SUMS]))
    return {("added", name)}


def rename(files: dict[str, bytes], dice: random.Random) -> Told:
    name = dice.choice(sorted(files))
    files[dice.choice((name + ".old", "Copy of " + name, name.upper() + "X", "sub/" + name))] = files.pop(name)
    return {("renamed", name)}


def swap(files: dict[str, bytes], dice: random.Random) -> Told:
    one, other = dice.sample(sorted(files), 2)
    files[one], files[other] = files[other], files[one]
    return {("changed", one), ("changed", other)}


def edit_sums(files: dict[str, bytes], dice: random.Random) -> Told:
    lines = files[SUMS].splitlines(keepends=True)
    place = dice.randrange(len(lines))
    what = dice.randrange(6)
    if what == 0:
        del lines[place]
    elif what == 1:
        lines.insert(dice.randrange(len(lines)), lines[place])
    elif what == 2:
        lines.insert(place, lines.pop(place - 1))
    elif what == 3:
        lines[place] = digest(dice.randbytes(9)).encode() + lines[place][64:]
    elif what == 4:
        lines.append(digest(b"x").encode() + b"  more.pdf\n")
    else:
        lines[place] = lines[place].upper() if dice.random() < 0.5 else lines[place].replace(b"  ", b" *")
    files[SUMS] = b"".join(lines)
    return {("changed", SUMS)}


def edit_info(files: dict[str, bytes], dice: random.Random) -> Told:
    """A fact is changed; now and then the manifest is made to fit."""
    data = json.loads(files[INFO])
    key = dice.choice(("hash", "commit", "decision", "record", "tools", "files", "supersedes", "seal"))
    if key == "files":
        data["files"][dice.choice(sorted(data["files"]))] = digest(dice.randbytes(9))
    else:
        data[key] = {"id": "other", "hash": "0"} if isinstance(data[key], dict | None) else "0123"
    files[INFO] = json.dumps(data, ensure_ascii=False, indent=2).encode() + b"\n"
    if dice.random() < 0.3:
        files[SUMS] = written({**parsed(files[SUMS])[0], INFO: digest(files[INFO])})
    return {("changed", INFO)}


def cover_up(files: dict[str, bytes], dice: random.Random) -> Told:
    """A file is changed and the manifest made to fit."""
    name = dice.choice(sorted(set(files) - {SUMS, INFO}))
    files[name] += b"x"
    files[SUMS] = written({**parsed(files[SUMS])[0], name: digest(files[name])})
    return {("changed", name), ("changed", SUMS)}


def line_ends(files: dict[str, bytes], dice: random.Random) -> Told:
    name = dice.choice(sorted(one for one in files if one.endswith((".json", SUMS))))
    files[name] = files[name].replace(b"\n", b"\r\n")
    return {("changed", name)}


Tamper = Callable[[dict[str, bytes], random.Random], Told]
TAMPERS: tuple[Tamper, ...] = (
    flip, truncate, append, delete, add, rename, swap, edit_sums, edit_info, cover_up, line_ends,
)  # fmt: skip
EACH = 130


def slips(files: Mapping[str, bytes], look: Callable[[Mapping[str, bytes]], Told], each: int) -> list[str]:
    """What a way of looking gets wrong over `each` tampers of every kind."""
    wrong = []
    for tamper in TAMPERS:
        for number in range(each):
            changed = dict(files)
            wanted = tamper(changed, random.Random(f"{tamper.__name__} {number}"))
            found = look(changed) if changed != files else wanted
            if found != wanted:
                wrong.append(f"{tamper.__name__} {number}: {sorted(wanted)} told as {sorted(found)}")
    return wrong


def test_every_tamper_is_found_and_the_right_file_named(files: dict[str, bytes]) -> None:
    assert len(TAMPERS) * EACH > 1_400
    assert slips(files, within, EACH) == []


def test_two_tampers_at_once_are_both_found(files: dict[str, bytes]) -> None:
    """The damaged file, and a paper or a stray one: whatever is told names both."""
    wrong = []
    others: tuple[Tamper, ...] = (flip, truncate, append, delete, swap, edit_sums, edit_info)
    for number in range(300):
        dice = random.Random(number)
        changed = dict(files)
        changed["small-ed-one.pdf"] += b"x"
        kept = {name: data for name, data in changed.items() if name != "small-ed-one.pdf"}
        wanted = {("changed", "small-ed-one.pdf")} | dice.choice(others)(kept, dice)
        changed = {**kept, "small-ed-one.pdf": changed["small-ed-one.pdf"]}
        found = within(changed)
        if {file for _, file in found} != {file for _, file in wanted}:
            wrong.append(f"{number}: {sorted(wanted)} told as {sorted(found)}")
    assert wrong == []


def test_no_false_alarm(files: dict[str, bytes]) -> None:
    assert within(files) == set()
    abolished = with_release(files, record(status="abolished", abolished="2028-03-31"))
    assert verify(abolished) == ()
    assert verify(DictTree(dict(small_tree().content))) == ()


def test_weaker_ways_of_looking_are_caught(files: dict[str, bytes]) -> None:
    """The tampers tell a good verification from one that only asks the manifest, or only counts files."""

    def manifest_alone(changed: Mapping[str, bytes]) -> Told:
        listed = parsed(changed.get(SUMS, b""))[0]
        wrong = {("changed", name) for name in listed if name in changed and digest(changed[name]) != listed[name]}
        return wrong | {("missing", name) for name in listed if name not in changed}

    def names_alone(changed: Mapping[str, bytes]) -> Told:
        return {("missing", name) for name in set(files) - set(changed)}

    def first_alone(changed: Mapping[str, bytes]) -> Told:
        return set(sorted(within(changed))[:1])

    def nothing_added(changed: Mapping[str, bytes]) -> Told:
        return {one for one in within(changed) if one[0] != "added"}

    for weak in (manifest_alone, names_alone, first_alone, nothing_added):
        assert slips(files, weak, 12) != []


# ---------------------------------------------------------------- sha256sum


def put(folder: Path, files: Mapping[str, bytes]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def test_sha256sum_agrees(files: dict[str, bytes], tmp_path: Path) -> None:
    folder = tmp_path / "ed-one"

    def failed() -> set[str]:
        done = subprocess.run(
            ["sha256sum", "-c", SUMS], cwd=folder, env={"LC_ALL": "C"}, capture_output=True, text=True, check=False
        )
        names = {line.split(":")[0] for line in done.stdout.splitlines() if not line.endswith(": OK")}
        assert bool(names) == bool(done.returncode)
        return names

    put(folder, files)
    assert failed() == set()
    for tamper in (flip, truncate, append, delete, rename, swap):
        for number in range(5):
            changed = dict(files)
            wanted = tamper(changed, random.Random(number))
            if SUMS in {name for _, name in wanted}:  # it can't check itself
                continue
            put(folder, changed)
            assert failed() == {name for _, name in wanted}
            assert told(findings(FolderTree(tmp_path), "ed-one")) == wanted


# ---------------------------------------------------------------- in words


def test_a_changed_file_is_told_with_line_and_byte_where_git_has_it(files: dict[str, bytes]) -> None:
    changed = {
        **files,
        "edition.json": files["edition.json"].replace("はじめの章".encode(), "はじまりの章".encode(), 1),
    }
    place = next(
        at
        for at, (one, other) in enumerate(zip(files["edition.json"], changed["edition.json"], strict=False))
        if one != other
    )
    line = files["edition.json"].count(b"\n", 0, place) + 1

    def original(path: str) -> tuple[bytes, ...]:
        return (b"never this", files[path.rpartition("/")[2]])

    (one,) = verify(with_release(changed), "ed-one", original=lambda path: iter(original(path)))
    assert one.message.ja == f"edition.json が、確定したときの内容と違います（{line} 行目、{place + 1} バイト目から）。"
    (one,) = verify(with_release(changed), "ed-one")
    assert one.message.ja == "edition.json が、確定したときの内容と違います。"


def test_the_manifest_is_told_with_its_line(files: dict[str, bytes]) -> None:
    changed = {**files, SUMS: files[SUMS].replace(b"\n", b"\n!", 1)}
    (one,) = findings(with_release(changed), OLD)
    assert one.message.en == "SHA256SUMS is not what was stored (from line 2, byte 81 on)."


def test_what_became_of_a_file_is_told(files: dict[str, bytes]) -> None:
    crlf = {**files, "edition.json": files["edition.json"].replace(b"\n", b"\r\n")}
    (one,) = findings(with_release(crlf), OLD)
    assert "CRLF" in one.message.ja
    assert one.hint is not None
    assert "-text" in one.hint.ja
    swapped = {**files, "small-ed-one.pdf": files["small-ed-one.docx"]}
    (one,) = findings(with_release(swapped), OLD)
    assert "中身は small-ed-one.docx です" in one.message.ja


def test_a_link_and_an_unreadable_file_are_named(files: dict[str, bytes], tmp_path: Path) -> None:
    put(tmp_path / "ed-one", files)
    paper = tmp_path / "ed-one/small-ed-one.pdf"
    paper.rename(tmp_path / "elsewhere.pdf")
    paper.symlink_to(tmp_path / "elsewhere.pdf")
    assert told(findings(FolderTree(tmp_path), "ed-one")) == {("unreadable", "small-ed-one.pdf")}


def test_the_edition_must_be_stored() -> None:
    with pytest.raises(Failure) as caught:
        verify(small_tree(), "ed-one")
    assert caught.value.hint == Words(ja="確定した版: なし", en="Released: none")


# ---------------------------------------------------------------- several editions


def two() -> dict[str, bytes]:
    first = frozen()
    second = frozen(record("ed-two"), supersedes=("ed-one", unsealed(first[INFO])[0]["hash"]))
    return dict(with_release(first).content) | dict(with_release(second, record("ed-two")).content)


def test_a_later_edition_vouches_for_the_one_before_it() -> None:
    content = two()
    assert verify(DictTree(content)) == ()
    gone = {path: data for path, data in content.items() if not path.startswith(f"{OLD}/") or path.endswith(".yml")}
    assert [(one.edition, one.kind) for one in verify(DictTree(gone))] == [("ed-one", "missing")]
    other = frozen(
        tree=small_tree(ch_one=small_tree().content["guideline/chapters/ch-one.yml"].decode().replace("本文", "別文"))
    )
    forged = content | dict(with_release(other).content)
    assert [(one.edition, one.kind) for one in verify(DictTree(forged))] == [("ed-one", "changed")]
    assert [one.edition for one in verify(DictTree(forged), "ed-one")] == ["ed-one"]
    assert verify(DictTree(forged), "ed-two") == ()


def test_an_edition_without_its_manifest_is_not_overlooked() -> None:
    content = two()
    del content[f"{NEW}/{SUMS}"]
    assert [(one.edition, one.file, one.kind) for one in verify(DictTree(content))] == [("ed-two", SUMS, "missing")]
    for name in ("release.json", "edition.json", "document.json", "small-ed-two.docx"):
        del content[f"{NEW}/{name}"]
    found = {(one.file, one.kind) for one in verify(DictTree(content))}
    assert found >= {(SUMS, "missing"), (INFO, "missing"), ("edition.json", "missing"), ("document.json", "missing")}


# ---------------------------------------------------------------- composing again


def test_the_content_is_composed_again_where_its_commit_is_there() -> None:
    tree = small_tree()
    stored = with_release(frozen(commit="c0ffee"))
    assert verify(stored, reassemble=lambda info: reassembled(tree, info)) == ()
    chapter = tree.content["guideline/chapters/ch-one.yml"].decode()
    other = small_tree(ch_one=chapter.replace("本文", "別文"))
    found = verify(stored, reassemble=lambda info: reassembled(other, info))
    assert {(one.kind, one.file) for one in found} == {("unlike", "edition.json"), ("unlike", "document.json")}
    (note,) = verify(stored, reassemble=lambda info: None)
    assert (note.kind, "c0ffee" in note.message.ja) == ("note", True)
    broken = small_tree(ch_one="id: [\n")
    (one,) = verify(stored, reassemble=lambda info: reassembled(broken, info))
    assert (one.kind, "ch-one.yml:2" in one.message.en or "ch-one.yml:1" in one.message.en) == ("unlike", True)
    (note,) = verify(with_release(frozen()), reassemble=lambda info: reassembled(other, info))
    assert note.kind == "note"


def otherwise(info: Mapping[str, Any]) -> dict[str, bytes]:
    """The same content, printed otherwise."""
    content = reassembled(small_tree(), info)
    return {
        "document.json": content["document.json"].replace("はじめの章".encode(), "はじめの 章".encode()),
        "edition.json": content["edition.json"].replace(b'"sort": "order"', b'"sort": "title"'),
    }


def test_another_version_of_the_tool_is_named_and_no_fault() -> None:
    stored = with_release(frozen(version="0.0.9", commit="c0ffee"))
    found = verify(stored, reassemble=otherwise)
    assert {(one.kind, one.file) for one in found} == {("note", "document.json"), ("note", "edition.json")}
    assert all("shishin 0.0.9" in one.message.ja and "shishin 0.0.9" in one.message.en for one in found)
    broken = small_tree(ch_one="id: [\n")
    assert [one.kind for one in verify(stored, reassemble=lambda info: reassembled(broken, info))] == ["note"]
    assert verify(stored, reassemble=lambda info: reassembled(small_tree(), info)) == ()


def test_so_is_another_state_of_the_same_version_or_another_library() -> None:
    stored = with_release(frozen(commit="c0ffee"))
    now = {"shishin": "0.1.0", "typst": "0.15.2"}
    for tools, kind in ((now, "unlike"), ({**now, "typst": "0.16.0"}, "note"), ({**now, "lxml": "6.1"}, "unlike")):
        assert {one.kind for one in verify(stored, reassemble=otherwise, tools=tools)} == {kind}


def test_no_other_tool_excuses_other_content() -> None:
    chapter = small_tree().content["guideline/chapters/ch-one.yml"].decode()
    other = small_tree(ch_one=chapter.replace("本文", "別文"))
    stored = with_release(frozen(version="0.0.9", commit="c0ffee"))
    found = {one.file: one for one in verify(stored, reassemble=lambda info: reassembled(other, info))}
    assert found["edition.json"].kind == "unlike"
    assert "（ch-one）" in found["edition.json"].message.ja
    assert found["document.json"].kind == "note"


# ---------------------------------------------------------------- the check of a guideline


def test_check_tells_what_is_stored_otherwise(files: dict[str, bytes]) -> None:
    def codes(changed: Mapping[str, bytes], *, quick: bool = False) -> list[tuple[str, str]]:
        found = check(with_release(changed), quick=quick)[1]
        return [(one.code, one.position.file.removeprefix(f"{OLD}/")) for one in found if one.severity == "error"]

    assert codes(files) == []
    assert codes({**files, "edition.json": b"{}"}) == [("R316", "edition.json")]
    assert codes({**files, "edition.json": b"{}"}, quick=True) == []
    assert codes({**files, "more.docx": b""}) == [("R304", "more.docx")]
    without = {name: data for name, data in files.items() if name != "small-ed-one.pdf"}
    assert codes(without) == [("R316", "small-ed-one.pdf")]
    unlisted = {**files, SUMS: files[SUMS].replace(b"  small-ed-one.pdf", b"  small-ed-two.pdf")}
    assert sorted(codes(unlisted)) == [("R304", "small-ed-one.pdf"), ("R316", SUMS)]


def test_the_seal_needs_the_exact_bytes() -> None:
    data = sealed({"id": "ed-one", "files": {}})
    assert unsealed(data) == ({"id": "ed-one", "files": {}}, True)
    for other in (data + b"\n", data.replace(b"ed-one", b"ed-two"), data.replace(b"  ", b" "), b"[]", b"\xff", b""):
        assert unsealed(other)[1] is False
