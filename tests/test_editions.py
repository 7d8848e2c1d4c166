"""The commands about editions from end to end, in real Git repositories with a small guideline."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from conftest import ROOT, small_tree
from shishin.__main__ import main
from shishin.compare import apply
from shishin.manifest import released
from shishin.release import read_release
from shishin.segment import dictionary
from shishin.tree import FolderTree
from shishin.verify import verify
from test_git import git

RECORD = """\
id: first
label: 第1版
version: "1.0"
status: effective
as_of: "2026-04-01"
decided: "2026-03-20"
effective: "2026-04-01"
"""
SECOND = RECORD.replace("first", "second").replace("第1版", "第2版").replace("2026-0", "2027-0") + "supersedes: first\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with a small guideline and the record of an edition."""
    root = tmp_path / "guide"
    tree = small_tree(**{"guideline/editions/first/edition.yml": RECORD})
    for path, data in tree.content.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    (root / ".gitignore").write_text(".cache/\ndist/\n")
    git(root.parent, "init", "-q", "-b", "main", str(root))
    git(root, "config", "user.name", "事務局")
    git(root, "config", "user.email", "office@example.org")
    committed(root, "はじめ")
    return root


def committed(root: Path, message: str) -> None:
    git(root, "add", ".")
    git(root, "commit", "-qm", message)


def run(root: Path, *arguments: str, lang: str = "ja") -> int:
    return main(["--lang", lang, arguments[0], "--root", str(root), *arguments[1:]])


def replaced(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def folder_of(root: Path, id: str = "first") -> Path:
    return root / "guideline/editions" / id


def test_release_build_verify(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Released, then everything changes: the edition builds to the same bytes, without Git and in another place."""
    assert run(root, "release", "first", "--dry-run") == 0
    assert "見ただけ" in capsys.readouterr().out
    assert not (folder_of(root) / "SHA256SUMS").exists()

    assert run(root, "release", "first", "--commit") == 0
    assert "コミットしました" in capsys.readouterr().out
    assert git(root, "status", "--short") == ""
    stored = {path.name: path.read_bytes() for path in folder_of(root).iterdir()}
    done = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=folder_of(root), capture_output=True, check=False)
    assert done.returncode == 0, done.stdout

    assert run(root, "release", "first") == 1
    assert "確定済み" in capsys.readouterr().err

    for path in [*root.glob("guideline/chapters/*.yml"), root / "guideline/references.yml"]:
        path.unlink()
    (root / "guideline/templates/items").mkdir(parents=True)
    (root / "guideline/templates/items/chapter.md.j2").write_text("別のひな形\n", "utf-8")
    (root / "schemas").mkdir(exist_ok=True)
    (root / "schemas/chapter.schema.json").write_text("{}", "utf-8")
    shutil.rmtree(root / ".git")
    assert run(root, "build", "--edition", "first", "--to", "json,docx,pdf") == 0
    said = capsys.readouterr().out
    assert "バイト単位では違います" not in said
    for name in ("edition.json", "document.json", "small-first.docx", "small-first.pdf"):
        made = (root / "dist/first" / name).read_bytes()
        if name == "document.json":  # the papers also carry the release's hash
            assert json.loads(made)["sections"] == json.loads(stored[name])["sections"]
        else:
            assert made == stored[name], name

    assert run(root, "verify") == 0
    replaced(folder_of(root) / "edition.json", "第1版", "第1 版")
    assert run(root, "verify", "first") == 1
    assert "first/edition.json" in capsys.readouterr().out


def test_the_edition_in_force_on_a_day(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(root, "build", "--on", "2026-05-01", "--to", "json") == 1
    assert "shishin release first" in capsys.readouterr().err
    assert run(root, "release", "first", "--commit") == 0
    assert run(root, "build", "--on", "2026-05-01", "--to", "json") == 0
    assert (root / "dist/first/document.json").exists()
    capsys.readouterr()
    assert run(root, "build", "--on", "2025-05-01", "--to", "json") == 1
    assert "施行中の版はありません" in capsys.readouterr().err
    assert run(root, "build", "--on", "5月1日", "--to", "json") == 1


def test_a_release_needs_committed_content(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    replaced(root / "guideline/chapters/ch-one.yml", "本文である。", "本文を改めた。")
    assert run(root, "release", "first") == 1
    assert "guideline/chapters/ch-one.yml" in capsys.readouterr().err
    assert run(root, "release", "first", "--from", "HEAD") == 0
    assert "本文である。" in (folder_of(root) / "edition.json").read_text("utf-8")
    assert "本文を改めた。" not in (folder_of(root) / "edition.json").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("release", "nothing"), "記録"),
        (("release", "first", "--from", "nowhere"), "nowhere"),
        (("release", "first", "--from", "-x"), "-x"),
        (("verify", "nothing"), "確定していません"),
        (("build", "--edition", "first", "--to", "json"), "確定していない"),
        (("build", "--edition", "nothing", "--to", "json"), "ありません"),
        (("diff",), "確定した版がまだありません"),
        (("diff", "nowhere"), "nowhere"),
        (("diff", "HEAD", "--preset", "odd"), "odd"),
        (("publish", "out"), "公表できる版がありません"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_done_is_told(
    root: Path, arguments: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if arguments[0] == "release" and arguments[-1] == "-x":
        arguments = ("release", "first", "--from=-x")
    assert run(root, *arguments) == 1
    assert words in capsys.readouterr().err


def test_errors_forbid_a_release(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    replaced(root / "guideline/chapters/ch-one.yml", "part: body", "part: middle")
    committed(root, "誤り")
    assert run(root, "release", "first") == 1
    assert "ch-one.yml:4:7" in capsys.readouterr().out
    assert not (folder_of(root) / "SHA256SUMS").exists()


def test_unfinished_things_are_listed(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(root, "release", "first", "--commit") == 0
    folder_of(root, "second").mkdir()
    (folder_of(root, "second") / "edition.yml").write_text(SECOND.replace('decided: "2027-03-20"\n', ""), "utf-8")
    replaced(root / "guideline/chapters/ch-one.yml", "本文である。", "本文を改めた。")
    committed(root, "理由のない変更")
    capsys.readouterr()
    assert run(root, "release", "second", "--dry-run") == 0
    said = capsys.readouterr().out
    assert "決定日がありません" in said
    assert "改定理由のない項目" in said
    assert "はじめの章" in said


def test_reasons_come_from_commits_and_are_stored(root: Path) -> None:
    assert run(root, "release", "first", "--commit") == 0
    folder_of(root, "second").mkdir()
    (folder_of(root, "second") / "edition.yml").write_text(SECOND, "utf-8")
    replaced(root / "guideline/chapters/ch-one.yml", "本文である。", "本文を改めた。")
    committed(root, "改定\n\nReason: 会議の意見による\nMeeting: 第2回会議")
    assert run(root, "release", "second", "--commit") == 0
    stored = (folder_of(root, "second") / "comparison.json").read_text("utf-8")
    assert "会議の意見による" in stored
    assert "第2回会議" in stored


def test_diff_of_editions_takes_what_was_stored(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    test_reasons_come_from_commits_and_are_stored(root)
    shutil.rmtree(root / ".git")
    capsys.readouterr()
    assert run(root, "diff", "first", "second") == 0
    said = capsys.readouterr().out
    assert "会議の意見による" in said
    assert "第1版" in said
    assert "改めた" in said
    assert run(root, "diff") == 0
    assert "第2版" in capsys.readouterr().out


def test_diff_of_revisions_and_folders(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(root / "guideline", tmp_path / "copy/guideline")
    replaced(root / "guideline/chapters/ch-one.yml", "本文である。", "本文を改めた。")
    committed(root, "改定")
    for old, new in (("HEAD~1", "HEAD"), ("HEAD~1", "working"), (str(tmp_path / "copy"), "working")):
        assert run(root, "diff", old, new) == 0
        said = capsys.readouterr().out
        assert "はじめの章" in said, (old, new)
    assert run(root, "diff", "HEAD", "working") == 0
    assert "違いはありません" in capsys.readouterr().out
    assert run(root, "diff", "HEAD~1", "HEAD", "--quick") == 0
    assert "はじめの章" in capsys.readouterr().out


def test_every_form_and_output(root: Path, tmp_path: Path) -> None:
    replaced(root / "guideline/chapters/ch-one.yml", "本文である。", "本文を改めた。")
    committed(root, "改定")
    out = tmp_path / "papers"
    assert run(root, "diff", "HEAD~1", "HEAD", "--to", "md,json,html,xlsx,pdf", "--out", str(out)) == 0
    assert sorted(path.suffix for path in out.iterdir()) == [".html", ".json", ".md", ".pdf", ".xlsx"]
    pack = tmp_path / "pack"
    assert run(root, "diff", "HEAD~1", "HEAD", "--form", "pack", "--line-numbers", "--out", str(pack)) == 0
    names = ["0-送付資料一覧", "1-改定の概要", "2-新旧対照表", "3-見え消し版", "5-溶け込み版"]
    head = git(root, "rev-parse", "--short=9", "HEAD")
    wanted = [
        *(f"{name}_{head}.{ending}" for name in names for ending in ("docx", "pdf")),
        f"4-変更履歴付き_{head}.docx",
    ]
    wanted.sort()
    assert sorted(path.name for path in pack.iterdir()) == wanted


@pytest.mark.parametrize(
    "arguments",
    [
        ("--form", "marked", "--to", "xlsx"),
        ("--form", "tracked", "--to", "pdf"),
        ("--to", "odt"),
        ("--to", ","),
        ("--form", "marked", "--role", "ch-one"),
        ("--quick", "--to", "pdf"),
    ],
    ids=" ".join,
)
def test_wrong_usage(root: Path, arguments: tuple[str, ...]) -> None:
    assert run(root, "diff", "HEAD", *arguments) == 2


def test_editions_are_listed(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(root, "editions") == 0
    assert "第1版" in capsys.readouterr().out
    assert run(root, "editions", "--json") == 0
    assert json.loads(capsys.readouterr().out)[0]["id"] == "first"


def test_a_shallow_clone_builds_and_verifies(root: Path, tmp_path: Path) -> None:
    assert run(root, "release", "first", "--commit") == 0
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{root}", "clone")
    assert run(tmp_path / "clone", "verify") == 0
    assert run(tmp_path / "clone", "build", "--edition", "first", "--to", "json") == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--chapter", "ch-nine"), "ch-one"),
        (("--role", "ch-tow"), "ch-two"),
        (("--quick", "--chapter", "ch-one"), "--quick"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_part_that_is_not_there_is_told(
    root: Path, arguments: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(root, "diff", "HEAD", *arguments) == 1
    assert words in capsys.readouterr().err


def test_a_part_says_that_it_is_one(root: Path, tmp_path: Path) -> None:
    for name in ("ch-one", "ch-two"):
        replaced(root / f"guideline/chapters/{name}.yml", "本文である。", "本文を改めた。")
    committed(root, "改定")
    out = tmp_path / "out"
    for form in ("table", "clean", "marked"):
        wanted = ("--form", form, "--to", "html", "--chapter", "ch-two", "--out", str(out))
        assert run(root, "diff", "HEAD~1", "HEAD", *wanted) == 0
    for path in out.iterdir():
        assert path.stem.endswith(("ch-two-table", "ch-two-clean", "ch-two-marked"))
        assert "抜粋" in path.read_text("utf-8"), path.name


def test_sides_in_the_wrong_order_are_told(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    replaced(root / "guideline/guideline.yml", 'as_of: "2026-11-22"', 'as_of: "2026-12-22"')
    committed(root, "日付")
    assert run(root, "diff", "HEAD", "HEAD~1") == 0
    assert "順を逆" in capsys.readouterr().err
    assert run(root, "diff", "HEAD~1", "HEAD") == 0
    assert "順を逆" not in capsys.readouterr().err


def test_reasons_of_commits_since_a_release(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(root, "release", "first", "--commit") == 0
    replaced(root / "guideline/chapters/ch-one.yml", "本文である。", "本文を改めた。")
    committed(root, "改定\n\nReason: 読みにくかったため")
    capsys.readouterr()
    assert run(root, "diff") == 0
    assert "読みにくかったため" in capsys.readouterr().out


def test_a_copied_folder_is_not_a_changed_one(root: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(root, copy)
    for path in copy.rglob("*.yml"):
        path.touch()
    assert run(copy, "release", "first", "--dry-run") == 0


def test_a_postponed_edition_is_pointed_out(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    replaced(folder_of(root) / "edition.yml", "status: effective", "status: postponed")
    committed(root, "延期")
    assert run(root, "release", "first", "--dry-run") == 0
    assert "「延期」の版" in capsys.readouterr().out


# ---------------------------------------------------------------- the project's own editions

OWN = ("kosei-2019-11", "kosei-2020-02", "saikosei-1", "saikosei-2")


def test_our_own_releases_are_as_they_were_stored() -> None:
    assert released(FolderTree(ROOT)) == OWN
    assert verify(FolderTree(ROOT)) == ()


@pytest.mark.parametrize(("old", "new"), [("kosei-2019-11", "kosei-2020-02"), ("saikosei-1", "saikosei-2")])
def test_our_own_comparisons_are_those_of_today(old: str, new: str) -> None:
    """What was stored stands; while nothing about comparing has changed, comparing again gives the same."""
    before, after = (read_release(FolderTree(ROOT), one) for one in (old, new))
    assert after.comparison is not None
    assert after.comparison.dictionary == dictionary()
    assert apply(after.comparison, before.snapshot) == {one.id: (one.kind, one.data) for one in after.snapshot.entries}


@pytest.mark.parametrize("id", OWN[:2])
def test_the_outlines_say_nothing_derived(id: str) -> None:
    found = read_release(FolderTree(ROOT), id)
    chapters = [one for one in found.snapshot.entries if one.kind == "chapter"]
    assert len(chapters) >= 9
    assert {one.data["basis"] for one in chapters} == {"stated"}
