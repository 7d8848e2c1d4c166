"""A released edition: reading what was stored, and making the files to store.

What was approved lies beside the record: edition.json (what it says), document.json (how it is composed),
comparison.json (against the edition it supersedes), the Word and PDF files, release.json (what made them, who decided)
and SHA256SUMS over all of them. Nothing else is needed to build it again: no content, schema, template or Git.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from shishin.comparison import Comparison
from shishin.document import FORMAT as DOCUMENT_FORMAT
from shishin.document import Document
from shishin.document import from_data as document_from
from shishin.document import to_data as document_data
from shishin.edition import issued
from shishin.manifest import EDITIONS, INFO, LIMIT, NAME, RECORD, digest, parsed, released, sealed, written
from shishin.problem import Failure, Words
from shishin.reasons import in_japanese
from shishin.renderers.data import RELEASE, as_json
from shishin.snapshot import FORMAT as SNAPSHOT_FORMAT
from shishin.snapshot import Snapshot
from shishin.snapshot import from_data as snapshot_from
from shishin.snapshot import to_data as snapshot_data
from shishin.tree import Tree
from shishin.write import alone, discard, keep_others, new_folder, swap_in

FORMAT = 1
"""Version of release.json's shape."""
EDITION, DOCUMENT, COMPARISON = "edition.json", "document.json", "comparison.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """An edition as it was stored. `files` are its stored files by name, with their hashes; `info` is release.json."""

    id: str
    snapshot: Snapshot
    document: Document
    comparison: Comparison | None
    info: Mapping[str, Any]
    files: Mapping[str, str]

    @property
    def hash(self) -> str:
        """What stands for the edition's content on papers and in the releases after it."""
        return str(self.info["hash"])

    @property
    def paper(self) -> Document:
        """The document as papers and the site print it: with the release's hash among its labels."""
        return stamped(self.document, self.hash)


def read_release(tree: Tree, id: str) -> Released:
    """Return a stored edition; raise Failure where there is none, or where its data isn't what was stored."""
    files = _files(tree, id)
    comparison = None
    if COMPARISON in files:
        from shishin.compare import FORMAT as COMPARISON_FORMAT
        from shishin.compare import from_data as comparison_from

        comparison = _read(tree, id, COMPARISON, files, comparison_from, COMPARISON_FORMAT)
    return Released(
        id=id,
        snapshot=_read(tree, id, EDITION, files, snapshot_from, SNAPSHOT_FORMAT),
        document=_read(tree, id, DOCUMENT, files, _document, DOCUMENT_FORMAT),
        comparison=comparison,
        info=_read(tree, id, INFO, files, dict, FORMAT),
        files=files,
    )


def hash_of(tree: Tree, id: str) -> str:
    """Return the hash of a stored edition."""
    return str(_read(tree, id, INFO, _files(tree, id), dict, FORMAT)["hash"])


def stored_file(tree: Tree, id: str, name: str) -> bytes:
    """Return one file of a stored edition; raise Failure where it isn't what was stored."""
    return _stored(tree, id, name, _files(tree, id))


def _files(tree: Tree, id: str) -> dict[str, str]:
    ids = released(tree)
    if id not in ids:
        raise Failure(
            Words(ja=f"版「{id}」は確定していません。", en=f"The edition '{id}' is not released."),
            Words(ja="確定した版: " + ("、".join(ids) or "なし"), en="Released: " + (", ".join(ids) or "none")),
        )
    return parsed(tree.raw(f"{EDITIONS}/{id}/{NAME}", LIMIT))[0]


def _stored(tree: Tree, id: str, name: str, files: Mapping[str, str]) -> bytes:
    path = f"{EDITIONS}/{id}/{name}"
    data = tree.raw(path, LIMIT) if path in tree.files(f"{EDITIONS}/{id}") else b""
    if digest(data) != files.get(name):
        raise Failure(
            Words(ja=f"{path} が、確定したときの内容と違います。", en=f"{path} is not what was stored."),
            Words(ja=f"shishin verify {id} で確かめてください。", en=f"See 'shishin verify {id}'."),
        )
    return data


def _read(tree: Tree, id: str, name: str, files: Mapping[str, str], made: Any, known: int) -> Any:
    """Return what `made` makes of a stored JSON file; `known` is the newest format it can read."""
    try:
        data = json.loads(_stored(tree, id, name, files))
        if data["format"] > known:
            raise _newer(id, name)
        return made(data)
    except (ValueError, KeyError, TypeError) as error:
        raise Failure(
            Words(ja=f"版「{id}」の {name} を読めません。", en=f"{name} of the edition '{id}' can't be read."),
            Words(ja=str(error), en=str(error)),
        ) from error


def _newer(id: str, name: str) -> Failure:
    return Failure(
        Words(
            ja=f"版「{id}」の {name} は、新しい Shishin が作った形です。",
            en=f"{name} of the edition '{id}' was made by a newer Shishin.",
        ),
        Words(ja="Shishin を新しくしてください。", en="Install a newer version of Shishin."),
    )


def _document(data: Mapping[str, Any]) -> Document:
    found = document_from({key: value for key, value in data.items() if key != "format"})
    if not isinstance(found, Document):
        raise ValueError("no document")
    return found


# ---------------------------------------------------------------- making the files


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is to be known about a release beside its content.

    `record` is the public data of edition.yml as it stood. `tools` and `fonts` tell what made the papers, `commit` what
    the content came from ("" where it wasn't committed), `supersedes` the stored edition before it: its id and hash.
    """

    record: Mapping[str, Any]
    tools: Mapping[str, str]
    fonts: Mapping[str, str]
    commit: str = ""
    supersedes: tuple[str, str] = ("", "")


def content(snapshot: Snapshot, document: Document) -> dict[str, bytes]:
    """Return the two files that are an edition's content: edition.json and document.json."""
    data = document_data(document)
    assert isinstance(data, dict)
    return {
        EDITION: as_json(snapshot_data(snapshot)),
        DOCUMENT: as_json({"format": DOCUMENT_FORMAT, **data}, indent=None),
    }


def content_hash(files: Mapping[str, bytes]) -> str:
    """Return what stands for an edition's content: `sha256sum document.json edition.json | sha256sum`."""
    return digest(written({name: digest(files[name]) for name in (DOCUMENT, EDITION)}))


def stamped(document: Document, hash: str) -> Document:
    """Return a document whose outputs can print the release's hash."""
    return replace(document, labels=(*document.labels, (RELEASE, hash)))


def freeze(
    snapshot: Snapshot, document: Document, comparison: Comparison | None, papers: Mapping[str, bytes], facts: Facts
) -> dict[str, bytes]:
    """Return the files of a release by name; `papers` are the approved Word and PDF files.

    They were rendered from `stamped(document, content_hash(content(snapshot, document)))`.
    """
    own = content(snapshot, document)
    files = {**own, **papers}
    if comparison is not None:
        from shishin.compare import to_data as comparison_data

        files[COMPARISON] = as_json(comparison_data(comparison))
    names = {one.id: one.name for one in snapshot.entries}
    older, older_hash = facts.supersedes
    info = {
        "format": FORMAT,
        "guideline": snapshot.guideline,
        "id": snapshot.edition,
        "hash": content_hash(own),
        "record": dict(facts.record),
        "decision": facts.record.get("decision") or names.get(facts.record.get("meeting", ""), ""),
        "supersedes": {"id": older, "hash": older_hash} if older else None,
        "commit": facts.commit,
        "tools": dict(sorted(facts.tools.items())),
        "fonts": dict(sorted(facts.fonts.items())),
        "dictionary": comparison.dictionary if comparison is not None else "",
        "files": {name: digest(files[name]) for name in sorted(files)},
    }
    files[INFO] = sealed(info)
    files[NAME] = written({name: digest(data) for name, data in files.items()})
    return files


def store(root: Path, id: str, files: Mapping[str, bytes]) -> None:
    """Put a release beside its record, the whole of it in one step; raise Failure where there is one already."""
    target = root / EDITIONS / id
    if not (target / RECORD).is_file():
        raise Failure(
            Words(ja=f"版「{id}」の記録がありません。", en=f"The edition '{id}' has no record."),
            Words(ja=f"{EDITIONS}/{id}/{RECORD} を先に書いてください。", en=f"Write {EDITIONS}/{id}/{RECORD} first."),
        )
    with alone(target.parent):
        for leftover in sorted(target.parent.glob(f".{id}-*.new")):  # of a process that was killed
            discard(leftover)
        if any((target / name).exists() for name in (NAME, INFO)):
            raise Failure(
                Words(ja=f"版「{id}」は確定済みです。", en=f"The edition '{id}' is released already."),
                Words(
                    ja="確定した版は変えられません。新しい ID の版を作ってください。",
                    en="A release never changes: make an edition with a new id.",
                ),
            )
        with new_folder(target) as folder:
            try:
                for name in sorted(files):
                    (folder / name).write_bytes(files[name])
                keep_others(target, folder, frozenset())
                swap_in(folder, target)
            except OSError as error:
                stored = (target / NAME).exists()
                raise Failure(
                    Words(
                        ja=f"{target} に書けません（{in_japanese(error.strerror or '')}）。"
                        + ("" if stored else "何も確定していません。"),
                        en=f"Can't write to {target}: {error.strerror}." + ("" if stored else " Nothing was released."),
                    ),
                    Words(ja=f"shishin verify {id} で確かめてください。", en=f"See 'shishin verify {id}'.")
                    if stored
                    else None,
                ) from error


def reassembled(tree: Tree, info: Mapping[str, Any]) -> dict[str, bytes]:
    """Return the content a release would have if it were composed now from this tree; raise Failure where it can't.

    The record is the one of release.json: edition.yml may have changed since, or been written later.
    """
    from shishin.check import check, errors
    from shishin.compose import compose
    from shishin.snapshot import snapshot_of

    guideline, problems = check(tree, quick=True)
    if guideline is not None and not errors(problems, past=True):
        edition = issued(guideline, info["record"])
        composed = compose(edition)
        problems = composed.problems
        if not errors(problems):
            return content(snapshot_of(edition, composed.document, composed.names), composed.document)
    first = errors(problems, past=True)[0]
    place = f"{first.position.file}:{first.position.line}"
    raise Failure(
        Words(
            ja=f"記録のコミットの内容を組み立てられません（{place} {first.message.ja}）。",
            en=f"The content of the recorded commit can't be composed ({place} {first.message.en}).",
        )
    )


def unlike(release: Released, made: Mapping[str, bytes], tools: Mapping[str, str]) -> tuple[Words, ...]:
    """Tell which papers, made again from a release, are not byte for byte the stored ones, and what made those."""
    names = [name for name in sorted(made) if name in release.files and digest(made[name]) != release.files[name]]
    if not names:
        return ()
    stored: Mapping[str, str] = release.info["tools"]
    other = [name for name in sorted({*stored, *tools}) if stored.get(name) != tools.get(name)]
    before = "、".join(f"{name} {stored.get(name) or '-'}"[:30] for name in other or ["shishin"])
    now = "、".join(f"{name} {tools.get(name) or '-'}"[:30] for name in other or ["shishin"])
    return (
        Words(
            ja=f"{'、'.join(names)} は、確定時のファイルとバイト単位では違います（確定時: {before}、今: {now}）。"
            f"承認されたのは {EDITIONS}/{release.id}/ にある方です。",
            en=f"{', '.join(names)}: not byte for byte the stored file (stored: {before}; now: {now}). "
            f"What was approved lies in {EDITIONS}/{release.id}/.",
        ),
    )
