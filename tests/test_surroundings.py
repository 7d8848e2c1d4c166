"""The harness of the surroundings isn't blind: each factor reaches programs, and a planted fault is named."""

import datetime
import itertools
from pathlib import Path

import pytest

from conftest import small_tree
from difference import first_difference
from surroundings import (
    FACTORS,
    PRELOAD,
    Row,
    choose,
    compile_locales,
    covered,
    jobs_known,
    needles,
    pairs,
    prepare,
    snapshot,
)  # fmt: skip

PLAIN: Row = {name: values[0] for name, values in FACTORS.items()}
LEAK = """

_as_json = as_json


def as_json(value: Any, *, indent: int | None = 2) -> bytes:
    import sys

    from seen import seen

    leaking = isinstance(value, dict) and "guideline" in value and "items" in value and "artifacts" not in value
    return _as_json({**value, "leak": seen(sys.argv)} if leaking else value, indent=indent)
"""
"""What a careless programmer might add to renderers/data.py: an artifact that tells of its surroundings."""


@pytest.fixture(scope="module")
def locales(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compile_locales(tmp_path_factory.mktemp("locales") / "compiled")


def small(folder: Path) -> Path:
    """Write the small guideline into `folder`."""
    for path, data in small_tree().content.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


def alone() -> list[Row]:
    """Return rows that differ from the plain one in one factor; every value of every factor once."""
    return [{**PLAIN, name: value} for name, values in FACTORS.items() for value in values[1:]]


def test_every_value_is_seen_by_a_program(tmp_path: Path, locales: Path) -> None:
    sources = small(tmp_path / "sources")
    plain = prepare(sources, tmp_path / "plain", locales, PLAIN).seen()
    seen = {name: [plain[name]] for name in FACTORS}
    for number, row in enumerate(alone()):
        name = next(name for name in FACTORS if row[name] != PLAIN[name])
        found = prepare(sources, tmp_path / f"{number:02d}", locales, row).seen()
        seen[name].append(found[name])
        changed = {other for other in FACTORS if found[other] != plain[other]}
        assert changed <= {name, "path"}, f"{name} moves {changed}"  # each copy has a folder of its own
    for name, values in FACTORS.items():
        if name != "jobs" or jobs_known():
            assert len(set(seen[name])) == len(values), f"{name} doesn't bite: {seen[name]}"
    assert [year for year in seen["clock"][1:]] == ["1999", "2038"]
    assert seen["umask"] == ["0o644", "0o600", "0o666"]
    assert seen["locale"] == ["January", "1月", "Ocak"]
    assert seen["home"] == ["", "Hostile Home"]


def test_paths_are_as_named(tmp_path: Path, locales: Path) -> None:
    sources = small(tmp_path / "sources")
    for value in FACTORS["path"]:
        root = str(prepare(sources, tmp_path / value, locales, {**PLAIN, "path": value}).root)
        assert (len(root) >= 200) == (value == "long")
        assert (" " in root) == (value == "space")
        assert root.isascii() == (value != "日本語")


def test_a_planted_fault_is_named_for_each_factor(tmp_path: Path, locales: Path) -> None:
    """A package that writes what it sees into edition.json is caught; the place of the first difference names it."""
    sources = snapshot(tmp_path / "sources")
    for path in sorted((sources / "guideline").rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    small(sources)
    (sources / "generators/shishin/fonts").rename(tmp_path / "fonts")  # thirty megabytes that JSON needs not
    data = sources / "generators/shishin/renderers/data.py"
    data.write_text(data.read_text(encoding="utf-8") + LEAK, encoding="utf-8")
    last = {name: {**PLAIN, name: values[-1]} for name, values in FACTORS.items()}
    if not jobs_known():
        del last["jobs"]
    plain = prepare(sources, tmp_path / "a", locales, PLAIN)
    assert plain.build("--to", "json") == ""
    edition = plain.dist / "working/edition.json"
    told = edition.read_text(encoding="utf-8")
    for name, row in last.items():
        place = prepare(sources, tmp_path / "b" / name, locales, row)
        assert place.build("--to", "json") == ""
        other = place.dist / "working/edition.json"
        text = other.read_text(encoding="utf-8")
        if name != "path":  # each place has a folder of its own: here it isn't the factor
            text = text.replace(str(place.root), str(plain.root))
        assert str(plain.root) in told
        other.write_text(text, encoding="utf-8")
        said = first_difference(plain.dist, place.dist)
        assert said.startswith(f"working/edition.json → $.leak.{name}: "), said


def test_sixteen_rows_hold_every_pair() -> None:
    rows = choose(FACTORS, 16)
    assert covered(rows) == pairs(FACTORS)
    assert rows[0] == PLAIN
    assert len({tuple(row.items()) for row in rows}) == 16
    assert choose(FACTORS, 16) == rows == choose(FACTORS, 18)[:16]


def test_pairs_are_counted_right() -> None:
    factors = {"a": ("1", "2"), "b": ("x", "y"), "c": ("p",)}
    assert len(pairs(factors)) == 4 + 2 + 2
    assert len(pairs(factors, 3)) == 4
    rows = [{"a": "1", "b": "x", "c": "p"}, {"a": "2", "b": "y", "c": "p"}]
    assert pairs(factors) - covered(rows) == {(("a", "1"), ("b", "y")), (("a", "2"), ("b", "x"))}
    assert covered(choose(factors, 4)) == pairs(factors)
    chosen = choose(FACTORS, 16)
    for one, other in itertools.combinations(FACTORS, 2):
        both = {(one, a, other, b) for a in FACTORS[one] for b in FACTORS[other]}
        assert both == {(one, row[one], other, row[other]) for row in chosen}


def test_needles_are_what_a_build_is_told(tmp_path: Path, locales: Path) -> None:
    place = prepare(small(tmp_path / "sources"), tmp_path / "place", locales, PLAIN)
    told = needles(tmp_path, "2011-03-11")
    for name in ("HOME", "TMPDIR", "USER", "HOST_NAME", "EMAIL"):
        assert any(needle in place.environment[name] for needle in told), name
    machine = place.run(
        "-c", "import getpass, platform, socket; print(getpass.getuser(), socket.gethostname(), platform.node())"
    )
    assert all(any(needle in word for needle in told) for word in machine.stdout.split()), machine.stdout
    assert {"1999-12-31", "D:20380119", "1999年12月31日", "19 Jan 2038"} <= set(told)
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    assert today in told
    assert today not in needles(tmp_path, today)


def test_the_preload_is_only_for_builds() -> None:
    """A file of that name on our own path would change how all tests list folders."""
    import sys

    assert str(PRELOAD) not in sys.path
