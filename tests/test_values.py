"""The quick way and the slow way of reading give the same values."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import ROOT
from shishin.guideline import ROOT as CONTENT
from shishin.schema import Shape, load_schemas
from shishin.source import Node, Scalar, Sequence, parse
from shishin.tree import FolderTree
from shishin.values import convert, quick


def slowly(text: str, shape: Shape) -> tuple[Any, bool]:
    """Values by nodes, and whether there was anything to report."""
    node, problems = parse(text, "f.yml")
    if node is None:
        return None, True

    class Kind:
        """As much of a kind as `convert` needs."""

        class validator:
            """Refuses nothing."""

            iter_errors = staticmethod(lambda value: ())

    Kind.shape = shape  # type: ignore[attr-defined]
    value, faults = convert(node, Kind, "f.yml")  # type: ignore[arg-type]
    return value, bool(problems or faults)


SHAPE = Shape(
    type="object",
    title="",
    properties={
        "a": Shape(type="string", title=""),
        "b": Shape(type="integer", title=""),
        "c": Shape(type="boolean", title=""),
        "d": Shape(type="array", title="", items=Shape(type="string", title="")),
    },
)
SCALARS = st.sampled_from(
    ["文", "1", "-3", "012", "1.10", "true", "no", "~", '"引用"', "'1'", '"\\ue000"', "*x", "&x 1", "!!set {}", "|\n  二行\n  目", ">\n  折り\n  返し",
     "二行に\n  わたる文", "two\n  words", '"二行の\n  引用"', "[1, 文]", "{a: 1}", "", "\u2028", "<<"]
)  # fmt: skip
TEXTS = st.lists(st.tuples(st.sampled_from("abcde"), SCALARS), max_size=5).map(
    lambda rows: "".join(f"{key}: {value}\n" for key, value in rows)
)


@given(TEXTS | st.text(max_size=60))
def test_both_ways_agree(text: str) -> None:
    value = quick(text, SHAPE)
    slow, reported = slowly(text, SHAPE)
    if value is not None:
        assert (value, reported) == (slow, False)


@pytest.mark.parametrize("text", ["a: 文\nb: 3\nc: true\nd:\n  - x\n  - 二行に\n    わたる\n", "a: |\n  一\n  二\n"])
def test_ordinary_text_is_read_quickly(text: str) -> None:
    assert quick(text, SHAPE) == slowly(text, SHAPE)[0] is not None


def test_the_whole_guideline_is_read_quickly_and_the_same() -> None:
    tree = FolderTree(ROOT)
    schemas, _ = load_schemas(tree)
    assert schemas is not None
    for kind in schemas.kinds.values():
        shape = kind.shape if kind.folder else Shape(type="array", title="", items=kind.shape)
        under = f"{CONTENT}/{kind.folder}/" if kind.folder else f"{CONTENT}/{kind.file}"
        for path in (path for path in tree.files(CONTENT) if path.startswith(under) and path.endswith(".yml")):
            text = tree.read(path).decode()
            node, problems = parse(text, path)
            assert node is not None
            assert problems == ()
            nodes: tuple[Node, ...] = node.items if isinstance(node, Sequence) else (node,)
            slow = [convert(one, kind, path)[0] for one in nodes]
            assert quick(text, shape) == (slow if isinstance(node, Sequence) else slow[0]), path


def test_a_scalar_alone_is_no_item() -> None:
    assert quick("文", SHAPE) == "文"
    assert isinstance(parse("文", "f.yml")[0], Scalar)
