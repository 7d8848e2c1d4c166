"""Whether stored editions are as they were stored: every changed, missing, added or renamed file, by its name.

Two witnesses tell what belongs there: SHA256SUMS, and release.json, which names the same hashes and seals itself. So
an edited manifest is told apart from an edited file. Hidden files aren't looked at: nothing reads them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any

from shishin import __version__
from shishin.cache import code
from shishin.manifest import EDITIONS, INFO, LIMIT, NAME, RECORD, digest, parsed, unsealed, written
from shishin.problem import Failure, Position, Problem, Words
from shishin.tree import Refused, Tree

REQUIRED = ("document.json", "edition.json", INFO, NAME)
_TEXT = (".json", NAME)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing about a stored edition.

    `kind` is changed, missing, added, renamed, unreadable or unlike (what is composed now differs); "note" where
    nothing is wrong. `file` is its name in the edition's folder, "" for the edition as a whole.
    """

    edition: str
    file: str
    kind: str
    message: Words
    hint: Words | None = None


Original = Callable[[str], Iterator[bytes]]
"""Gives the contents that a path has had in Git, the newest first."""
Reassemble = Callable[[Mapping[str, Any]], Mapping[str, bytes] | None]
"""Composes the content again from the commit that release.json names; None where that commit isn't there."""


def verify(
    tree: Tree,
    id: str = "",
    *,
    original: Original | None = None,
    reassemble: Reassemble | None = None,
    tools: Mapping[str, str] | None = None,
) -> tuple[Finding, ...]:
    """Return what is wrong with the stored editions (or one of them); raise Failure where it isn't stored.

    `tools` are those of today: where others made an edition, content that is composed otherwise now is no fault.
    """
    folders = _folders(tree)
    successors = _successors(tree, folders)
    known = sorted({*folders, *successors})
    if id and id not in known:
        raise Failure(
            Words(ja=f"版「{id}」は確定していません。", en=f"The edition '{id}' is not released."),
            Words(ja="確定した版: " + ("、".join(known) or "なし"), en="Released: " + (", ".join(known) or "none")),
        )
    found: list[Finding] = []
    for edition in [id] if id else known:
        own = findings(tree, f"{EDITIONS}/{edition}", original=original) if edition in folders else ()
        info = _info(tree, edition)
        if not own:
            own = tuple(_chained(edition, info, successors.get(edition, {})))
        if not own and reassemble is not None:
            own = tuple(_again(tree, edition, info, reassemble, tools or {"shishin": __version__, "code": code()}))
        found += own
    return tuple(found)


def findings(
    tree: Tree, folder: str, *, original: Original | None = None, complete: bool = True
) -> tuple[Finding, ...]:
    """Return what is wrong with the stored files in a folder of a tree.

    `complete` wants the files that every release has; without it only what the manifests name is looked at.
    """
    return tuple(_Folder(tree, folder, original).findings(complete=complete))


def problems(tree: Tree) -> Iterator[Problem]:
    """Yield a problem for every stored file that isn't as it was stored; files that were added are strays."""
    for edition in _folders(tree):
        folder = f"{EDITIONS}/{edition}"
        if f"{folder}/{NAME}" not in tree.files(folder):
            continue
        for one in findings(tree, folder, complete=False):
            if one.kind != "added":
                yield Problem(
                    code="R316",
                    severity="error",
                    position=Position(file=f"{folder}/{one.file}"),
                    path="",
                    message=one.message,
                    hint=one.hint,
                )


class _Folder:
    """The stored files of one edition, and what the witnesses say about them."""

    def __init__(self, tree: Tree, folder: str, original: Original | None) -> None:
        self.folder, self.original = folder, original
        self.edition = folder.rpartition("/")[2]
        self.data: dict[str, bytes] = {}
        self.refused: list[Finding] = []
        for path in tree.files(folder):
            name = path.removeprefix(f"{folder}/")
            if name == RECORD:
                continue
            self.data[name] = b""
            try:
                self.data[name] = tree.raw(path, LIMIT)
            except Refused as refused:
                self.refused.append(self.finding(name, "unreadable", refused.message, refused.hint))
        self.hashes = {name: digest(data) for name, data in self.data.items()}
        self.listed, self.bad = parsed(self.data.get(NAME, b""))
        self.expected, self.doubted = self.witnesses()

    def finding(self, file: str, kind: str, message: Words, hint: Words | None = None) -> Finding:
        return Finding(edition=self.edition, file=file, kind=kind, message=message, hint=hint)

    def witnesses(self) -> tuple[dict[str, str], set[str]]:
        """Return the hash each file should have, and which of the two witnesses isn't to be believed.

        A sealed release.json is believed before the manifest, under whatever name it lies there now.
        """
        for name in sorted(self.data, key=lambda one: (one != INFO, one)):
            info, whole = unsealed(self.data[name])
            if (
                whole
                and "files" in info
                and (name == INFO or self.listed.get(INFO, self.hashes[name]) == self.hashes[name])
            ):
                found = {**info["files"], INFO: self.hashes[name]}
                return {**found, NAME: digest(written(found))}, set()
        doubted = {INFO} if INFO in self.data else set()
        named = unsealed(self.data.get(INFO, b""))[0].get("files")
        named = named if isinstance(named, dict) else {}
        if NAME not in self.data:
            return named, doubted
        vouched = {name: hash for name, hash in named.items() if self.hashes.get(name) == hash}
        if self.bad or any(self.listed.get(name) != hash for name, hash in vouched.items()):
            doubted.add(NAME)
        return {**self.listed, **vouched}, doubted

    def findings(self, *, complete: bool) -> Iterator[Finding]:
        yield from self.refused
        told = {one.file for one in self.refused}
        expected = self.expected
        missing = [name for name in expected if name not in self.data]
        missing += [name for name in REQUIRED if complete and name not in self.data and name not in missing]
        added = [name for name in self.data if expected and name not in expected and name not in (NAME, INFO)]
        for name in sorted(missing):
            new = next((one for one in added if self.hashes[one] == expected.get(name)), None)
            if new is not None:
                added.remove(new)
                yield self.renamed(name, new)
            else:
                yield self.gone(name)
        for name in added:
            yield self.more(name)
        for name in sorted(self.data.keys() - told - set(added)):
            if name in self.doubted or self.hashes[name] != expected.get(name, self.hashes[name]):
                yield self.changed(name, expected.get(name, ""))

    # ------------------------------------------------------------ in words

    def renamed(self, old: str, new: str) -> Finding:
        return self.finding(
            old,
            "renamed",
            Words(ja=f"{old} の名前が {new} に変わっています。", en=f"{old} was renamed to {new}."),
            Words(ja=f"名前を {old} に戻してください。", en=f"Name it {old} again."),
        )

    def gone(self, name: str) -> Finding:
        return self.finding(name, "missing", Words(ja=f"{name} がありません。", en=f"{name} is missing."), _RESTORE)

    def more(self, name: str) -> Finding:
        return self.finding(
            name,
            "added",
            Words(ja=f"{name} は、確定したときになかったファイルです。", en=f"{name} was added after the release."),
            Words(ja="この版のフォルダの外に移してください。", en="Move it out of the edition's folder."),
        )

    def changed(self, name: str, wanted: str) -> Finding:
        ja, en = f"{name} が、確定したときの内容と違います", f"{name} is not what was stored"
        hint = _RESTORE
        data = self.data[name]
        other = next((one for one, hash in self.expected.items() if hash == self.hashes[name] and one != name), None)
        if digest(data.replace(b"\r\n", b"\n")) == wanted:
            ja, en = f"{ja}（改行が CRLF になっています）", f"{en} (its line ends became CRLF)"
            hint = Words(
                ja=".gitattributes に「guideline/editions/** -text」と書き、ファイルを取り出し直してください。",
                en="Write 'guideline/editions/** -text' into .gitattributes and check the file out again.",
            )
        elif other is not None:
            ja, en = f"{ja}（中身は {other} です）", f"{en} (it holds {other})"
        elif (before := self.before(name, wanted)) is not None:
            place = _first_difference(before, data, text=name.endswith(_TEXT))
            ja, en = f"{ja}（{place.ja}）", f"{en} ({place.en})"
        return self.finding(name, "changed", Words(ja=f"{ja}。", en=f"{en}."), hint)

    def before(self, name: str, wanted: str) -> bytes | None:
        """Return what a file held when it was stored, where that can be told."""
        if name == NAME:
            rows = written({one: hash for one, hash in self.expected.items() if one != NAME})
            return rows if digest(rows) == wanted else None
        found = self.original(f"{self.folder}/{name}") if self.original else iter(())
        return next((data for data in found if digest(data) == wanted), None)


_RESTORE = Words(
    ja="Git の履歴か、配った控えから元のファイルを戻してください。",
    en="Restore the file from Git or from a copy that was handed out.",
)


def _first_difference(old: bytes, new: bytes, *, text: bool) -> Words:
    place = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))
    if not text:
        return Words(ja=f"{place + 1} バイト目から", en=f"from byte {place + 1} on")
    line = old.count(b"\n", 0, place) + 1
    return Words(ja=f"{line} 行目、{place + 1} バイト目から", en=f"from line {line}, byte {place + 1} on")


# ---------------------------------------------------------------- beyond one folder


def _folders(tree: Tree) -> dict[str, None]:
    """Return the ids of the editions with anything stored beside the record."""
    depth = EDITIONS.count("/") + 1
    paths = (path.split("/") for path in tree.files(EDITIONS))
    return dict.fromkeys(parts[depth] for parts in paths if len(parts) > depth + 1 and parts[depth + 1 :] != [RECORD])


def _info(tree: Tree, edition: str) -> dict[str, Any]:
    path = f"{EDITIONS}/{edition}/{INFO}"
    try:
        facts, whole = unsealed(tree.raw(path, LIMIT)) if path in tree.files(f"{EDITIONS}/{edition}") else ({}, False)
    except Refused:
        return {}
    return facts if whole else {}


def _successors(tree: Tree, folders: Mapping[str, None]) -> dict[str, dict[str, str]]:
    """Return, by the id of a superseded edition, the hash that each later release knows it by."""
    found: dict[str, dict[str, str]] = {}
    for edition in folders:
        older = _info(tree, edition).get("supersedes")
        if isinstance(older, dict):
            found.setdefault(str(older.get("id")), {})[edition] = str(older.get("hash"))
    return found


def _chained(edition: str, info: Mapping[str, Any], successors: Mapping[str, str]) -> Iterator[Finding]:
    for later, hash in successors.items():
        if info.get("hash") != hash:
            yield Finding(
                edition=edition,
                file="",
                kind="changed" if info else "missing",
                message=Words(
                    ja=f"後の版 {later} が記録している確定版（{hash[:12]}…）と違います。",
                    en=f"This is not the release that the later edition {later} names ({hash[:12]}…).",
                ),
                hint=_RESTORE,
            )


def _again(
    tree: Tree, edition: str, info: Mapping[str, Any], reassemble: Reassemble, tools: Mapping[str, str]
) -> Iterator[Finding]:
    """Compose the content again and compare it with what is stored."""
    other = [name for name in sorted(tools) if info["tools"].get(name, tools[name]) != tools[name]]
    before = "、".join(f"{name} {info['tools'][name][:16]}" for name in other)
    now = "、".join(f"{name} {tools[name][:16]}" for name in other)
    kind = "note" if other else "unlike"
    whole = Finding(edition=edition, file="", kind="note", message=Words(ja="", en=""))
    if not info["commit"]:
        ja = "コミットされていない内容から確定したため、組み立て直しては確かめていません。"
        yield replace(whole, message=Words(ja=ja, en="Not composed again: it was released without a commit."))
        return
    try:
        again = reassemble(info)
    except Failure as failure:
        yield replace(whole, kind=kind, message=failure.message, hint=failure.hint)
        return
    if again is None:
        commit = str(info["commit"])[:12]
        ja = f"元のコミット {commit} がこの控えにないため、組み立て直しては確かめていません。"
        yield replace(whole, message=Words(ja=ja, en=f"Not composed again: the commit {commit} isn't in this clone."))
        return
    for name in sorted(again):
        stored = tree.raw(f"{EDITIONS}/{edition}/{name}", LIMIT)
        if stored == again[name]:
            continue
        if other and (items := _items_unlike(stored, again[name])):
            listed = "、".join(items[:3]) + (" …" if len(items) > 3 else "")
            ja = f"元のコミットと {name} で、項目の中身が違います（{listed}）。"
            en = f"Items of {name} are not those of the recorded commit ({listed})."
            yield replace(whole, file=name, kind="unlike", message=Words(ja=ja, en=en))
            continue
        place = _first_difference(stored, again[name], text=True)
        ja = f"元のコミットから今組み立てた {name} が、確定したものと違います（{place.ja}）。"
        en = f"{name} composed now from the recorded commit differs from the stored one ({place.en})."
        if other:
            ja += f"道具が変わったためです（確定時: {before}、今: {now}）。確定したファイルはそのままです。"
            en += f" The tools have changed (stored: {before}; now: {now}); the stored file is untouched."
        yield replace(whole, file=name, kind=kind, message=Words(ja=ja, en=en))


def _items_unlike(stored: bytes, again: bytes) -> tuple[str, ...]:
    """Return the items of two files of one format whose fields differ: no change of the tool explains that."""
    try:
        old, new = json.loads(stored), json.loads(again)
        if old["format"] != new["format"]:
            return ()
        sides = tuple({one["id"]: one["fields"] for one in data.get("items", ())} for data in (old, new))
    except (ValueError, KeyError, TypeError, AttributeError):
        return ()
    return tuple(sorted(id for id in sides[0].keys() | sides[1].keys() if sides[0].get(id) != sides[1].get(id)))
