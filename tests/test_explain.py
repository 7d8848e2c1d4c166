"""The catalogue of codes is complete, its examples are real, and the manual's list is made from it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

from conftest import ROOT, small_tree
from shishin.check import check as check_data
from shishin.explain import catalogue, explain, listed, manual, near, own_entries, raw
from shishin.pipeline import check
from shishin.problem import Problem
from shishin.tree import MAX_BYTES, DictTree, FolderTree

PAGE = ROOT / "site/manual/06-codes.md"
KEYS = {"severity", "title", "meaning", "file", "at", "wrong", "mended", "instead", "moved", "with", "encoding", "kind"}
KEYS |= {"followers"}
SOURCES = sorted((ROOT / "generators/shishin").rglob("*.py"))
CODES = raw()["codes"]


def codes_in(text: str) -> set[str]:
    """The codes a module can emit: they stand as whole strings in the source."""
    return set(re.findall(r'"([A-Z]\d{2,3})"', text))


def test_the_catalogue_has_every_code_of_the_source_and_no_other() -> None:
    found = {code for path in SOURCES for code in codes_in(path.read_text(encoding="utf-8"))}
    assert sorted(found - set(CODES)) == []
    assert sorted(set(CODES) - found) == []


def test_a_new_code_would_be_missed() -> None:
    assert codes_in('report("Q901", 1)') == {"Q901"}


@pytest.mark.parametrize("code", CODES)
def test_an_entry_is_complete_and_short(code: str) -> None:
    one = CODES[code]
    assert set(one) <= KEYS
    assert one["severity"] in ("error", "warning", "note")
    assert code[0] in raw()["groups"]
    for language in ("ja", "en"):
        assert 0 < len(one["title"][language]) <= 80
        sentences = re.findall(r"[。.?](?:\s|$|[^」\w])", one["meaning"][language] + " ")
        assert len(one["meaning"][language]) <= (160 if language == "ja" else 300), len(one["meaning"][language])
        assert one["meaning"][language].endswith(("。", ".", "?")), sentences


def files_of(code: str, form: str) -> tuple[dict[str, bytes], str, int]:
    """The small guideline with an example in it; the example's file and the number of lines before it."""
    one: Mapping[str, Any] = CODES[code]
    files = dict(small_tree().content)
    more = one.get("with", {})
    for path, text in (raw()["shared"][more] if isinstance(more, str) and more else more or {}).items():
        files[path] = text.encode()
    path = one["moved"] if form == "mended" and "moved" in one else one["file"]
    text = one[form]
    if one.get("kind") == "large":
        text = text * (MAX_BYTES // len(text.encode()) + 1) if form == "wrong" else text
    base = files.get(path, b"").decode()
    replaced = one.get("instead", one["mended"])
    before = 0
    if path in files and replaced in base:
        assert base.count(replaced) == 1, f"{replaced!r} stands {base.count(replaced)} times in {path}"
        before = base[: base.index(replaced)].count("\n")
        text = base.replace(replaced, text)
    else:
        assert "instead" not in one, f"{replaced!r} is not in {path}"
        assert path not in small_tree().content or path in (more or {}), f"the mended example is not in {path}"
    encoding = one.get("encoding", "utf-8") if form == "wrong" else "utf-8"
    files[path] = text.encode(encoding, "surrogatepass" if encoding == "utf-8" else "strict")
    return files, path, before


def problems_of(code: str, form: str, folder: Path) -> tuple[Problem, ...]:
    files, path, _ = files_of(code, form)
    if CODES[code].get("kind") not in ("link", "large"):
        return check(DictTree(files))
    for name, data in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if name == path and form == "wrong" and CODES[code]["kind"] == "link":
            target.symlink_to(data.decode().strip())
        else:
            target.write_bytes(data)
    return check(FolderTree(folder))


WITH_EXAMPLE = [code for code in CODES if "wrong" in CODES[code]]


def test_only_a_net_for_the_unforeseen_has_no_example() -> None:
    assert set(CODES) - set(WITH_EXAMPLE) == {"M409", "Y116"}  # Y116: no example that every system refuses to read


@pytest.mark.parametrize("code", WITH_EXAMPLE)
def test_the_wrong_example_gives_the_code_at_its_place(code: str, tmp_path: Path) -> None:
    one = CODES[code]
    _, path, before = files_of(code, "wrong")
    file, line, column = one["at"].rsplit(":", 2) if one["at"].count(":") == 2 else (path, *one["at"].split(":"))
    expected = f"{file}:{int(line) + (0 if one['at'].count(':') == 2 else before)}:{column}"
    found = problems_of(code, "wrong", tmp_path)
    places = [f"{problem.position.file}:{problem.position.line}:{problem.position.column}" for problem in found]
    told = [(problem.code, place) for problem, place in zip(found, places, strict=True)]
    assert (code, expected) in told
    others = {problem.code for problem in found if problem.severity != "note"} - {code}
    assert others == set(one.get("followers", ()))
    assert {problem.severity for problem in found if problem.code == code} == {one["severity"]}


@pytest.mark.parametrize("code", WITH_EXAMPLE)
def test_the_mended_example_is_fine(code: str, tmp_path: Path) -> None:
    assert [problem for problem in problems_of(code, "mended", tmp_path) if problem.severity != "note"] == []


def test_explain_tells_in_both_languages() -> None:
    japanese, english = explain("s102", "ja"), explain("S102", "en")
    assert japanese is not None
    assert english is not None
    assert japanese.startswith("S102  知らない名前の欄がある［誤り］\n")
    assert "誤った例 (guideline/chapters/ch-one.yml)\n\n    laed: |\n" in japanese
    assert english.startswith("S102  A field nobody knows [error]\n")
    assert "Mended (guideline/chapters/ch-one.yml)\n\n    lead: |\n" in english


def test_an_unknown_code_leads_to_the_nearest() -> None:
    assert explain("S199", "ja") is None
    assert near("s111")[0] == "S110"
    assert {code[0] for code in near("S999")} <= {"S"}
    assert near("Z104")
    assert near("???") == ()


RULES = """\
- id: chapter-lead
  title: 章には前文がある
  kind: chapter
  when: item.part == "body"
  holds: item.lead
  field: title
  severity: warning
  message: 章に前文がありません。
"""
WORDS = "- id: w-office\n  title: 事務局\n  words: [事務所]\n  reason: 組織の名称\n"


def test_rules_and_words_of_a_guideline_are_told_too() -> None:
    guideline, _ = check_data(small_tree(**{"guideline/rules.yml": RULES, "guideline/words.yml": WORDS}))
    assert guideline is not None
    own = own_entries([*guideline.aids["rule"], *guideline.aids["word"]])
    assert explain("chapter-lead", "ja", own) == (
        "chapter-lead  章には前文がある［注意］\n\n  指針の規則です（guideline/rules.yml:1）。"
        '種別 chapter の項目ごとに、次が成り立つかを調べます: item.part == "body" → item.lead\n'
    )
    told = explain("w-office", "en", own)
    assert told is not None
    assert "A rule on words (guideline/words.yml:1): 組織の名称" in told
    assert near("chapter-led", own) == ("chapter-lead",)
    assert "w-office  「事務局」と書く\n" in listed("ja", own)


def test_what_nobody_sees_is_shown() -> None:
    told = explain("Y109", "ja")
    assert told is not None
    assert "はじめ<U+2028>の章" in told
    assert "\u2028" not in told


def test_the_list_has_one_line_a_code() -> None:
    assert [line.split("  ")[0] for line in listed("en").splitlines()] == list(CODES)


def test_the_manual_lists_the_codes(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--update-golden"):
        PAGE.write_text(manual(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == manual(), "run `make golden` and look at the difference"


def test_every_code_of_the_manual_is_an_anchor() -> None:
    anchors = re.findall(r'<a id="([a-z0-9]+)">', manual())
    assert sorted(anchors) == sorted({code.lower() for code in (*catalogue(), *raw()["groups"])})


def test_readers_see_what_the_catalogue_says() -> None:
    """Signs such as ** or [^1] stand in the manual as themselves."""
    tokens = MarkdownIt().parse(manual())
    shown = {"".join(one.content for one in token.children or () if one.type != "html_inline") for token in tokens}
    for entry in catalogue().values():
        assert f"{entry.code}　{entry.title.ja}" in shown
        assert any(text.endswith(entry.meaning.ja) for text in shown), entry.code
