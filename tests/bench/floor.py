"""The least a build that has nothing to do must do: start Python and stat every source and output file.

python floor.py ROOT
"""

import os
import sys

waiting = [os.path.join(sys.argv[1], name) for name in ("guideline", "schemas", "site", "dist")]  # noqa: PTH118  # pathlib would cost more than the walk
while waiting:
    with os.scandir(waiting.pop()) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                waiting.append(entry.path)
            else:
                entry.stat(follow_symlinks=False)
