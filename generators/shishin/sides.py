"""The two sides of a comparison: an edition id, a Git revision, a folder or `working`, read and composed.

A released edition comes from its stored files alone. Anything else is checked and composed as it stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from shishin.cache import Cache, no_cache
from shishin.comparison import Comparison, Reason
from shishin.edition import Edition, working_edition
from shishin.guideline import ROOT, SETTINGS, read_guideline
from shishin.manifest import released
from shishin.problem import Failure, Problem, Words
from shishin.snapshot import Snapshot, snapshot_of
from shishin.tree import FolderTree, Part, Tree

if TYPE_CHECKING:
    from shishin.document import Document
    from shishin.git import Repository, Trailer
    from shishin.guideline import Item

WORKING = "working"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where one side is read from; exactly one of `release` and `tree` is given. `commit` is "" outside Git."""

    name: str
    release: str = ""
    tree: Tree | None = None
    commit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One side, read: what it says, how it is printed, and in which file each item stands (empty for a release)."""

    place: Place
    snapshot: Snapshot
    document: Document
    comparison: Comparison | None = None  # that a release keeps with the edition before it
    files: Mapping[str, tuple[str, ...]]  # file → ids of its items


class Broken(Failure):
    """A side that can't be composed: its problems are told one by one."""

    def __init__(self, name: str, problems: tuple[Problem, ...]) -> None:
        """Keep the problems, so that they can be printed."""
        super().__init__(
            Words(
                ja=f"「{name}」には誤りがあり、組み立てられません。", en=f"'{name}' has errors and can't be composed."
            )
        )
        self.problems = problems


def find_side(root: Path, name: str, repository: Repository | None) -> Place:
    """Return where a side is: `working`, a released edition, a folder with guideline/, or a revision — in this order."""
    folder = FolderTree(root)
    if name == WORKING:
        return Place(name=name, tree=folder)
    if name in released(folder):
        return Place(name=name, release=name)
    if SETTINGS in FolderTree(Path(name)).files(ROOT):
        return Place(name=name, tree=FolderTree(Path(name)))
    commit = repository.commit(name) if repository is not None else None
    if repository is not None and commit is not None:
        return Place(name=name, tree=repository.tree(commit), commit=commit)
    known = ", ".join(released(folder)) or "—"
    raise Failure(
        Words(
            ja=f"「{name}」という確定した版・フォルダ・Git の版はありません。",
            en=f"There is no released edition, folder or Git revision '{name}'.",
        ),
        Words(
            ja=f"確定した版: {known}　今の内容: {WORKING}", en=f"Released: {known}. The content as it stands: {WORKING}"
        ),
    )


def last_release(root: Path) -> str:
    """Return the id of the newest released edition: the one with the latest date that no other supersedes."""
    from shishin.register import rows

    found = [row.record for row in rows(FolderTree(root)) if row.released]
    older = {one.supersedes for one in found}
    last = [one.id for one in found if one.id not in older]
    if not last:
        raise Failure(
            Words(ja="確定した版がまだありません。", en="No edition has been released yet."),
            Words(
                ja="比べる版・フォルダ・Git の版を指してください。例: shishin diff HEAD~1",
                en="Name an edition, a folder or a Git revision: shishin diff HEAD~1",
            ),
        )
    return last[-1]


def partly_read(place: Place, cache: Cache) -> Snapshot:
    """Return what the items of a side say, without composing it: no numbers, no places, no names from templates."""
    if place.tree is None:
        raise Failure(
            Words(
                ja="--quick で比べられるのは、Git の版・フォルダ・今の内容です。",
                en="--quick compares Git revisions, folders and the content as it stands.",
            )
        )
    guideline, problems = read_guideline(place.tree, cache)
    if guideline is None or any(problem.severity == "error" for problem in problems):
        raise Broken(place.name, problems)
    return snapshot_of(working_edition(guideline), None, {})


def read_side(root: Path, place: Place, cache: Cache | None = None) -> Read:
    """Return a side read and composed; raise Broken where it has errors."""
    from shishin.check import check, errors

    if place.tree is None:
        from shishin.release import read_release

        found = read_release(FolderTree(root), place.release)
        place = replace(place, commit=str(found.info.get("commit", "")))
        return Read(
            place=place, snapshot=found.snapshot, document=found.document, comparison=found.comparison, files={}
        )
    cache = cache or no_cache()
    guideline, problems = check(place.tree, cache, quick=True)
    if guideline is None or errors(problems, past=bool(place.commit)):
        raise Broken(place.name, problems)
    edition = working_edition(guideline)
    if place.commit:
        edition = replace(edition, id=place.commit[:9])
    return composed_side(edition, place, cache)


def composed_side(edition: Edition, place: Place, cache: Cache) -> Read:
    """Return an edition of a tree composed; raise Broken where a template fails."""
    from shishin.check import errors
    from shishin.compose import compose

    composed = compose(edition, cache)
    if errors(composed.problems, past=bool(place.commit)):
        raise Broken(place.name, composed.problems)
    return Read(
        place=place,
        snapshot=snapshot_of(edition, composed.document, composed.names),
        document=composed.document,
        files=_by_file(edition.items),
    )


def with_files(side: Read, repository: Repository) -> Read:
    """Return a side that knows in which file each item stands; a release asks the commit it came from."""
    if side.files or not side.place.release or repository.commit(side.place.commit) is None:
        return side
    guideline, _ = read_guideline(repository.tree(side.place.commit), no_cache())
    return replace(side, files=_by_file(guideline.items) if guideline else {})


def _by_file(items: tuple[Item, ...]) -> dict[str, tuple[str, ...]]:
    files: dict[str, tuple[str, ...]] = {}
    for item in items:
        files[item.file] = (*files.get(item.file, ()), item.id)
    return files


def by_item(
    trailers: tuple[Trailer, ...], old: Read, new: Read, meetings: Mapping[str, str]
) -> dict[str, tuple[Reason, ...]]:
    """Return what commits say about the items in the files they touched; `meetings` names meetings by their ids."""
    found: dict[str, tuple[Reason, ...]] = {}
    for trailer in trailers:
        reason = Reason(
            text=trailer.reason,
            comments=trailer.comments,
            meeting=meetings.get(trailer.meeting, trailer.meeting),
        )
        touched = {one for file in trailer.files for side in (old, new) for one in side.files.get(file, ())}
        for item in sorted(touched):
            found[item] = (*found.get(item, ()), reason)
    return found


def only_changed(places: tuple[Place, Place], repository: Repository | None) -> tuple[Place, Place]:
    """Return the sides without the files whose content is the same on both, told by object ids before any is read."""
    old, new = places
    if repository is None or not old.commit or new.tree is None:
        return places
    if new.commit:
        paths = repository.changed(old.commit, new.commit)
    elif new.name == WORKING:
        paths = repository.changed_in_folder(old.commit)
    else:
        return places
    part = frozenset(paths)
    return tuple(  # type: ignore[return-value]
        replace(side, tree=repository.tree(side.commit).part(part) if side.commit else Part(new.tree, part))
        for side in places
    )
