"""Start one command and write what it took: a small process of its own, with nothing imported that it doesn't need.

python -I -S watch.py REPORT PROGRAM ARGUMENT…
"""

import json
import os
import resource
import sys
import time

report, *argv = sys.argv[1:]
start = time.perf_counter()
try:
    process = os.posix_spawnp(argv[0], argv, os.environ)
except OSError as error:
    sys.exit(f"{argv[0]}: {error.strerror}")
_, status = os.waitpid(process, 0)
wall = time.perf_counter() - start
used = resource.getrusage(resource.RUSAGE_CHILDREN)  # its children that it waited for, too
megabyte = 1024 if sys.platform == "linux" else 1024 * 1024  # Linux tells kilobytes, macOS bytes
with open(report, "w") as file:  # noqa: PTH123  # pathlib would make this process larger
    json.dump(
        {
            "wall": wall,
            "cpu": used.ru_utime + used.ru_stime,
            "rss": used.ru_maxrss / megabyte,
            "code": os.waitstatus_to_exitcode(status),
        },
        file,
    )
