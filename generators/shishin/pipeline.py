"""The whole story of a command, one function each."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from shishin.problem import Failure, Problem, Words
from shishin.tree import FolderTree, Tree

if TYPE_CHECKING:
    from shishin.cache import Cache
    from shishin.describe import Description
    from shishin.document import Document
    from shishin.explain import Entry
    from shishin.guideline import Guideline
    from shishin.migrate import Applied
    from shishin.report import Artifact
    from shishin.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What a build has made (nothing where there were errors)."""

    problems: tuple[Problem, ...]
    artifacts: tuple[Artifact, ...] = ()
    remarks: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """The files that weren't in the layout, and what is wrong with those that can't be read."""

    files: tuple[str, ...]
    problems: tuple[Problem, ...]


class Progress(Protocol):
    """Tells a person how far a long command is."""

    def step(self, name: str) -> AbstractContextManager[None]:
        """Show that a step has begun; it ends with the context."""
        ...


def check(tree: Tree, cache: Cache | None = None, *, quick: bool = False) -> tuple[Problem, ...]:
    """Return every problem in a guideline, those of its templates included.

    `quick` leaves out rules, words and templates: what an editor or a commit hook wants within a moment.
    """
    from shishin.cache import no_cache
    from shishin.check import check as check_data
    from shishin.check import errors

    cache = cache or no_cache()
    guideline, problems = check_data(tree, cache, quick=quick)
    if guideline is not None and not quick and not errors(problems):
        from shishin.compose import compose
        from shishin.edition import working_edition
        from shishin.survey import composes

        edition = working_edition(guideline)
        if not composes(edition, cache):
            problems += compose(edition, cache).problems
    cache.save()
    return problems


def own_entries(tree: Tree) -> Mapping[str, Entry]:
    """Return what a guideline's own rules and words mean, by their ids; nothing where there is no guideline."""
    from shishin.cache import no_cache
    from shishin.explain import own_entries as entries
    from shishin.guideline import SETTINGS, read_guideline
    from shishin.rules import rules_of

    guideline = read_guideline(tree, no_cache())[0] if SETTINGS in tree.files("guideline") else None
    return entries((*rules_of(guideline), *guideline.aids.get("word", ()))) if guideline else {}


def schema(tree: Tree, kind: str) -> tuple[Description | None, tuple[Problem, ...]]:
    """Return what is defined (of one kind, where it is named), or the problems of the schemas."""
    from shishin.cache import no_cache
    from shishin.describe import describe, one_kind
    from shishin.guideline import read_guideline
    from shishin.schema import load_schemas

    schemas, problems = load_schemas(tree)
    if schemas is None:
        return None, problems
    guideline, _ = read_guideline(tree, no_cache())
    found = _described(guideline) if guideline else describe(schemas)
    return (one_kind(found, kind) if kind else found), ()


def _described(guideline: Guideline) -> Description:
    from shishin.describe import describe
    from shishin.rules import rules_of

    return describe(guideline.schemas, [rule.data for rule in rules_of(guideline)])


def lay_out(root: Path, names: tuple[Path, ...] = (), *, write: bool, modelines: bool = False) -> Laid:
    """Bring a guideline's YAML files (or those named) into the layout, and the files for editors up to date."""
    from shishin.editor import outdated
    from shishin.layout import layouts
    from shishin.schema import load_schemas
    from shishin.write import write_file

    tree = FolderTree(root)
    paths = tuple(Path(os.path.relpath(name, root)).as_posix() for name in names)
    changed, problems = layouts(tree, paths, modelines=modelines)
    schemas, faults = load_schemas(tree)
    if schemas is not None and not names:
        changed |= outdated(tree, schemas)
    if write:
        for path, text in changed.items():
            write_file(root / path, text.encode())
    return Laid(files=tuple(changed), problems=(*problems, *faults))


def migrate(root: Path, *, write: bool) -> tuple[Applied, ...]:
    """Bring a guideline to the current format; return what each step did, or would do."""
    from shishin.migrate import migrated, texts
    from shishin.write import write_file

    done = migrated(FolderTree(root))
    if write:
        for path, text in texts(done).items():
            write_file(root / path, text.encode())
    return done


def build(
    root: Path,
    out: Path,
    *,
    to: tuple[str, ...],
    edition_id: str,
    progress: Progress,
    tree: Tree | None = None,
    jobs: int = 1,
    cache: Cache | None = None,
) -> Built:
    """Build an edition's artifacts into `out`/<edition>, and `out`/build.json; all of it or nothing.

    `edition_id` "" is the edition of the content as it stands; a released one is made from its stored files alone.
    `jobs` outputs are made at a time.
    """
    from shishin.cache import no_cache
    from shishin.manifest import released
    from shishin.renderers import render
    from shishin.report import artifacts_of, report
    from shishin.write import keep_others, new_folder, swap_in, usable_target

    root, out = root.resolve(), out.resolve()
    cache = cache or no_cache()
    usable_target(out, root)
    tree = tree or FolderTree(root)
    stored = edition_id in released(tree)
    ready: _Ready | None
    problems: tuple[Problem, ...] = ()
    if stored:
        with progress.step("read"):
            ready = _stored(tree, edition_id)
    else:
        ready, problems = _composed(tree, edition_id, cache, progress)
    if ready is None:
        return Built(problems=problems)
    with new_folder(out) as folder:
        target = folder / ready.snapshot.edition
        target.mkdir()
        pages = cache.beside("site")
        renderings = render(
            ready.snapshot,
            ready.document,
            target,
            root=root,
            to=to,
            jobs=jobs,
            cache=pages,
            editors=ready.editors,
            step=progress.step,
        )
        pages.save()
        artifacts = artifacts_of(folder)
        report(folder / "build.json", ready.snapshot, ready.document, artifacts, renderings)
        remarks = tuple(remark for rendering in renderings.values() for remark in rendering.remarks)
        if stored:
            remarks += _as_stored(tree, edition_id, target)
        with progress.step("write"):
            keep_others(out, folder, frozenset({ready.snapshot.edition, "build.json"}))
            swap_in(folder, out)
    return Built(problems=problems, artifacts=artifacts, remarks=remarks)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ready:
    """An edition ready to be rendered."""

    snapshot: Snapshot
    document: Document
    editors: Description | None = None


def _composed(
    tree: Tree, edition_id: str, cache: Cache, progress: Progress
) -> tuple[_Ready | None, tuple[Problem, ...]]:
    """Check and compose the content as it stands."""
    from shishin.check import check as check_data
    from shishin.check import errors
    from shishin.compose import compose
    from shishin.edition import working_edition
    from shishin.snapshot import snapshot_of

    with progress.step("check"):
        guideline, problems = check_data(tree, cache)
    if guideline is None or errors(problems):
        return None, problems
    edition = working_edition(guideline)
    if edition_id not in ("", edition.id):
        raise _no_edition(tree, edition_id, edition.id)
    with progress.step("compose"):
        composed = compose(edition, cache)
    if composed.problems:
        return None, problems + composed.problems
    cache.save()
    snapshot = snapshot_of(edition, composed.document, composed.names)
    editors = _described(guideline) if snapshot.settings.get("site", {}).get("editors") else None
    return _Ready(snapshot=snapshot, document=composed.document, editors=editors), problems


def _stored(tree: Tree, edition_id: str) -> _Ready:
    from shishin.release import read_release

    found = read_release(tree, edition_id)
    return _Ready(snapshot=found.snapshot, document=found.paper)


def _as_stored(tree: Tree, edition_id: str, folder: Path) -> tuple[Words, ...]:
    """Tell which papers are not byte for byte the approved ones, because the tool is another."""
    from shishin.release import read_release, unlike
    from shishin.report import tools

    made = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}
    return unlike(read_release(tree, edition_id), made, tools(exactly=True))


def in_force(root: Path, day: str) -> str:
    """Return the id of the edition in force on a day; raise Failure where none is, or where it isn't released."""
    from shishin.manifest import released
    from shishin.register import in_force as id_in_force
    from shishin.register import records

    tree = FolderTree(root)
    found = id_in_force(records(tree), day)
    if found not in released(tree):
        raise Failure(
            Words(
                ja=f"その日に施行中の版「{found}」は確定していないので、作れません。",
                en=f"The edition in force that day, '{found}', isn't released: it can't be built.",
            ),
            Words(ja=f"shishin release {found} で確定できます。", en=f"Release it with 'shishin release {found}'."),
        )
    return found


def _no_edition(tree: Tree, edition_id: str, working: str) -> Failure:
    from shishin.manifest import released
    from shishin.register import records

    known = (working, *released(tree))
    if any(one.id == edition_id for one in records(tree)):
        return Failure(
            Words(
                ja=f"版「{edition_id}」は確定していないので、作れません。",
                en=f"The edition '{edition_id}' isn't released: it can't be built.",
            ),
            Words(ja=f"作れる版: {'、'.join(known)}", en=f"Can be built: {', '.join(known)}"),
        )
    return Failure(
        Words(ja=f"版「{edition_id}」はありません。", en=f"There is no edition '{edition_id}'."),
        Words(ja=f"今あるのは {'、'.join(known)} です。", en=f"There is: {', '.join(known)}"),
    )


def serve(
    root: Path,
    *,
    port: int,
    told: Callable[[Built, float], None],
    failed: Callable[[Failure], None],
    progress: Progress,
) -> Any:
    """Return a server that shows the website at a loopback address and rebuilds it on every save.

    The preview lies in .cache/: `dist/` keeps what was built to be handed over.
    """
    from shishin.cache import open_cache
    from shishin.serve import serve as serve_site
    from shishin.write import discard

    root = root.resolve()
    out = root / ".cache" / "preview"
    discard(out)

    def rebuild() -> Built:
        return build(root, out, to=("site",), edition_id="", progress=progress, cache=open_cache(root))

    return serve_site(root, out, port=port, rebuild=rebuild, told=told, failed=failed)
