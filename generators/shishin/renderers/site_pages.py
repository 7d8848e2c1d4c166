"""Which section stands on which page of the site, where every anchor lies, and the navigation."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from shishin.document import Anchor, Block, Document, Figure, Section, Table, plain
from shishin.problem import Failure, Words
from shishin.rewrite import walk


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of the site: the section it shows, and the sections around that, from the chapter inwards."""

    path: str
    section: Section
    chain: tuple[Section, ...] = ()

    @property
    def title(self) -> str:
        """The title in plain text; a chapter keeps its number."""
        title = plain(self.section.title)
        return title if self.chain or not self.section.number else f"{self.section.number} {title}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Where an item lives: the page, and the sections around it."""

    section: Section
    chain: tuple[Section, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The pages in reading order, the place of each anchor, and each section with those around it."""

    pages: tuple[Page, ...]
    addresses: Mapping[str, str]
    homes: tuple[Home, ...]

    @property
    def own(self) -> frozenset[str]:
        """The sections below a chapter that have a page of their own."""
        return frozenset(page.section.id for page in self.pages if page.chain)


def plan_pages(document: Document, kinds: Collection[str]) -> Plan:
    """Return the pages of a document: one per chapter, and one per section whose kind or id is in `kinds`."""
    homes = tuple(_homes(document.sections, ()))
    pages = tuple(
        Page(path=_path(home), section=home.section, chain=home.chain)
        for home in homes
        if not home.chain or home.section.kind in kinds or home.section.id in kinds
    )
    paths: dict[str, Page] = {}
    for page in pages:
        if (other := paths.setdefault(page.path, page)) is not page:
            _twice(page.path, other.section.id, page.section.id)
    own = frozenset(page.section.id for page in pages)
    addresses: dict[str, str] = {}
    for page in pages:
        below = (
            node.id for node in walk(page.section.blocks, own) if isinstance(node, Section | Table | Figure | Anchor)
        )
        for anchor in (page.section.id, *filter(None, below)):
            if anchor in addresses:
                _twice(anchor, addresses[anchor], page.path)
            addresses[anchor] = page.path if anchor == page.section.id else f"{page.path}#{anchor}"
    return Plan(pages=pages, addresses=addresses, homes=homes)


def _twice(name: str, one: str, other: str) -> None:
    raise Failure(
        Words(
            ja=f"「{name}」がウェブサイトに2度現れます（{one} と {other}）。",
            en=f"'{name}' appears twice on the site ({one} and {other}).",
        )
    )


def _path(home: Home) -> str:
    section = home.section
    if not home.chain:
        return f"{section.id}/index.md"  # index: the navigation makes it the head of what is nested under it
    if section.item:
        return f"{section.kind}/{section.id}.md"
    return f"{home.chain[0].id}/{section.id.rpartition('--')[2]}.md"


def _homes(blocks: Sequence[Block], chain: tuple[Section, ...]) -> Iterator[Home]:
    for block in blocks:
        if isinstance(block, Section):
            yield Home(section=block, chain=chain)
            yield from _homes(block.blocks, (*chain, block))


Nav = list[dict[str, "str | Nav"]]


def navigation(plan: Plan) -> Nav:
    """Return MkDocs' navigation of the guideline itself: chapters, with their pages nested under them."""
    chapters: Nav = []
    for page in plan.pages:
        if not page.chain:
            chapters.append({page.title: page.path})
            continue
        ((title, inner),) = chapters[-1].items()
        pages: Nav = inner if isinstance(inner, list) else [{title: inner}]
        pages.append({page.title: page.path})
        chapters[-1] = {title: pages}
    return chapters
