"""The benchmark itself: that it sees what it must see, and compares like with like. Nothing here has a time to beat."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from bench import __main__ as bench
from bench import commands, peers, revisions, synthetic
from bench.goals import rows
from bench.measure import Broken, Command, Figure, Row, Run, judge, measure, run, table
from shishin import pipeline
from shishin.check import check
from shishin.compose import compose
from shishin.document import Block, Document, Section, Table, plain
from shishin.document import Figure as Picture
from shishin.edition import working_edition
from shishin.tools import pandoc
from shishin.tree import DictTree, FolderTree


def python(name: str, code: str, folder: Path, **more: Any) -> Command:
    return Command(name=name, argv=(sys.executable, "-c", code), folder=folder, **more)


def figure(*walls: float) -> Figure:
    return Figure(runs=tuple(Run(wall=wall, cpu=wall / 2, rss=100) for wall in walls))


ROW = Row(what="a / b", ours="a", peer="b", by="wall", goal=0.5)


# ---------------------------------------------------------------- measuring: planted faults


def test_a_sleep_shows_in_wall_and_not_in_cpu(tmp_path: Path) -> None:
    found = run(python("sleep", "import time; time.sleep(1)", tmp_path))
    assert found.wall >= 1
    assert found.cpu < 0.9


def test_work_shows_in_cpu(tmp_path: Path) -> None:
    code = "import time\nwhile time.process_time() < 0.6: pass"
    assert run(python("busy", code, tmp_path)).cpu >= 0.6


def test_work_of_a_child_shows_in_cpu(tmp_path: Path) -> None:
    code = "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'import time\\nwhile time.process_time() < 0.6: pass'])"
    assert run(python("busy child", code, tmp_path)).cpu >= 0.6


def test_memory_shows_and_is_that_of_the_largest_process(tmp_path: Path) -> None:
    plain_ = run(python("small", "pass", tmp_path)).rss
    code = "block = bytearray(b'x') * (150 << 20)"
    large = run(python("large", code, tmp_path)).rss
    assert large > plain_ + 140
    twice = f"import subprocess, sys\n{code}\nsubprocess.run([sys.executable, '-c', {code!r}])"
    assert run(python("two", twice, tmp_path)).rss < 1.5 * large  # not their sum


def test_the_memory_of_who_measures_does_not_count(tmp_path: Path) -> None:
    ballast = bytearray(b"x") * (150 << 20)
    assert run(python("small", "pass", tmp_path)).rss < 100
    assert ballast


def test_what_times_itself_is_believed(tmp_path: Path) -> None:
    code = "print('other words'); print('{\"wall\": 7.5, \"cpu\": 3.5}')"
    found = run(python("inner", code, tmp_path, inner=True))
    assert (found.wall, found.cpu) == (7.5, 3.5)
    assert found.rss > 1


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        ((sys.executable, "-c", "import sys; sys.exit('the reason')"), "the reason"),
        ((sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"), "without a word"),
        (("/no/such/program",), "/no/such/program"),
    ],
)
def test_a_failure_is_no_measurement(argv: tuple[str, ...], words: str, tmp_path: Path) -> None:
    with pytest.raises(Broken, match=words):
        run(Command(name="broken", argv=argv, folder=tmp_path))


def test_a_starting_point_that_can_not_be_made_is_told(tmp_path: Path) -> None:
    with pytest.raises(Broken, match="no-such-file"):
        run(python("late", "pass", tmp_path, before=lambda number: (tmp_path / "no-such-file").unlink()))


def test_commands_run_in_turn_and_one_failure_stops_no_other(tmp_path: Path) -> None:
    order: list[str] = []
    told: list[str] = []

    def command(name: str, code: str = "pass", **more: Any) -> Command:
        return python(name, code, tmp_path, before=lambda number: order.append(f"{name}{number}"), **more)

    given = [command("a"), command("b", rounds=1), command("c", "raise SystemExit(3)"), command("d")]
    found = measure(given, 3, told.append)
    assert order == ["a1", "b1", "c1", "d1", "a2", "d2", "a3", "d3"]
    assert [len(one.runs) if isinstance(one, Figure) else "broken" for one in found.values()] == [3, 1, "broken", 3]
    assert told[0] == "a (1/3)"


def test_a_command_that_hangs_is_given_up_with_its_children(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bench.measure.LIMIT", 1)
    code = "import pathlib, subprocess\nchild = subprocess.Popen(['sleep', '60'])\n"
    code += "pathlib.Path('child').write_text(str(child.pid))\nchild.wait()"
    with pytest.raises(Broken, match="not finished after 1 s"):
        run(python("hangs", code, tmp_path))
    with pytest.raises(ProcessLookupError):
        while True:  # until the system has taken it away
            os.kill(int((tmp_path / "child").read_text()), 0)
            time.sleep(0.05)


def test_nothing_in_the_environment_slows_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("PYTHONDEVMODE", "1")
    code = "import os, sys; sys.exit(str([name for name in os.environ if name.startswith('PYTHON')] or 0))"
    with pytest.raises(Broken, match=r"broken: 0$"):
        run(python("broken", code, tmp_path))


# ---------------------------------------------------------------- judging


def test_the_ratio_is_that_of_the_medians() -> None:
    found = judge(ROW, {"a": figure(1, 2, 90), "b": figure(4, 5, 6)})
    assert (found.ours, found.peer, found.ratio, found.cpu, found.met) == (2, 5, 0.4, 0.4, True)


@pytest.mark.parametrize(("wall", "met"), [(2.0, True), (2.01, False)])
def test_a_goal_is_met_up_to_its_value(wall: float, met: bool) -> None:
    assert judge(ROW, {"a": figure(wall), "b": figure(4)}).met is met


def test_a_goal_without_a_peer_is_an_absolute_one() -> None:
    row = replace(ROW, peer="", by="rss", goal=150)
    assert judge(row, {"a": figure(1)}).met is True
    assert judge(replace(row, goal=99), {"a": figure(1)}).met is False


def test_a_figure_without_a_goal_is_neither_met_nor_missed() -> None:
    assert judge(replace(ROW, goal=None), {"a": figure(1), "b": figure(4)}).met is None


def test_a_row_that_was_not_measured_says_why() -> None:
    lost = judge(ROW, {"a": figure(1), "b": Broken("b: no such program")})
    assert (lost.ratio, lost.met, lost.why) == (None, None, "b: no such program")
    assert judge(ROW, {"a": figure(1)}).why == "b: not run"
    assert "not measured: b: no such program" in table([lost])


def test_the_table_tells_missed_goals() -> None:
    lines = table([judge(ROW, {"a": figure(3), "b": figure(4)}), judge(ROW, {"a": figure(1), "b": figure(4)})])
    assert [line.split()[-2] for line in lines.splitlines()] == ["CPU", "MISSED", "yes"]


# ---------------------------------------------------------------- the synthetic guideline


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("synthetic") / "forty"
    synthetic.write_guideline(folder, 40)
    return folder


@pytest.fixture(scope="module")
def document(folder: Path) -> Document:
    guideline, problems = check(FolderTree(folder))
    assert guideline is not None
    assert problems == ()
    return compose(working_edition(guideline)).document


def test_it_has_the_promised_items_and_no_problem(folder: Path) -> None:
    assert len(list((folder / "guideline/measures").iterdir())) == 40
    assert pipeline.check(FolderTree(folder)) == ()


def test_it_is_the_same_every_time() -> None:
    assert dict(synthetic.files(40, pages=True)) == dict(synthetic.files(40, pages=True))


@pytest.mark.parametrize("items", [1, 40, 500])
def test_every_size_is_whole(items: int) -> None:
    files = dict(synthetic.files(items, pages=True))
    measures = [yaml.load(text, yaml.CSafeLoader) for path, text in files.items() if "/measures/" in path]
    ids = {one["id"] for one in measures}
    assert len(measures) == len(ids) == items
    assert all({*one.get("related", ())} <= ids - {one["id"]} for one in measures)
    assert {one["chapter"] for one in measures} == {synthetic.chapter_id(number) for number in range(-(-items // 100))}
    letters = sum(len(re.findall(r"[^\x00-\x7f]", text)) for path, text in files.items() if "/measures/" in path)
    assert 700 <= letters / items <= 1000


def test_the_largest_has_its_number_too() -> None:
    paths = [path for path, _ in synthetic.files(5000, pages=False)]
    assert len({path for path in paths if "/measures/" in path}) == 5000
    assert len([path for path in paths if "/ch-group-" in path]) == 50


def test_a_large_site_has_a_page_per_chapter(tmp_path: Path) -> None:
    settings = {pages: dict(synthetic.files(40, pages=pages))["guideline/guideline.yml"] for pages in (True, False)}
    assert ("measure" in settings[True], "site:" in settings[False]) == (True, False)


def test_each_edit_is_a_new_text_that_passes(folder: Path) -> None:
    texts = [synthetic.measure(20, 40, edited=number) for number in range(4)]
    assert len(set(texts)) == 4
    files = {path: text.encode() for path, text in synthetic.files(40, pages=True)}
    path = f"guideline/measures/{synthetic.measure_id(20)}.yml"
    assert files[path] == texts[0].encode()
    assert pipeline.check(DictTree({**files, path: texts[3].encode()})) == ()


# ---------------------------------------------------------------- the peers get the same work


def text_of(blocks: tuple[Block, ...]) -> Iterator[str]:
    """Yield every text of a synthetic document in the order pandoc keeps it."""
    for block in blocks:
        match block:
            case Section():
                yield block.number + plain(block.title)
                yield from text_of(block.blocks)
            case Table():
                yield block.number + plain(block.caption)
                for row in (*block.head, *block.rows):
                    for cell in row:
                        yield from text_of(cell.blocks)
            case Picture():
                raise AssertionError("the synthetic guideline has no pictures")
            case _ if hasattr(block, "items"):
                for entry in block.items:
                    yield from text_of(entry)
            case _ if hasattr(block, "inlines"):
                yield plain(block.inlines)


def test_pandoc_reads_the_same_text_from_markdown(document: Document) -> None:
    given = peers.markdown(document).encode()
    argv = [str(pandoc.program()), "-f", "markdown", "-t", "json"]
    tree = json.loads(subprocess.run(argv, input=given, capture_output=True, check=True).stdout)

    def words(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            if value.get("t") == "Str":
                yield value["c"]
            yield from words(list(value.values()))
        elif isinstance(value, list):
            for one in value:
                yield from words(one)

    def joined(texts: Iterator[str]) -> str:
        return re.sub(r"\s", "", "".join(texts))

    assert joined(words(tree["blocks"])) == joined(text_of(document.sections))
    kinds = [block["t"] for block in tree["blocks"]]
    assert kinds.count("Table") == 40 * 2 + 2  # a card and the parts of each item, the terms, the references
    assert json.dumps(tree).count('"Link"') > 40 * 5


def test_their_schema_takes_every_item_and_refuses_a_fault() -> None:
    schema = json.loads(peers.json_schema())
    assert "common.schema.json" not in json.dumps(schema)
    validator = jsonschema_rs.validator_for(schema)
    item = yaml.safe_load(synthetic.measure(7, 40))
    assert validator.is_valid(item)
    faults: list[dict[str, Any]] = [{"level": "none"}, {"id": "No Id"}, {"source": []}, {"more": 1}, {"order": "1"}]
    for fault in faults:
        assert not validator.is_valid({**item, **fault})


def test_strictdoc_gets_every_item_with_its_text() -> None:
    files = dict(peers.strictdoc_files(140))
    whole = "\n".join(files.values())
    assert sorted(files) == [
        "bodies.sdoc",
        "ch-group-001.sdoc",
        "ch-group-002.sdoc",
        "strictdoc_config.py",
        "terms.sdoc",
    ]
    assert whole.count("[REQUIREMENT]") == 140 + len(synthetic.BODIES) + len(synthetic.TERMS)
    item = yaml.safe_load(synthetic.measure(120, 140))
    texts = [item["title"], item["summary"], item["timing"], *item["cautions"], *item["outputs"]]
    assert all(text in files["ch-group-002.sdoc"] for text in texts)
    assert peers.strictdoc_chapter(1, 140, {120: 2}) != files["ch-group-002.sdoc"]


def test_the_pins_are_exact_and_name_no_address() -> None:
    lines = [line for line in peers.REQUIREMENTS.read_text("utf-8").splitlines() if not line.startswith("#")]
    assert {"check-jsonschema", "strictdoc", "weasyprint"} <= {line.partition("==")[0] for line in lines}
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+", line)] == []


# ---------------------------------------------------------------- the whole


def test_every_goal_has_its_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fresh(name: str, items: int, *, pages: bool | None = None) -> Path:
        root = tmp_path / name
        (root / "guideline/measures").mkdir(parents=True, exist_ok=True)
        return root

    monkeypatch.setattr(commands, "WORK", tmp_path)
    monkeypatch.setattr(commands, "_fresh", fresh)
    monkeypatch.setattr(commands, "_once", lambda argv, folder: None)
    monkeypatch.setattr(revisions, "commit_twice", lambda root, items: None)
    monkeypatch.setattr(commands, "_paper", lambda items: fresh("paper", items))
    monkeypatch.setattr(commands.papers, "word", lambda root, folder, name: None)
    monkeypatch.setattr(peers, "strictdoc_files", lambda items: ())
    monkeypatch.setattr(shutil, "which", lambda name: name)
    names = [command.name for group in commands.groups(bench.SIZES) for command in group.ready()]
    assert len(names) == len(set(names))
    assert {name for row in rows(bench.SIZES) for name in (row.ours, row.peer) if name} <= set(names)


def test_revisions_differ_in_every_tenth_item(tmp_path: Path) -> None:
    synthetic.write_guideline(tmp_path, 30, pages=False)
    revisions.commit_twice(tmp_path, 30)
    told = subprocess.run(
        ("git", "diff", "--name-only", revisions.OLD, revisions.NEW),
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told.stdout.split() == [f"guideline/measures/{synthetic.measure_id(number)}.yml" for number in (0, 10, 20)]


def test_the_command_prints_a_table_and_writes_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(commands, "WORK", tmp_path / "work")
    monkeypatch.setattr(peers, "install", lambda folder: None)
    monkeypatch.setattr(peers, "compile_all", lambda folder: None)
    out = tmp_path / "bench.json"
    assert bench.main(["--only", "start", "--runs", "2", "--out", str(out)]) == 0
    told = capsys.readouterr()
    assert "start-up / python -c pass" in told.out
    assert "shishin --version (2/2)" in told.err
    data = json.loads(out.read_text("utf-8"))
    assert [row["row"]["goal"] for row in data["rows"]] == [3]
    assert data["commands"]["python -c pass"]["runs"] == 2
    assert data["machine"]["cores"] >= 1


def test_groups_are_chosen_by_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ("check-500", "check-5000", "start")
    monkeypatch.setattr(bench, "groups", lambda sizes: [commands.Group(name=name, ready=list) for name in names])
    monkeypatch.setattr(commands, "WORK", tmp_path / "work")
    monkeypatch.setattr(peers, "install", lambda folder: None)
    monkeypatch.setattr(peers, "compile_all", lambda folder: None)
    chosen = []
    for only in ("check-500", "check", "start,check-500"):
        assert bench.main(["--only", only, "--out", str(tmp_path / "out.json")]) == 0
        chosen.append(re.findall(r"(\S+): making", capsys.readouterr().err))
    assert chosen == [["check-500"], ["check-500", "check-5000"], ["check-500", "start"]]


def test_an_unknown_group_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["--only", "stert"]) == 2
    assert "start, check-40" in capsys.readouterr().err
