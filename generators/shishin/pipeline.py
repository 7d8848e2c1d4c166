"""The whole story of a command, one function each."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from shishin.problem import Failure, Problem, Words
from shishin.tree import FolderTree, Tree

if TYPE_CHECKING:
    from shishin.report import Artifact


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What a build has made (nothing where there were problems)."""

    problems: tuple[Problem, ...]
    artifacts: tuple[Artifact, ...] = ()
    remarks: tuple[Words, ...] = ()


class Progress(Protocol):
    """Tells a person how far a long command is."""

    def step(self, name: str) -> AbstractContextManager[None]:
        """Show that a step has begun; it ends with the context."""
        ...


def check(tree: Tree) -> tuple[Problem, ...]:
    """Return every problem in a guideline, those of its templates included."""
    from shishin.check import check as check_data
    from shishin.compose import compose
    from shishin.edition import working_edition

    guideline, problems = check_data(tree)
    if guideline is None or problems:
        return problems
    return compose(working_edition(guideline)).problems


def build(
    root: Path, out: Path, *, to: tuple[str, ...], edition_id: str, progress: Progress, tree: Tree | None = None
) -> Built:
    """Build an edition's artifacts into `out`/<edition>, and `out`/build.json; all of it or nothing.

    `edition_id` "" is the edition of the content as it stands.
    """
    from shishin.check import check as check_data
    from shishin.compose import compose
    from shishin.edition import working_edition
    from shishin.renderers import ORDER, make_renderer
    from shishin.report import artifacts_of, report
    from shishin.write import keep_others, new_folder, swap_in, usable_target

    root, out = root.resolve(), out.resolve()
    usable_target(out, root)
    with progress.step("check"):
        guideline, problems = check_data(tree or FolderTree(root))
    if guideline is None or problems:
        return Built(problems=problems)
    edition = working_edition(guideline)
    if edition_id not in ("", edition.id):
        raise Failure(
            Words(ja=f"版「{edition_id}」はありません。", en=f"There is no edition '{edition_id}'."),
            Words(ja=f"今あるのは {edition.id} です。", en=f"There is: {edition.id}"),
        )
    with progress.step("compose"):
        composed = compose(edition)
    if composed.problems:
        return Built(problems=composed.problems)
    with new_folder(out) as folder:
        target = folder / edition.id
        target.mkdir()
        renderings = {}
        for name in (name for name in ORDER if name in to):
            with progress.step(name):
                renderings[name] = make_renderer(name, edition, root, to).render(composed.document, target)
        artifacts = artifacts_of(folder)
        report(folder / "build.json", edition, composed.document, artifacts, renderings)
        with progress.step("write"):
            keep_others(out, folder, frozenset({edition.id, "build.json"}))
            swap_in(folder, out)
    remarks = tuple(remark for rendering in renderings.values() for remark in rendering.remarks)
    return Built(problems=(), artifacts=artifacts, remarks=remarks)


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
    from shishin.serve import serve as serve_site
    from shishin.write import discard

    root = root.resolve()
    out = root / ".cache" / "preview"
    discard(out)

    def rebuild() -> Built:
        return build(root, out, to=("site",), edition_id="", progress=progress)

    return serve_site(root, out, port=port, rebuild=rebuild, told=told, failed=failed)
