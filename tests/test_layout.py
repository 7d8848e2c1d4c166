"""The layout: even, stable, and never a change to what is read."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import CHAPTER, small_tree
from shishin.layout import formatted, laid_out, layouts
from shishin.problem import Failure
from shishin.schema import load_schemas
from shishin.source import Mapping, Node, Scalar, parse
from shishin.tree import DictTree, FolderTree
from shishin.write import write_file

CASES = {
    "indentation": ("a:\n      b: 1\n      c:\n         - x\n", "a:\n  b: 1\n  c:\n    - x\n"),
    "list_in_the_key's_column": ("a:\n- x\n- y: 1\n  z: 2\nb: 3\n", "a:\n  - x\n  - y: 1\n    z: 2\nb: 3\n"),
    "lists_in_lists": ("-   - a\n    - b\n-   k:   v\n    l: w\n", "- - a\n  - b\n- k: v\n  l: w\n"),
    "spaces": ("a :   b  \nc:\t d\n", "a: b\nc: d\n"),
    "flow": ("a: [ x,y ,{b : c}, ]\n", "a: [x, y, {b: c},]\n"),
    "flow_on_lines": ("a: [\nx,\n y\n  ]\nb: 1\n", "a: [\n  x,\n  y\n  ]\nb: 1\n"),
    "single_quotes": ("a: 'it''s'\nb: 'say \"x\"'\nc: 'C:\\d'\n", 'a: "it\'s"\nb: \'say "x"\'\nc: \'C:\\d\'\n'),
    "plain_stays_plain": ("a: 1.10\nb: yes\n", "a: 1.10\nb: yes\n"),
    "blank_lines": ("\n\na: 1\n\n\n\nb: 2\n\n\n", "a: 1\n\nb: 2\n"),
    "end_and_line_ends": ("a: 1\r\nb: 2", "a: 1\nb: 2\n"),
    "mark_at_the_start": ("\ufeffa: 1\n", "a: 1\n"),
    "block": ("a: |\n     x\n       y\n\n     z\nb: 1\n", "a: |\n  x\n    y\n\n  z\nb: 1\n"),
    "spaces_in_a_block_are_words": ("a: |\n  x  \n  \n    \n  y\n", "a: |\n  x  \n\n    \n  y\n"),
    "block_that_begins_deeper": ("a:\n - |1\n     x\n   y\n", "a:\n  - |2\n       x\n     y\n"),
    "needless_indicator": ("a: |4-\n    x\n", "a: |-\n  x\n"),
    "kept_line_ends": ("a: |+\n    x\n\n\nb: 1\n", "a: |+\n  x\n\n\nb: 1\n"),
    "folded": ("a: >-\n    x\n\n      y\n    z\n", "a: >-\n  x\n\n    y\n  z\n"),
    "long_plain_text": ("a: これは\n      長い\n\n      文\n", "a: これは\n  長い\n\n  文\n"),
    "quoted_over_lines": ('a: "x\n y \\\n    z \\ \n w"\n', 'a: "x\n  y \\\n  z \\ \n  w"\n'),
    "comments": (
        "#top\na:   # why\n    # of b\n    b: 1 # c\n    # ends a\n# of d\nd: | # e\n    x\n# last\n",
        "#top\na: # why\n  # of b\n  b: 1 # c\n  # ends a\n# of d\nd: | # e\n  x\n# last\n",
    ),
    "comment_before_a_list": ("a:\n # x\n- b\n# y\n- c\n# of d\nd: 1\n", "a:\n  # x\n  - b\n  # y\n  - c\n# of d\nd: 1\n"),
    "comment_in_an_empty_value": ("a:\n     # - x\nb: 1\n", "a:\n  # - x\nb: 1\n"),
    "flow_in_flow_on_lines": ("a: [[\nx],\n {b: [\n  c]}]\n", "a: [[\n    x],\n  {b: [\n      c]}]\n"),
    "a_block's_last_line_of_spaces": ("a: |\n  x\n     \n \nb: 1\n", "a: |\n  x\n     \n\nb: 1\n"),
    "comment_before_a_bracket": ("a: [x\n    # c\n]\n", "a: [x\n  # c\n  ]\n"),
    "entry_written_below": ("-\n    a: 1\n-\n    x\n", "-\n  a: 1\n-\n  x\n"),
    "modeline": ("# yaml-language-server: $schema=x.json\na:  1\n", "# yaml-language-server: $schema=x.json\na: 1\n"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), CASES.values(), ids=CASES)
def test_layout(text: str, wanted: str) -> None:
    assert formatted(text, "f.yml", None) == wanted
    assert formatted(wanted, "f.yml", None) == wanted


@pytest.mark.parametrize(
    "text",
    ["a: [1\n", "a:  1\na:  2\n", "a:   &x 1\n", "a:\n\tb: 1\n", "", "# only\n\n\n#words\n", "a:  1\n---\nb:  2\n", "\ufeffa: [\r\n"],
    ids=["open_list", "twice", "anchor", "tab", "empty", "comments", "two_documents", "broken_with_a_mark"],
)  # fmt: skip
def test_what_is_no_plain_yaml_is_left_byte_for_byte(text: str) -> None:
    assert formatted(text, "f.yml", None) == text


def test_a_number_that_is_meant_as_text_is_quoted() -> None:
    schemas, _ = load_schemas(small_tree())
    assert schemas is not None
    text = CHAPTER.replace("title: 節", "title:  1.10").replace("order: 1", "order:  1")
    found = formatted(text, "guideline/chapters/ch-one.yml", schemas.kinds["chapter"])
    assert 'title: "1.10"\n' in found
    assert "order: 1\n" in found
    unclear = CHAPTER.replace("title: 節", "title:   null")
    found = formatted(unclear, "guideline/chapters/ch-one.yml", schemas.kinds["chapter"])
    assert found == CHAPTER.replace("title: 節", "title: null")
    many = "- id: ref-one\n  title:  2020\n"
    assert 'title: "2020"' in formatted(many, "guideline/references.yml", schemas.kinds["reference"])


# Generated texts: a tree of nodes written with odd but lawful spaces, comments, blank lines and styles.

WORDS = st.sampled_from(
    ["a", "あい", "x y", "1.10", "null", "it's", '"q"', "d\\e", "#x", "- z", "k: v", "長い文", "　", "[", ""]
)
COMMENT = st.sampled_from(["", "", "", " # c", "   #d", "\t# あ"])
BREAKS = st.lists(st.sampled_from(["", "  ", "#f", " # g", "      # h"]), max_size=2)


@st.composite
def scalars(draw: st.DrawFn, indent: int, parent: int) -> str:
    style = draw(st.sampled_from(["plain", "plain_lines", "single", "double", "double_lines", "|", ">"]))
    more = " " * (indent + draw(st.integers(1, 4)))
    words = draw(st.lists(WORDS, min_size=1, max_size=3))
    if style == "plain":
        return "w" + draw(st.sampled_from(["", "1", " x", "あ", "#"])) + draw(COMMENT)
    if style == "plain_lines":
        return f"w{draw(st.sampled_from(['', '  ']))}\n{more}いろ\n{draw(st.sampled_from(['', ' ', chr(10)]))}{more}は"
    if style == "single":
        return "'" + words[0].replace("'", "''") + "'" + draw(COMMENT)
    if style == "double":
        return '"' + words[0].replace("\\", "\\\\").replace('"', '\\"') + '"' + draw(COMMENT)
    if style == "double_lines":
        return f'"x\\\n{more}y{draw(st.sampled_from(["", "  ", chr(92) + " "]))}\n{more} z"'
    depth = draw(st.integers(1, 4))
    lines = [draw(st.sampled_from(["", " ", "\t" if words[0] == "a" else "   "])) + word for word in words]
    number = str(depth) if draw(st.booleans()) else ""
    if not number:
        lines[0] = "t" + lines[0].strip(" \t")
    body = [(max(parent, 0) + depth) * " " + line if line.strip() else line[:1].strip("\t") for line in lines]
    tail = draw(st.lists(st.sampled_from(["", " " * (parent + 1)]), max_size=2))
    return (
        style
        + number
        + draw(st.sampled_from(["", "-", "+"]))
        + draw(st.sampled_from(["", "  # head"]))
        + "\n"
        + "\n".join([*body, *tail])
    )


@st.composite
def between(draw: st.DrawFn) -> str:
    return "".join(line + "\n" for line in draw(BREAKS))


@st.composite
def blocks(draw: st.DrawFn, column: int, depth: int) -> str:
    """Write a block collection whose entries stand in `column`."""
    lines = []
    listed = draw(st.booleans())
    for place in range(draw(st.integers(1, 3))):
        lead = draw(between()) if place else ""
        if listed:
            gap = draw(st.integers(1, 3))
            if depth and draw(st.integers(0, 2)) == 0:
                entry = "-" + " " * gap + draw(blocks(column + 1 + gap, depth - 1))
            elif depth and draw(st.integers(0, 3)) == 0:
                inner = column + draw(st.integers(1, 4))
                entry = "-" + draw(COMMENT) + "\n" + " " * inner + draw(blocks(inner, depth - 1))
            else:
                entry = "-" + " " * gap + draw(st.one_of(scalars(column, column), flows()))
        else:
            name = draw(st.sampled_from(["k{}", "か{}", '"q{}"', "'s{}'"])).format(place)
            key = name + draw(st.sampled_from(["", "", " "])) + ":"
            if depth and draw(st.booleans()):
                inner = column + draw(st.integers(1, 4))
                block = draw(blocks(inner, depth - 1))
                if block.startswith("-") and draw(st.booleans()):
                    inner, block = column, draw(lists(column, depth - 1))
                entry = key + draw(COMMENT) + "\n" + draw(between()) + " " * inner + block
            else:
                entry = (
                    key
                    + " "
                    + draw(st.sampled_from(["", " "]))
                    + draw(st.one_of(scalars(column, column), flows(), st.just("")))
                )
        lines.append(lead + (" " * column if place else "") + entry)
    return "\n".join(lines)


@st.composite
def lists(draw: st.DrawFn, column: int, depth: int) -> str:
    entries = [draw(scalars(column, column)) for _ in range(draw(st.integers(1, 2)))]
    return ("\n" + " " * column).join(f"- {entry}" for entry in entries)


@st.composite
def flows(draw: st.DrawFn) -> str:
    inner = draw(st.lists(st.sampled_from(["a", "あ", '"q,"', "'s'", "{b : c}", "[ ]", "1.10"]), max_size=3))
    comma = draw(st.sampled_from([",", " , ", ",\n            ", ", # c\n          "]))
    return "[" + draw(st.sampled_from(["", " "])) + comma.join(inner) + " ]" + draw(COMMENT)


TEXTS = (
    st.integers(0, 3)
    .flatmap(lambda depth: st.tuples(between(), blocks(0, depth), between()))
    .map(lambda p: p[0] + p[1] + "\n" + p[2])
)


def meaning(node: Node) -> object:
    if isinstance(node, Scalar):
        return node.text, node.style == ""
    if isinstance(node, Mapping):
        return [(key.text, meaning(value)) for key, value in node.entries]
    return [meaning(item) for item in node.items]


def comments(text: str) -> list[str]:
    """Return the comments of a generated text: their words are no words of its values."""
    return re.findall(r"(?:^|(?<=[ \t]))#(?: ?[cdfghあ]| head)$", text.replace("#x", ""), re.MULTILINE)


@settings(max_examples=600, deadline=None)
@given(TEXTS)
def test_reading_order_comments_and_words_stay_and_the_second_time_changes_nothing(text: str) -> None:
    node, problems = parse(text, "f.yml")
    if node is None or problems:
        assert formatted(text, "f.yml", None) == text
        return
    result = laid_out(text)  # without the net of `formatted`
    again, problems = parse(result, "f.yml")
    assert problems == ()
    assert again is not None
    assert meaning(again) == meaning(node)
    assert comments(result) == comments(text)
    assert laid_out(result) == result == formatted(text, "f.yml", None)
    assert result.endswith("\n")
    assert not result.startswith("\n")


def test_the_generated_texts_are_mostly_readable() -> None:
    """The property above says little about texts that can't be read."""
    readable = []

    @settings(max_examples=300, database=None, derandomize=True)
    @given(TEXTS)
    def collect(text: str) -> None:
        node, problems = parse(text, "f.yml")
        readable.append(node is not None and not problems)

    collect()
    assert sum(readable) > 0.9 * len(readable)


def test_the_shipped_guideline_is_in_the_layout(root: Path) -> None:
    assert layouts(FolderTree(root)) == ({}, ())


def mangled(text: str) -> str:
    """Return a shipped file as a careless editor would leave it: the same values, twice the indentation."""
    lines: list[str] = []
    inside = -1  # the indentation of the key whose text we are in
    for line in text.split("\n"):
        indent = len(line) - len(line.lstrip(" "))
        if line and indent <= inside:
            inside = -1
        dash = "  " if line[indent:].startswith("- ") and inside < 0 else ""
        more = indent if inside < 0 else inside + 2
        lines.append(line and " " * more + line[: indent + 2] + dash + line[indent + 2 :])
        if line.endswith(": |"):
            inside = indent + len(dash)
    return "\n" + "\n".join(lines) + "\n\n"


def test_every_shipped_file_comes_back_from_a_careless_editor(root: Path) -> None:
    tree = FolderTree(root)
    for path in tree.files("guideline"):
        if path.endswith(".yml"):
            text = tree.read(path).decode()
            assert formatted(mangled(text), path, None) == text, path


def test_layouts_lists_changes_and_problems_and_leaves_what_is_frozen() -> None:
    tree = small_tree(ch_one=CHAPTER.replace("order: 1", "order:   1"), ch_two="id: [\n")
    content = {
        **tree.content,
        "guideline/editions/e/edition.yml": b"id:   e\n",
        "guideline/editions/e/stored.yml": b"a:   1\n",
        "guideline/editions/e/SHA256SUMS": b"0" * 64 + b"  stored.yml\n",
        "guideline/templates/x.yml": b"a:   1\n",
    }
    changed, problems = layouts(DictTree(content))
    assert changed == {"guideline/chapters/ch-one.yml": CHAPTER, "guideline/editions/e/edition.yml": "id: e\n"}
    assert [(one.code, one.position.file) for one in problems] == [("Y101", "guideline/chapters/ch-two.yml")]
    changed, problems = layouts(tree, ("guideline/chapters/ch-two.yml",))
    assert changed == {}
    assert len(problems) == 1
    changed, _ = layouts(small_tree(), modelines=True)
    assert len(changed) == 5
    first = "# yaml-language-server: $schema=../schemas/editor/reference.json\n- id: ref-one\n"
    assert changed["guideline/references.yml"].startswith(first)
    with pytest.raises(Failure):
        layouts(tree, ("guideline/chapters/none.yml",))
    bad = DictTree({**tree.content, "guideline/chapters/ch-two.yml": "id: あ\n".encode("cp932")})
    assert [one.code for one in layouts(bad)[1]] == ["Y100"]


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    file = tmp_path / "a.yml"
    file.write_bytes(b"old")
    file.chmod(0o640)
    write_file(file, b"new")
    assert file.read_bytes() == b"new"
    assert file.stat().st_mode & 0o777 == 0o640
    (tmp_path / "folder").mkdir()
    with pytest.raises(Failure):
        write_file(tmp_path / "folder", b"new")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.yml", "folder"]
