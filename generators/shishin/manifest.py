"""The manifest of a stored edition: which files belong to it, and the SHA-256 of each.

Written as `sha256sum` writes it, so that `sha256sum -c SHA256SUMS` needs nothing of ours. The record edition.yml is
no part of it: an edition may be postponed or abolished after it was stored.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from shishin.tree import Refused, Tree

EDITIONS = "guideline/editions"
RECORD = "edition.yml"
INFO = "release.json"
NAME = "SHA256SUMS"
LIMIT = 200_000_000
"""A larger stored file is refused; a paper of thousands of items has some 20 MB."""
_LINE = re.compile(rb"([0-9a-f]{64})  ([A-Za-z0-9][A-Za-z0-9._-]*)")


def digest(data: bytes) -> str:
    """Return the SHA-256 of some bytes in hex."""
    return sha256(data).hexdigest()


def written(hashes: Mapping[str, str]) -> bytes:
    """Return the manifest of these files, by name."""
    return "".join(f"{hashes[name]}  {name}\n" for name in sorted(hashes)).encode("ascii")


def parsed(data: bytes) -> tuple[dict[str, str], tuple[int, ...]]:
    """Return the hash of each file a manifest names, and its lines (from 1) that say nothing usable."""
    found: dict[str, str] = {}
    bad: list[int] = []
    lines = data.split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    for number, line in enumerate(lines, 1):
        match = _LINE.fullmatch(line)
        name = match[2].decode("ascii") if match else ""
        if match is None or name in found or name in (RECORD, NAME):
            bad.append(number)
        else:
            found[name] = match[1].decode("ascii")
    return found, tuple(bad)


def sealed(info: Mapping[str, Any]) -> bytes:
    """Return release.json: its facts, and a seal over them that tells whether the file is as it was written."""
    return _json({**info, "seal": digest(_json(info))})


def unsealed(data: bytes) -> tuple[dict[str, Any], bool]:
    """Return the facts of a release.json ({} where it is none), and whether the file is as it was written."""
    try:
        info = json.loads(data)
    except ValueError:
        return {}, False
    if not isinstance(info, dict):
        return {}, False
    facts = {key: value for key, value in info.items() if key != "seal"}
    return facts, sealed(facts) == data


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "surrogatepass")


def released(tree: Tree) -> tuple[str, ...]:
    """Return the ids of the editions that are stored, sorted."""
    return tuple(
        path.split("/")[-2] for path in tree.files(EDITIONS) if path.endswith(f"/{NAME}") and path.count("/") == 3
    )


def stored_paths(tree: Tree, paths: Iterable[str]) -> frozenset[str]:
    """Return which of a guideline's files belong to stored editions: those a manifest names, and the manifests."""
    found: set[str] = set()
    for path in paths:
        if not path.endswith(f"/{NAME}"):
            continue
        folder = path.rpartition("/")[0]
        if folder.rpartition("/")[0] == EDITIONS:
            found.add(path)
            try:
                found |= {f"{folder}/{one}" for one in parsed(tree.raw(path, LIMIT))[0]}
            except Refused:  # told by the check of stored files
                continue
    return frozenset(found)
