"""Two revisions of a guideline in a Git repository of their own: every tenth item says something else in the second."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from bench.measure import Broken
from bench.synthetic import measure, measure_id

OLD, NEW = "HEAD~1", "HEAD"
EACH = 10


def commit_twice(root: Path, items: int) -> None:
    """Commit the guideline in `root`, change every tenth item and commit again."""
    _git(root, "init", "--quiet")
    _commit(root)
    for number in range(0, items, EACH):
        file = root / f"guideline/measures/{measure_id(number)}.yml"
        file.write_text(measure(number, items, edited=1), "utf-8", newline="\n")
    _commit(root)


def _commit(root: Path) -> None:
    _git(root, "add", "--all")
    _git(root, "commit", "--quiet", "--message", "content")


def _git(root: Path, *arguments: str) -> None:
    who = {f"GIT_{one}_{name}": "bench@example.org" for one in ("AUTHOR", "COMMITTER") for name in ("NAME", "EMAIL")}
    alone = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}
    done = subprocess.run(
        ("git", *arguments), cwd=root, env={**os.environ, **who, **alone}, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise Broken(f"git {arguments[0]}: {done.stderr.strip()[-300:]}")
