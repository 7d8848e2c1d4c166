"""The benchmark: ours and the peers in turn, a table of goals, dist/bench.json.

python -m bench [--quick] [--runs N] [--only NAME,…] [--out FILE]
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from bench import commands, peers
from bench.commands import BIN, groups
from bench.goals import rows
from bench.measure import Broken, Figure, Judged, judge, measure, table
from bench.synthetic import PROJECT
from shishin.tools import pandoc

SIZES = (40, 500, 5000)


def main(arguments: list[str] | None = None) -> int:
    """Measure, print the table, write the JSON; 1 where something could not be measured."""
    given = _parser().parse_args(arguments)
    sizes, runs = (SIZES[:2], min(given.runs, 2)) if given.quick else (SIZES, given.runs)
    only = {name.strip() for name in given.only.split(",") if name.strip()}
    chosen = [group for group in groups(sizes) if not only or {group.name, group.name.partition("-")[0]} & only]
    if not chosen:
        print("--only: " + ", ".join(group.name for group in groups(sizes)), file=sys.stderr)
        return 2
    start = time.monotonic()

    def tell(words: str) -> None:
        print(f"[{time.monotonic() - start:5.0f} s] {words}", file=sys.stderr, flush=True)

    tell("installing the peers, compiling")
    commands.WORK.mkdir(parents=True, exist_ok=True)
    figures: dict[str, Figure | Broken] = {}
    failed: list[str] = []
    try:
        peers.install(commands.WORK / "venv")
    except Broken as reason:  # ours can be measured without them
        failed.append(str(reason))
    peers.compile_all(BIN.parent / "lib")
    peers.compile_all(PROJECT / "generators")
    for group in chosen:
        tell(f"{group.name}: making its input")
        try:
            figures |= measure(group.ready(), min(runs, group.most), tell)
        except Broken as reason:
            failed.append(f"{group.name}: {reason}")
            tell(f"failed: {reason}")
        except KeyboardInterrupt:
            failed.append(f"interrupted in {group.name}")
            break
    judged = [judge(row, figures) for row in rows(sizes) if row.ours in figures or not only]
    failed += [str(figure) for figure in figures.values() if isinstance(figure, Broken)]
    print(table(judged))
    given.out.parent.mkdir(parents=True, exist_ok=True)
    report = _report(judged, figures, failed)
    given.out.write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", "utf-8")
    tell(f"written: {given.out}")
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure this tool against its peers.")
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="most runs of each command (default: 5)")
    parser.add_argument("--quick", action="store_true", help="two runs, without the 5,000 items")
    parser.add_argument("--only", default="", metavar="NAME,…", help="only these groups: start, check, pdf-40 …")
    parser.add_argument("--out", type=Path, default=PROJECT / "dist/bench.json", metavar="FILE", help="the JSON file")
    return parser


def _report(
    judged: Sequence[Judged], figures: Mapping[str, Figure | Broken], failed: Sequence[str]
) -> dict[str, object]:
    """Return the measurement as data. It tells of one machine at one moment: no two are the same."""
    pins = dict(line.split("==") for line in peers.REQUIREMENTS.read_text("utf-8").splitlines() if "==" in line)
    own = ("shishin", "mkdocs", "mkdocs-material", "typst", "jsonschema-rs", "pyyaml")
    return {
        "note": "A measurement, not reproducible: seconds, and megabytes of the largest process; medians.",
        "machine": {
            "cores": os.cpu_count(),
            "system": f"{platform.system()} {platform.machine()}",
            "python": platform.python_version(),
            "load": [round(load, 2) for load in os.getloadavg()],
        },
        "versions": {name: version(name) for name in own} | {"pandoc": pandoc.version()},
        "peers": {name: pins[name] for name in ("check-jsonschema", "strictdoc", "weasyprint", "python-redlines")},
        "rows": [asdict(one) for one in judged],
        "commands": {
            name: {"failed": str(figure)} if isinstance(figure, Broken) else {"runs": len(figure.runs), **figure.data()}
            for name, figure in figures.items()
        },
        "failed": list(failed),
    }


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that what is being measured ends with us
    sys.exit(main())
