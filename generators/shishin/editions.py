"""The whole story of the commands about editions: editions, release, verify, publish — one function each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from shishin.comparing import compared, printed
from shishin.problem import Failure, Problem, Words
from shishin.tree import FolderTree

if TYPE_CHECKING:
    from shishin.cache import Cache
    from shishin.comparison import Comparison, Reason
    from shishin.git import Repository
    from shishin.guideline import Guideline, Item
    from shishin.pipeline import Progress
    from shishin.publish import Published
    from shishin.register import Row
    from shishin.release import Facts, Released
    from shishin.sides import Place, Read
    from shishin.snapshot import Snapshot
    from shishin.verify import Finding


def rows(root: Path) -> tuple[Row, ...]:
    """Return the editions of a guideline, the oldest first."""
    from shishin.register import rows as rows_of

    return rows_of(FolderTree(root))


# ---------------------------------------------------------------- release


@dataclass(frozen=True, slots=True, kw_only=True)
class Releasing:
    """What a release stores (or would): its files by name, what is unfinished, the problems that forbid it."""

    id: str
    problems: tuple[Problem, ...]
    unfinished: tuple[Words, ...] = ()
    files: Mapping[str, bytes]
    hash: str = ""
    commit: str = ""  # the content's
    saved: str = ""  # the release's own


def release(
    root: Path, id: str, *, revision: str, dry_run: bool, save: bool, cache: Cache, progress: Progress
) -> Releasing:
    """Freeze an edition: check, compose, print, store. `revision` says which content, "" the folder's.

    `save` commits the stored files. With `dry_run` nothing is written.
    """
    from shishin.git import open_repository
    from shishin.release import content, content_hash, freeze, stamped, store

    root = root.resolve()
    today, record = _record_to_release(root, id)
    repository = open_repository(root)
    with progress.step("check"):
        place = _content_of(root, revision, repository, id)
        read = _checked(place, record, cache)
        cache.save()
    if read.side is None or read.guideline is None:
        return Releasing(id=id, problems=read.problems, files={})
    side = read.side
    with progress.step("compare"):
        before, comparison = _with_the_one_before(root, record, side, repository, _written(today, id))
    unfinished = tuple(_unfinished(read, record, comparison))
    own = content(side.snapshot, side.document)
    paper = stamped(side.document, content_hash(own))
    papers = {
        f"{side.snapshot.guideline}-{id}.{ending}": printed(ending, paper, progress) for ending in ("docx", "pdf")
    }
    files = freeze(side.snapshot, side.document, comparison, papers, _facts(record, place, before))
    saved = ""
    if not dry_run:
        with progress.step("write"):
            store(root, id, files)
            if save and repository is not None:
                saved = _saved(root, id, files, repository, side.snapshot)
    return Releasing(
        id=id,
        problems=read.problems,
        unfinished=unfinished,
        files=files,
        hash=content_hash(own),
        commit=place.commit,
        saved=saved,
    )


def _record_to_release(root: Path, id: str) -> tuple[Guideline, Item]:
    """Return the guideline as it stands in the folder, and the record of the edition that is to be released."""
    from shishin.cache import no_cache
    from shishin.guideline import read_guideline
    from shishin.manifest import released
    from shishin.register import records

    tree = FolderTree(root)
    if id in released(tree):
        raise Failure(
            Words(ja=f"版「{id}」は確定済みです。", en=f"The edition '{id}' is released already."),
            Words(
                ja="確定した版は変えられません。新しい ID の版を作ってください。",
                en="A release never changes: make an edition with a new id.",
            ),
        )
    guideline, _ = read_guideline(tree, no_cache())
    found = guideline.by_id.get(id) if guideline else None
    if guideline is None or found is None or found.kind.name != "edition":
        known = tuple(one.id for one in records(tree))
        raise Failure(
            Words(
                ja=f"版「{id}」の記録 guideline/editions/{id}/edition.yml がありません（または誤りがあります）。",
                en=f"There is no record guideline/editions/{id}/edition.yml, or it has errors.",
            ),
            Words(ja="記録のある版: " + ("、".join(known) or "なし"), en="Recorded: " + (", ".join(known) or "none")),
        )
    return guideline, found


def _written(guideline: Guideline, id: str) -> dict[str, tuple[Reason, ...]]:
    """Return the reasons that records name this edition for: they may have been written after its content."""
    from shishin.comparison import Reason

    found: dict[str, tuple[Reason, ...]] = {}
    for record in guideline.of("change"):
        if record.data.get("edition") == id:
            meeting = guideline.by_id.get(record.data.get("meeting", ""))
            reason = Reason(
                text=record.data["reason"],
                comments=tuple(record.data.get("comments", ())),
                meeting=str(meeting.data[meeting.kind.title]) if meeting else "",
            )
            for item in record.data["items"]:
                found[item] = (*found.get(item, ()), reason)
    return found


def _content_of(root: Path, revision: str, repository: Repository | None, id: str) -> Place:
    """Return where the content comes from; with Git it must be committed, so that it can be found again."""
    from shishin.sides import WORKING, Place

    if repository is None:
        if revision:
            raise Failure(Words(ja="Git がないので --from は使えません。", en="--from needs a Git repository."))
        return Place(name=WORKING, tree=FolderTree(root))
    name = revision or "HEAD"
    commit = repository.commit(name)
    if commit is None:
        raise Failure(Words(ja=f"Git に「{name}」という版はありません。", en=f"There is no Git revision '{name}'."))
    if not revision:
        open_ends = [
            path for path in repository.changed_in_folder(commit) if not path.startswith(f"guideline/editions/{id}/")
        ]
        if open_ends:
            more = len(open_ends) - 3
            listed = "、".join(open_ends[:3]) + (f" ほか {more} 個" if more > 0 else "")
            raise Failure(
                Words(
                    ja=f"Git に記録していない変更があります: {listed}",
                    en=f"There are changes that aren't committed: {', '.join(open_ends[:3])}"
                    + (f" and {more} more" if more > 0 else ""),
                ),
                Words(
                    ja="先にコミットするか、--from で版を指してください。",
                    en="Commit them first, or name a revision with --from.",
                ),
            )
    return Place(name=name, tree=repository.tree(commit), commit=commit)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Checked:
    problems: tuple[Problem, ...]
    guideline: Guideline | None
    side: Read | None


def _checked(place: Place, record: Item, cache: Cache) -> _Checked:
    from shishin.check import check, errors
    from shishin.edition import issued, public
    from shishin.sides import composed_side

    assert place.tree is not None
    guideline, problems = check(place.tree, cache)
    stop = errors(problems, past=bool(place.commit))
    if guideline is None or stop:
        return _Checked(problems=stop or problems, guideline=guideline, side=None)
    edition = issued(guideline, public(record.data, record.kind.shape))
    return _Checked(problems=problems, guideline=guideline, side=composed_side(edition, place, cache))


def _with_the_one_before(
    root: Path, record: Item, side: Read, repository: Repository | None, written: Mapping[str, tuple[Reason, ...]]
) -> tuple[Released | None, Comparison | None]:
    """Return the release that this edition supersedes, and what has changed since."""
    from shishin.manifest import released
    from shishin.release import read_release
    from shishin.sides import Place, Read

    tree = FolderTree(root)
    older = record.data.get("supersedes", "")
    if older not in released(tree):
        return None, None
    before = read_release(tree, older)
    commit = str(before.info.get("commit", ""))
    place = Place(name=older, release=older, commit=commit)
    old = Read(place=place, snapshot=before.snapshot, document=before.document, files={})
    return before, compared(old, side, repository, written)


def _unfinished(read: _Checked, record: Item, comparison: Comparison | None) -> Iterator[Words]:
    """Yield what a secretary may want to finish before an edition is frozen."""
    assert read.guideline is not None
    warnings = sum(problem.severity != "note" for problem in read.problems)
    if warnings:
        yield Words(ja=f"検査の注意が {warnings} 件あります。", en=f"{warnings} warning(s) of the check.")
    open_comments = [
        str(item.data.get("number", item.id)) for item in read.guideline.of("comment") if "answer" not in item.data
    ]
    if open_comments:
        listed = "、".join(open_comments)
        yield Words(
            ja=f"対応の決まっていない意見が {len(open_comments)} 件あります: {listed}",
            en=f"{len(open_comments)} comment(s) without an answer: {', '.join(open_comments)}",
        )
    wanted = {"fixed": ("decided",), "effective": ("decided", "effective"), "abolished": ("abolished",)}
    titles = record.kind.shape.properties
    for name in wanted.get(record.data["status"], ()):
        if name not in record.data:
            yield Words(ja=f"版の記録に{titles[name].title}がありません。", en=f"The record has no date '{name}'.")
    if "supersedes" in record.data and comparison is None:
        yield Words(
            ja=f"前の版「{record.data['supersedes']}」は確定していないので、新旧の比較を付けられません。",
            en=f"'{record.data['supersedes']}', which it supersedes, isn't released: no comparison is stored.",
        )
    if record.data["status"] in ("postponed", "abolished"):
        label = titles["status"].labels[record.data["status"]]
        yield Words(
            ja=f"記録では「{label}」の版です。確定するのは、その版の内容がここにあるときだけにしてください。",
            en=f"By its record the edition is {record.data['status']}: release it only where this is its content.",
        )
    if "note" in record.data:
        yield Words(ja=f"記録の注: {record.data['note']}", en=f"The record notes: {record.data['note']}")
    if comparison is None:
        return
    bare = [one.new_name or one.old_name for one in comparison.items if one.id not in comparison.reasons]
    if bare:
        listed = "、".join(bare[:5]) + (f" ほか {len(bare) - 5} 件" if len(bare) > 5 else "")
        yield Words(
            ja=f"改定理由のない項目が {len(bare)} 件あります: {listed}",
            en=f"{len(bare)} changed item(s) without a reason: {', '.join(bare[:5])}"
            + (f" and {len(bare) - 5} more" if len(bare) > 5 else ""),
        )
    if comparison.templates:
        names = {one.id: one.data.get(one.kind.title, one.id) for one in read.guideline.items}
        places = list(dict.fromkeys(names.get(one.partition("--")[0], one) for one, _, _ in comparison.templates))
        more = f" ほか {len(places) - 5} か所" if len(places) > 5 else ""
        yield Words(
            ja=f"項目は変わらず、ひな形によって文面の変わった所が {len(places)} か所あります: "
            + "、".join(places[:5])
            + more,
            en=f"Text that changed by templates alone, in {len(places)} place(s): {', '.join(places[:5])}",
        )


def _facts(record: Item, place: Place, before: Released | None) -> Facts:
    from shishin.edition import public
    from shishin.release import Facts
    from shishin.report import fonts, tools

    return Facts(
        record=public(record.data, record.kind.shape),
        tools=tools(exactly=True),
        fonts=fonts(),
        commit=place.commit,
        supersedes=(before.id, before.hash) if before else ("", ""),
    )


def _saved(root: Path, id: str, files: Mapping[str, bytes], repository: Repository, snapshot: Snapshot) -> str:
    folder = f"guideline/editions/{id}"
    names = [f"{folder}/{name}" for name in ("edition.yml", *sorted(files)) if (root / folder / name).is_file()]
    return repository.save(names, f"{snapshot.label}を確定（{id}）")


# ---------------------------------------------------------------- verify, publish


def verify(root: Path, name: str) -> tuple[Finding, ...]:
    """Return what isn't as it was stored: in all releases, in one, or in a folder that holds the files of one.

    Where the history is there, lines that differ are told, and the content is composed again from its commit.
    """
    from shishin.git import open_repository
    from shishin.manifest import NAME
    from shishin.release import reassembled
    from shishin.report import tools
    from shishin.verify import findings
    from shishin.verify import verify as verified

    folder = Path(name)
    if name and (folder / NAME).is_file():
        return findings(FolderTree(folder.parent), folder.name)
    repository = open_repository(root)

    def original(path: str) -> Iterator[bytes]:
        return repository.contents(path) if repository is not None else iter(())

    def again(info: Mapping[str, object]) -> Mapping[str, bytes] | None:
        commit = repository.commit(str(info["commit"])) if repository is not None and info["commit"] else None
        if repository is None or commit is None:
            return None
        return reassembled(repository.tree(commit), info)

    return verified(FolderTree(root), name, original=original, reassemble=again, tools=tools(exactly=True))


def publish(root: Path, out: Path, progress: Progress) -> Published:
    """Bring the website of all released editions up to date in a folder."""
    from shishin.publish import publish as published

    return published(root, out, FolderTree(root), progress)
