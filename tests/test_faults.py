"""Whatever a user does to a guideline gives problems or one clear failure: never a traceback, a hang or a silent loss."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import CHAPTER, LAST, ROOT, SETTINGS, small_tree
from shishin.pipeline import check
from shishin.problem import Failure
from shishin.schema import load_schemas, shipped
from shishin.tree import DictTree, FolderTree


def codes(**changes: str | None) -> set[str]:
    return {one.code for one in check(small_tree(**changes)) if one.severity != "note"}


@pytest.mark.parametrize(
    ("lead", "code"),
    [
        ("[[Ch-Two]]", "R301"),
        ("[[用語]]", "R301"),
        ("[[ch_two]]", "R301"),
        ("> " * 25 + "深い", "M410"),
        ("| a | b |\n  |---|---|\n  | 1 | 2 | 失われる |", "M412"),
        ("注[^1]。\n\n  [^1]: 注の中の注[^2]。\n  [^2]: 中身。", "M411"),
        ("[x](#ch-two--nowhere)", "R306"),
    ],
)
def test_nothing_in_a_field_is_lost_in_silence(lead: str, code: str) -> None:
    assert code in codes(ch_one=CHAPTER.replace("この章は[[ch-two]]へ\n  つながる。", lead))


def test_deep_lists_are_a_problem_and_shallow_ones_are_not() -> None:
    def nested(levels: int) -> str:
        return "\n".join("  " + "  " * level + "- 段" for level in range(levels)).lstrip()

    assert "M410" in codes(ch_one=CHAPTER.replace("この章は[[ch-two]]へ\n  つながる。", nested(30)))
    assert codes(ch_one=CHAPTER.replace("この章は[[ch-two]]へ\n  つながる。", nested(4))) == set()


TEMPLATE_FAULTS = [
    "{{ 1/0 }}",
    "{{ [].pop() }}",
    "{{ place(item) }}",
    "{{ settings.update({'title': 'x'}) }}",
    "{% include 'parts/own.md.j2' %}",
    "{{ items('tsak') }}",
    "{% for x in items('tsak') %}{% endfor %}",
    "{{ choices('chapter', 'nix') | join('') }}",
    "{{ item_of('nix') }}",
    "{{ diagram(id='x', kind='nix', group='y', edges='z') }}",
    "{{ note('a', 'b', look='nix') }}",
    "{{ table(look='nix') }}\n\n| a |\n|---|\n",
]


@pytest.mark.parametrize("template", TEMPLATE_FAULTS)
def test_a_fault_in_a_template_is_one_problem(template: str) -> None:
    problems = check(
        small_tree(
            ch_refs=LAST.replace("- references\n", "- references\n  - own\n"),
            **{"guideline/templates/parts/own.md.j2": template},
        )
    )
    assert {one.code for one in problems} & {"T501", "T503"}
    assert problems[0].position.file.startswith("guideline/templates/")


def test_two_heads_for_one_table() -> None:
    own = {"guideline/templates/parts/own.md.j2": "{{ table(caption='a') }}\n\n{{ table(caption='b') }}\n"}
    assert "T504" in codes(ch_refs=LAST.replace("- references\n", "- references\n  - own\n"), **own)


@pytest.mark.parametrize(
    "change",
    [
        {"$defs": {"a": {"$ref": "#/$defs/a"}}, "properties": {"id": {"$ref": "term.schema.json#/$defs/a"}}},
        {"properties": {"id": {"type": "string", "x-ref": ["nix"]}}},
        {"properties": {"id": {"type": "string", "pattern": "["}}},
        {"properties": {"id": {"$ref": "nix.schema.json#/$defs/a"}}},
        {"required": ["id", "title", "nix"]},
        {"x-title": "nix"},
        {"x-sort": "nix"},
        {"properties": {"id": {"type": "array"}}},
        {"x-kind": {"name": "term", "use": "item", "file": "terms.yml", "colour": "red"}},
    ],
)
def test_a_wrong_schema_is_a_problem_with_its_file(change: dict[str, object]) -> None:
    schema = json.loads(shipped("schemas")["term.schema.json"])
    properties = {**schema["properties"], **change.get("properties", {})}  # type: ignore[dict-item]
    text = json.dumps({**schema, **change, "properties": properties})
    schemas, problems = load_schemas(DictTree({"schemas/term.schema.json": text.encode()}))
    assert schemas is None
    assert {one.position.file for one in problems} == {"schemas/term.schema.json"}
    assert all(one.code.startswith("C2") for one in problems)


@pytest.mark.parametrize("day", ["1800-01-01", "0000-01-01", "1950-01-01", "2026-02-30", "x"])
def test_dates_that_outputs_cannot_carry(day: str) -> None:
    assert codes(guideline=SETTINGS.replace("2026-11-22", day)) == {"S105"}


def test_a_number_of_five_thousand_digits() -> None:
    assert codes(ch_one=CHAPTER.replace("order: 1", "order: " + "9" * 5000)) == {"S104"}


def test_the_start_folder_may_be_no_link_and_a_pipe_hangs_nobody(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "guideline").symlink_to(tmp_path / "real")
    with pytest.raises(Failure, match="link"):
        FolderTree(tmp_path).files("guideline")
    os.mkfifo(tmp_path / "real" / "pipe.yml")
    assert FolderTree(tmp_path).files("real") == ()


def test_a_relative_root_builds_the_site(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    for name in ("guideline", "schemas", "site", "mkdocs.yml"):
        (project / name).symlink_to(ROOT / name)
    for name in ("guideline", "schemas", "site"):  # links are refused: copy what must be real
        (project / name).unlink()
        subprocess.run(["cp", "-r", str(ROOT / name), str(project / name)], check=True)
    done = subprocess.run(
        [sys.executable, "-m", "shishin", "build", "--root", "project", "--to", "site"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT / "generators")},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (project / "dist/working/site/index.html").exists()


def test_a_link_in_the_site_folder_is_not_published(tmp_path: Path) -> None:
    for name in ("guideline", "schemas", "site"):
        subprocess.run(["cp", "-r", str(ROOT / name), str(tmp_path / name)], check=True)
    subprocess.run(["cp", str(ROOT / "mkdocs.yml"), str(tmp_path)], check=True)
    (tmp_path / "site/assets/leak.txt").symlink_to("/etc/hostname")
    done = subprocess.run(
        [sys.executable, "-m", "shishin", "build", "--to", "site", "--lang", "en"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT / "generators")},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 1
    assert "is a link" in done.stderr
    assert "Traceback" not in done.stderr


def test_texts_and_names_in_the_settings_are_checked() -> None:
    more = (
        "notice: |\n  <b>x</b> [x](javascript:1) [[nix]]\nsite:\n  pages: [nix]\npaper:\n  numbered_mentions: [nix]\n"
    )
    assert codes(guideline=SETTINGS + more) == {"M402", "M403", "R301", "R307"}
