"""Surroundings in which a guideline is built: time zone, locale, clock, path …, and sets of them that cover all pairs.

The factors are real ones: locales are compiled, the clock is libfaketime's, the folder has the name, Git has the
configuration. Two things are done in Python only, by preload/sitecustomize.py: the order in which folders are listed
and the machine's name. libfaketime reaches programs that are linked dynamically: Python with Typst, LibreOffice,
Git. The pandoc of pypandoc_binary is static: it sees the real clock, and all that keeps the date of its documents is
SOURCE_DATE_EPOCH.
"""

from __future__ import annotations

import datetime
import getpass
import hashlib
import itertools
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import zoneinfo
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from difference import first_difference

ROOT = Path(__file__).parent.parent
PRELOAD = Path(__file__).parent / "preload"
SOURCES = ("generators", "guideline", "schemas", "site", "mkdocs.yml")

FACTORS: Mapping[str, tuple[str, ...]] = {
    "zone": ("UTC", "Asia/Tokyo", "America/St_Johns"),
    "locale": ("C", "ja_JP.UTF-8", "tr_TR.UTF-8"),
    "umask": ("022", "077", "000"),
    "seed": ("0", "1", "4711"),
    "jobs": ("1", "2"),
    # the last hour of a year by UTC is another year elsewhere; 2^31 seconds are over a few seconds after 03:14:00
    "clock": ("now", "1999-12-31 23:30:00", "2038-01-19 03:14:00"),
    "path": ("short", "long", "space", "日本語"),
    "home": ("empty", "hostile"),
    "epoch": ("", "1"),
    "ends": ("lf", "crlf"),
    "order": ("native", "reversed", "shuffled"),
}
"""Factor → its values; the first ones together are the plainest surroundings."""

Row = Mapping[str, str]
"""Factor → value: the surroundings of one build."""

NAMES = {
    "HOST_NAME": "machine-of-nobody-",
    "USER": "user-of-nobody-",
    "LOGNAME": "user-of-nobody-",
    "EMAIL": "mail-of-nobody-",
}
"""What user and machine are called in every build, with a number of the build's own behind it."""

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

HOSTILE = {
    # git: configuration of a user who has set everything that could disturb
    ".gitconfig": """\
[user]
\tname = Hostile Home
\temail = hostile@example.invalid
[core]
\thooksPath = {home}/hooks
\tfsmonitor = {home}/hooks/monitor
\tautocrlf = true
\tquotePath = true
\tpager = false
[alias]
\tls-tree = !false
\tcat-file = !false
[init]
\ttemplateDir = {home}/template
[diff]
\texternal = false
\tnoprefix = true
[color]
\tui = always
""",
    ".config/git/attributes": "* text=auto eol=crlf\n",
    # fontconfig: every family is another
    ".config/fontconfig/fonts.conf": """\
<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig>
<match target="pattern"><edit name="family" mode="assign" binding="strong"><string>Nowhere</string></edit></match>
</fontconfig>
""",
    # pandoc: a template and translations of the user's own, where old and new versions look for them
    ".local/share/pandoc/templates/default.openxml": "hostile",
    ".local/share/pandoc/translations/ja.yaml": "Figure: hostile\n",
    ".pandoc/templates/default.openxml": "hostile",
    ".pandoc/translations/ja.yaml": "Figure: hostile\n",
    # Jinja, MkDocs, pip and Python know no file in HOME that counts in a virtual environment
    "hooks/post-checkout": "#!/bin/sh\nexit 1\n",
    "hooks/monitor": "#!/bin/sh\nexit 1\n",
    "template/hooks/pre-commit": "#!/bin/sh\nexit 1\n",
}


# ---------------------------------------------------------------- sets of surroundings


def pairs(factors: Mapping[str, Sequence[str]], size: int = 2) -> set[tuple[tuple[str, str], ...]]:
    """Return every combination of `size` factors' values."""
    chosen = itertools.combinations(factors, size)
    return {
        tuple(zip(names, values, strict=True))
        for names in chosen
        for values in itertools.product(*(factors[name] for name in names))
    }


def covered(rows: Iterable[Row], size: int = 2) -> set[tuple[tuple[str, str], ...]]:
    """Return the combinations of `size` values that stand together in one of the rows."""
    return {found for row in rows for found in itertools.combinations(row.items(), size)}


def choose(factors: Mapping[str, Sequence[str]], count: int, seed: int = 2) -> tuple[Row, ...]:
    """Return `count` rows, always the same: the first is the plainest, each next one has the most new pairs.

    Where no pair is left, the most new triples decide. With the seed as it is 16 rows hold all pairs of FACTORS.
    """
    chance = random.Random(seed)
    rows: list[Row] = [{name: values[0] for name, values in factors.items()}]
    have2, have3 = covered(rows, 2), covered(rows, 3)
    wanted = pairs(factors)

    def gain(row: Row) -> tuple[int, int]:
        return len(covered([row], 2) - have2), len(covered([row], 3) - have3)

    while len(rows) < count:
        rest = sorted(wanted - have2)
        tries = [_candidate(factors, chance, rest, have2) for _ in range(60)]
        best = max(tries, key=gain)
        rows.append(best)
        have2 |= covered([best], 2)
        have3 |= covered([best], 3)
    return tuple(rows)


def _candidate(
    factors: Mapping[str, Sequence[str]],
    chance: random.Random,
    rest: Sequence[tuple[tuple[str, str], ...]],
    have: set[tuple[tuple[str, str], ...]],
) -> Row:
    """Return a row that holds one of the pairs of `rest`; each further value makes the most new pairs."""
    row = dict(chance.choice(rest)) if rest else {}
    for name in chance.sample(sorted(factors), len(factors)):
        if name not in row:
            values = chance.sample(factors[name], len(factors[name]))
            row[name] = max(values, key=lambda value: len(_new({**row, name: value}, name, factors) - have))
    return {name: row[name] for name in factors}


def _new(row: Row, name: str, factors: Mapping[str, Sequence[str]]) -> set[tuple[tuple[str, str], ...]]:
    ordered = {factor: row[factor] for factor in factors if factor in row}
    return {pair for pair in itertools.combinations(ordered.items(), 2) if name in dict(pair)}


# ---------------------------------------------------------------- what must be there


@cache
def fake_clock() -> Path:
    """Return the library that gives programs another clock."""
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    assert found, "libfaketime is missing: run tests/install-programs"
    return found[0]


def compile_locales(folder: Path) -> Path:
    """Compile the locales of the factors into `folder`, which becomes LOCPATH."""
    folder.mkdir()
    for name in FACTORS["locale"]:
        language, _, charset = name.partition(".")
        if charset:
            done = subprocess.run(
                ["localedef", "-i", language, "-f", charset, str(folder / name)],
                capture_output=True,
                text=True,
                check=False,
            )
            assert (folder / name / "LC_TIME").is_file(), f"{done.stderr}: run tests/install-programs"
    return folder


@cache
def jobs_known() -> bool:
    """Tell whether `shishin build` has --jobs."""
    command = [sys.executable, "-m", "shishin", "build", "--help"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "generators")}
    return "--jobs" in subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


# ---------------------------------------------------------------- one build


@dataclass(frozen=True, kw_only=True)
class Place:
    """A copy of the sources in surroundings of its own: `root` is its folder, `row` tells how it is run there."""

    row: Row
    root: Path
    home: Path
    environment: Mapping[str, str] = field(repr=False)

    @property
    def dist(self) -> Path:
        """What a build has made."""
        return self.root / "dist"

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run Python here."""
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=self.root,
            env=dict(self.environment),
            umask=int(self.row["umask"], 8),
            capture_output=True,
            text=True,
            check=False,
            timeout=400,
        )

    def seen(self) -> dict[str, str]:
        """Return what a program sees here."""
        done = self.run("-m", "seen", *self._jobs())
        assert done.returncode == 0, done.stderr
        found: dict[str, str] = json.loads(done.stdout)
        return found

    def build(self, *arguments: str) -> str:
        """Build the guideline and return what went wrong, "" for nothing."""
        done = self.run("-m", "shishin", "build", *self._jobs(), *arguments)
        return "" if done.returncode == 0 else f"the build fails: {done.stdout}{done.stderr}"

    def _jobs(self) -> tuple[str, ...]:
        return ("--jobs", self.row["jobs"]) if jobs_known() else ()


def spellings(day: str) -> tuple[str, ...]:
    """Return how an ISO day may be written in a file: as ISO, as in PDF, in Japanese, in English."""
    date = datetime.date.fromisoformat(day)
    return (
        day,
        f"D:{date:%Y%m%d}",
        f"{date:%Y/%m/%d}",
        f"{date.year}年{date.month}月{date.day}日",
        f"{date.day:02d} {MONTHS[date.month - 1]} {date.year}",
        f"{MONTHS[date.month - 1]} {date.day}, {date.year}",
    )


def snapshot(folder: Path) -> Path:
    """Copy what a build reads into `folder`, so that all builds read the same."""
    leave_out = shutil.ignore_patterns("__pycache__")
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=leave_out)
        else:
            shutil.copy(ROOT / name, folder / name)
    return folder


def prepare(sources: Path, folder: Path, locales: Path, row: Row) -> Place:
    """Copy the sources below the new `folder` as the row says, and return the place."""
    root = folder / _name(row["path"], folder)
    home, temporary = root.with_name("家"), root.with_name("仮")
    for made in (root, home, temporary):
        made.mkdir(parents=True)
    files = sorted(path for path in sources.rglob("*") if path.is_file())
    for source in files if row["order"] == "native" else reversed(files):  # the order counts on tmpfs
        data = source.read_bytes()
        stored = "editions" in source.parts and source.name != "edition.yml"  # .gitattributes: their bytes stay
        if row["ends"] == "crlf" and b"\0" not in data and not stored:
            data = data.replace(b"\n", b"\r\n")  # what Git takes for text, as a Windows checkout has it
        target = root / source.relative_to(sources)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        if row["clock"] != "now":
            moment = datetime.datetime.fromisoformat(row["clock"]).replace(tzinfo=datetime.UTC).timestamp()
            os.utime(target, (moment, moment))
    if row["home"] == "hostile":
        for name, text in HOSTILE.items():
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            (home / name).write_text(text.replace("{home}", str(home)), encoding="utf-8")
            (home / name).chmod(0o755)
    return Place(row=row, root=root, home=home, environment=_environment(row, root, home, temporary, locales))


def _name(path: str, folder: Path) -> str:
    room = max(200 - len(str(folder)) - 1, 10)
    long = ("long" * 12 + "/") * (room // 49 + 1)
    return {
        "short": "g",
        "long": long[: room - 1] + "g",  # never ends with a slash
        "space": "a folder of mine/the guideline",
        "日本語": "日本語の指針",
    }[path]


def _environment(row: Row, root: Path, home: Path, temporary: Path, locales: Path) -> dict[str, str]:
    token = hashlib.sha256(json.dumps(dict(row)).encode()).hexdigest()[:12]
    found = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{root / 'generators'}{os.pathsep}{PRELOAD}",
        "PYTHONHASHSEED": row["seed"],
        "TZ": row["zone"],
        "LC_ALL": row["locale"],
        "LOCPATH": str(locales),
        "HOME": str(home),
        "TMPDIR": str(temporary),
        "LISTING": row["order"],
        **{name: value + token for name, value in NAMES.items()},
    }
    if row["epoch"]:
        found["SOURCE_DATE_EPOCH"] = row["epoch"]
    if row["clock"] != "now":
        # libfaketime reads local time. FAKETIME_DONT_FAKE_MONOTONIC stays unset: with it every second
        # subprocess.run(timeout=…) ends with "Invalid argument"; LibreOffice runs well without it.
        zone = zoneinfo.ZoneInfo(row["zone"])
        moment = datetime.datetime.fromisoformat(row["clock"]).replace(tzinfo=datetime.UTC).astimezone(zone)
        found |= {
            "LD_PRELOAD": str(fake_clock()),
            "FAKETIME": f"@{moment:%Y-%m-%d %H:%M:%S}",
            "NO_FAKE_STAT": "1",  # the sources have that clock's times; a shifted time would only unsettle Python's cache
        }
    return found


def build_all(sources: Path, folder: Path, locales: Path, rows: Sequence[Row]) -> tuple[Place, tuple[str, ...]]:
    """Build the guideline once for each row, two at a time.

    Return where the first was built, and where each of the others differs from it ("" for nowhere).
    All but the first are removed: a hundred megabytes each would add up.
    """
    folder.mkdir()

    def build(number: int) -> tuple[Place, str]:
        place = prepare(sources, folder / f"{number:02d}", locales, rows[number])
        return place, place.build()

    def compare(number: int) -> str:
        place, said = build(number)
        plain, failed = first.result()
        said = said or ("" if failed else first_difference(plain.dist, place.dist))
        shutil.rmtree(folder / f"{number:02d}")
        return said

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(build, 0)
        others = [pool.submit(compare, number) for number in range(1, len(rows))]
        try:
            plain, failed = first.result()
            assert failed == "", failed
            return plain, tuple(other.result() for other in others)
        finally:
            pool.shutdown(cancel_futures=True)  # where the first fails or someone interrupts


def needles(folder: Path, own_date: str) -> tuple[str, ...]:
    """Return what no artifact made below `folder` may tell: folders, user, machine, the day of any of the clocks.

    `own_date` is the edition's date, which may be that of today. Names of a few letters occur in any text.
    """
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    days = {clock.partition(" ")[0] for clock in FACTORS["clock"] if clock != "now"} | {today}
    own = {name for name in (socket.gethostname(), getpass.getuser(), Path.home().name) if len(name) > 5}
    written = itertools.chain.from_iterable(spellings(day) for day in sorted(days - {own_date}))
    return (str(folder), str(ROOT), *NAMES.values(), *sorted(own), *written)
