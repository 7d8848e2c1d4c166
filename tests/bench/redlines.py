"""Run Docxodus once on the two Word files in a folder and print what that took: {"wall": …, "cpu": …}.

    python redlines.py FOLDER

Runs in the peers' environment, which has neither this package nor ours.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from python_redlines import DocxodusEngine  # type: ignore[import-not-found]


def main(folder: Path) -> None:
    """Compare old.docx and new.docx; starting Python and unpacking the program aren't timed."""
    old, new = ((folder / f"{side}.docx").read_bytes() for side in ("old", "new"))
    engine = DocxodusEngine(target_path=str(folder / "docxodus"))
    before, start = _cpu(), time.perf_counter()
    data, _, _ = engine.run_redline("shishin", old, new, date_time="2026-11-22T00:00:00Z")
    took = {"wall": time.perf_counter() - start, "cpu": _cpu() - before}
    (folder / "docxodus.docx").write_bytes(data)
    print(json.dumps(took))


def _cpu() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
