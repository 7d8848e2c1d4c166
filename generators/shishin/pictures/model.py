"""What a picture of layers is made of: boxes in groups, relations between them, and how each kind is drawn."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """A body: its id, what stands in its box, and a smaller second text."""

    id: str
    label: str
    sub: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A layer: a band with its label at the left."""

    label: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Edge:
    """A relation between two boxes. `label` replaces the word of its kind on the line."""

    source: str
    target: str
    kind: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of relation: its word, how it is drawn and said.

    `look` is a key of LOOKS; `ends` is "arrow" (a head at the target), "both" or "none". Relations with arrows
    and the same word share a line where they can. `parent` is "source" or "target" where that end stands above the
    other inside a layer. `sentence` holds {source}, {target} and {label}.
    """

    kind: str
    label: str
    look: str = "solid"
    ends: str = "arrow"
    parent: str = ""
    sentence: str = ""
