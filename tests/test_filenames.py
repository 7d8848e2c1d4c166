"""Names of files: those another system can't keep, or can't tell apart, are found; ordinary ones are let alone."""

from __future__ import annotations

import pytest

from conftest import ROOT
from shishin.filenames import colliding_names
from shishin.tree import FolderTree


def test_the_shipped_names_are_sound() -> None:
    tree = FolderTree(ROOT)
    assert list(colliding_names([*tree.files("guideline"), *tree.files("schemas")])) == []


@pytest.mark.parametrize(
    ("paths", "blamed"),
    [
        (["guideline/tasks/a.yml", "guideline/tasks/A.yml"], ["guideline/tasks/a.yml"]),
        (["guideline/Tasks/a.yml", "guideline/tasks/b.yml", "guideline/tasks/c.yml"], ["guideline/tasks/b.yml"]),
        (["guideline/が.yml", "guideline/か\u3099.yml"], ["guideline/が.yml"]),
        (["guideline/straße.yml", "guideline/STRASSE.yml"], ["guideline/straße.yml"]),
        (["guideline/aux.yml"], ["guideline/aux.yml"]),
        (["guideline/CON"], ["guideline/CON"]),
        (["guideline/com1.tar.yml"], ["guideline/com1.tar.yml"]),
        (["guideline/lpt²"], ["guideline/lpt²"]),
        (["guideline/nul/a.yml", "guideline/nul/b.yml"], ["guideline/nul/a.yml"]),
        (["guideline/a:b.yml"], ["guideline/a:b.yml"]),
        (["guideline/a\\b.yml"], ["guideline/a\\b.yml"]),
        (["guideline/what?.yml"], ["guideline/what?.yml"]),
        (["guideline/a.yml."], ["guideline/a.yml."]),
        (["guideline/a /b.yml"], ["guideline/a /b.yml"]),
        (["guideline/a\u202egnp.yml"], ["guideline/a<U+202E>gnp.yml"]),
        (["guideline/a\u200bb.yml"], ["guideline/a<U+200B>b.yml"]),
        (["guideline/a\nb.yml"], ["guideline/a<U+000A>b.yml"]),
        (["guideline/a\u3164.yml"], ["guideline/a<U+3164>.yml"]),
        (["guideline/a\ufe0f.yml"], ["guideline/a<U+FE0F>.yml"]),
        (["guideline/a\udcff.yml"], ["guideline/a<U+DCFF>.yml"]),
        (["guideline/a\U000e0041.yml"], ["guideline/a<U+E0041>.yml"]),
        (["guideline/console.yml", "guideline/auxiliary.yml", "guideline/com.yml", "guideline/com10.yml"], []),
        (["guideline/章 1.yml", "guideline/.yml", "guideline/が.yml", "guideline/a-b_c.yml"], []),
    ],
)
def test_names_of_files(paths: list[str], blamed: list[str]) -> None:
    problems = list(colliding_names(paths))
    assert [one.position.file for one in problems] == blamed
    assert {one.code for one in problems} <= {"R313"}
    for problem in problems:
        (problem.message.ja + problem.message.en + problem.position.file).encode(
            "utf-8"
        )  # nothing that can't be printed
        assert problem.message.ja.isprintable()


def test_the_other_name_is_told_whatever_the_order() -> None:
    paths = ["guideline/A.yml", "guideline/a.yml"]
    assert list(colliding_names(paths)) == list(colliding_names(reversed(paths)))
    assert "guideline/A.yml" in next(colliding_names(paths)).message.ja
