"""Run commands in turn and tell what each took: wall and CPU seconds, peak memory, as medians of several runs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median

HERE = Path(__file__).parent
LIMIT = 900
"""Seconds after which a command is given up."""


class Broken(Exception):
    """A command couldn't be measured; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run: wall and CPU (user and system, with all its children) in seconds, memory of the largest process in MB."""

    wall: float
    cpu: float
    rss: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command to measure.

    `before` makes its starting point, untimed; it gets the number of the round, from 1. With `inner` the command
    times itself and prints {"wall": …, "cpu": …} as its last line. `rounds` is the most often it is worth running.
    """

    name: str
    argv: tuple[str, ...]
    folder: Path
    before: Callable[[int], None] = lambda number: None
    inner: bool = False
    rounds: int = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What several runs of a command gave."""

    runs: tuple[Run, ...]

    def median(self, by: str) -> float:
        """Return the median of "wall", "cpu" or "rss"."""
        return float(median(getattr(run, by) for run in self.runs))

    def data(self) -> dict[str, dict[str, float]]:
        """Return median, least and most of everything that was measured."""
        found = {by: [getattr(run, by) for run in self.runs] for by in ("wall", "cpu", "rss")}
        return {
            by: {"median": round(median(all_), 4), "min": round(min(all_), 4), "max": round(max(all_), 4)}
            for by, all_ in found.items()
        }


def environment() -> dict[str, str]:
    """Return the environment of every measured command: nothing in it may slow Python down or change what is written."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return kept | {"LC_ALL": "C.UTF-8", "NO_COLOR": "1", "NO_MKDOCS_2_WARNING": "1"}


def run(command: Command, number: int = 1) -> Run:
    """Run a command once; raise Broken with what it said where it fails."""
    try:
        command.before(number)
    except OSError as error:
        raise Broken(f"{command.name}: {error}") from error
    with tempfile.TemporaryDirectory() as folder:
        report, told = Path(folder) / "report", Path(folder) / "told"
        # The memory of the process that starts a command counts as the command's: it must be a small one.
        watch = [sys.executable, "-I", "-S", str(HERE / "watch.py"), str(report), *command.argv]
        with told.open("wb") as output:
            process = subprocess.Popen(
                watch,
                cwd=command.folder,
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                process.wait(LIMIT)
            except subprocess.TimeoutExpired as late:
                raise Broken(f"{command.name}: not finished after {LIMIT} s") from late
            finally:
                with suppress(ProcessLookupError):  # what it may have left running would disturb the next
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        lines = told.read_text("utf-8", "replace").strip().splitlines()
        found = json.loads(report.read_text()) if report.exists() else {"code": "no start"}
        if found.pop("code") != 0:
            raise Broken(f"{command.name}: {' / '.join(lines[-3:])[-300:] or 'failed without a word'}")
        if command.inner:
            found |= json.loads(lines[-1])
        return Run(**found)


def measure(commands: Sequence[Command], rounds: int, tell: Callable[[str], None]) -> dict[str, Figure | Broken]:
    """Run the commands one after another, `rounds` times over (A B A B …), so that a slow minute hits all alike.

    Where one fails, the others go on; its place is taken by the reason.
    """
    runs: dict[str, list[Run]] = {command.name: [] for command in commands}
    broken: dict[str, Broken] = {}
    for number in range(1, rounds + 1):
        for command in commands:
            if command.name in broken or number > command.rounds:
                continue
            tell(f"{command.name} ({number}/{min(rounds, command.rounds)})")
            try:
                runs[command.name].append(run(command, number))
            except Broken as reason:
                broken[command.name] = reason
                tell(f"failed: {reason}")
    return {name: broken.get(name) or Figure(runs=tuple(found)) for name, found in runs.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A goal: `ours` / `peer` (names of commands) may be at most `goal`; without a peer, `ours` itself.

    `by` says what counts: "wall", "cpu" or "rss".
    """

    what: str
    ours: str
    peer: str
    by: str
    goal: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A row with what was measured; `why` says why there is no figure.

    `cpu` is the ratio of CPU seconds: what to look at where other work on the machine disturbs the wall clock.
    """

    row: Row
    ours: float | None = None
    peer: float | None = None
    ratio: float | None = None
    cpu: float | None = None
    met: bool | None = None
    why: str = ""


def judge(row: Row, figures: Mapping[str, Figure | Broken]) -> Judged:
    """Return the row with its medians, the ratio and whether the goal is met."""
    found: list[Figure] = []
    for name in filter(None, (row.ours, row.peer)):
        figure = figures.get(name)
        if not isinstance(figure, Figure):
            return Judged(row=row, why=str(figure or f"{name}: not run"))
        found.append(figure)
    values = [figure.median(row.by) for figure in found]
    value = values[0] / values[1] if row.peer else values[0]
    met = None if row.goal is None else value <= row.goal
    if not row.peer:
        return Judged(row=row, ours=value, met=met)
    cpu = found[0].median("cpu") / found[1].median("cpu")
    return Judged(row=row, ours=values[0], peer=values[1], ratio=value, cpu=cpu, met=met)


def table(rows: Iterable[Judged]) -> str:
    """Return the rows as a table for people."""
    head = ("what", "ours", "peer", "ratio", "goal", "met", "CPU ratio")
    lines = [head, *(_cells(judged) for judged in rows)]
    widths = [max(len(line[column]) for line in lines if len(line) > 2) for column in range(len(head))]
    widths[0] = max(len(line[0]) for line in lines)
    return "\n".join(
        "  ".join(cell.ljust(widths[0]) if not place else cell.rjust(widths[place]) for place, cell in enumerate(line))
        if len(line) > 2
        else f"{line[0].ljust(widths[0])}  {line[1]}"
        for line in lines
    )


def _cells(judged: Judged) -> tuple[str, ...]:
    row = judged.row
    if judged.why:
        return row.what, f"not measured: {judged.why}"
    unit = " MB" if row.by == "rss" else " s"
    values = [f"{value:.4g}{unit}" if value is not None else "-" for value in (judged.ours, judged.peer)]
    ratios = [f"{ratio:.2f}" if ratio is not None else "-" for ratio in (judged.ratio, judged.cpu)]
    goal = "-" if row.goal is None else f"≤ {row.goal:g}{'' if row.peer else unit}"
    return row.what, *values, ratios[0], goal, {True: "yes", False: "MISSED", None: "-"}[judged.met], ratios[1]
