import pytest
from hypothesis import given
from hypothesis import strategies as st

from shishin.source import MAX_DEPTH, Mapping, Scalar, parse


def scalar(text: str, key: str = "a") -> str:
    node, problems = parse(text, "f.yml")
    assert problems == ()
    assert isinstance(node, Mapping)
    found = next(value for name, value in node.entries if name.text == key)
    assert isinstance(found, Scalar)
    return found.text


def codes(text: str) -> list[tuple[str, int, int]]:
    return [(one.code, one.position.line, one.position.column) for one in parse(text, "f.yml")[1]]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("a: これは\n  長い文で\n  ある。\n", "これは長い文である。"),
        ("a: これは\n  long text\n", "これは long text"),
        ("a: 空白 を\n  残す 文\n", "空白 を残す 文"),
        ("a: >-\n  折り\n  返し\n\n  次の段落\n", "折り返し\n次の段落"),
        ('a: "引用符の\n  中"\n', "引用符の中"),
        ("a: |-\n  一行目\n  二行目\n", "一行目\n二行目"),
        ("a: word\n  word\n", "word word"),
    ],
    ids=["plain", "mixed", "typed_spaces", "folded", "quoted", "literal", "latin"],
)
def test_line_breaks_inside_japanese_leave_no_space(text: str, read: str) -> None:
    assert scalar(text) == read


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a: 1\nb: 2\na: 3\n", [("Y102", 3, 1)]),
        ("a: &x 1\n", [("Y103", 1, 4)]),
        ("a: &x 1\nb: *x\n", [("Y103", 1, 4), ("Y103", 2, 4)]),
        ("a:\n  <<: 1\n", [("Y103", 2, 3)]),
        ("a: !!set {}\n", [("Y103", 1, 4)]),
        ("? [x]\n: 1\n", [("Y104", 1, 3)]),
        ("a: 1\n---\nb: 2\n", [("Y105", 2, 1)]),
        ("a: [1\n", [("Y101", 1, 4)]),
        ("a:\tb: c\n", [("Y101", 1, 5)]),
        ("a: \x07\n", [("Y101", 1, 4)]),
        ("a: \ue000\n", [("Y108", 1, 4)]),
        ("a: x\nb: あ\u2028い\n", [("Y109", 2, 5)]),
    ],
    ids=[
        "twice",
        "anchor",
        "alias",
        "merge",
        "tag",
        "list_key",
        "two_documents",
        "open_list",
        "tab",
        "control",
        "private_use",
        "foreign_break",
    ],
)
def test_what_is_refused_and_where(text: str, found: list[tuple[str, int, int]]) -> None:
    assert codes(text) == found


def test_depth_is_limited() -> None:
    assert codes("[" * MAX_DEPTH + "]" * MAX_DEPTH) == []
    assert [code for code, _, _ in codes("[" * 2000 + "]" * 2000)] == ["Y106"]


def test_nothing_is_typed() -> None:
    assert scalar("a: no\n") == "no"
    assert scalar("a: 1.10\n") == "1.10"
    assert scalar("a: 2020-02-30\n") == "2020-02-30"


@given(st.text(max_size=200))
def test_any_text_gives_a_node_or_a_problem(text: str) -> None:
    node, problems = parse(text, "f.yml")
    if node is None and not problems:  # nothing but blanks and comments
        assert all(
            line.strip().startswith(("#", "---", "...", "%")) or not line.strip("\ufeff \t")
            for line in text.splitlines()
        )
    for problem in problems:
        assert problem.position.line >= 1
        assert problem.position.column >= 1
