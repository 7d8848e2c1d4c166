"""Layout of YAML text: what `shishin format` does to a file.

The author's lines stay lines: nothing is joined, wrapped, sorted or dropped. Only what carries no meaning is made
even: two spaces per level (list entries stand under their key), one space after `-`, `:` and `,`, at most one blank
line, no spaces at line ends, double quotes. A number that stands where the schema wants text is quoted. Comments keep
their words and move with what they stand beside. Text inside `|` and `>` is moved as a whole.

A full-width space at the start of a line is part of a word to YAML, so it is never repaired here: the check names it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import yaml

from shishin.editor import with_modeline
from shishin.guideline import ROOT, SETTINGS, kind_of, text_of
from shishin.manifest import stored_paths
from shishin.problem import Failure, Problem, Words
from shishin.schema import Kind, load_schemas
from shishin.source import LOADER, Mapping, Node, Scalar, Sequence, parse
from shishin.tree import Tree
from shishin.values import convert

_STEP = 2
_NUMERIC = tuple("+-.0123456789")  # `null` and `true` may be meant otherwise: those are left to the author
_HEADER = re.compile(r"([|>])(?:([1-9])([-+]?)|([-+]?)([1-9]?))[ \t]*(#.*)?")
_OPENERS = yaml.FlowSequenceStartToken | yaml.FlowMappingStartToken
_CLOSERS = yaml.FlowSequenceEndToken | yaml.FlowMappingEndToken
_COLLECTIONS = yaml.BlockMappingStartToken | yaml.BlockSequenceStartToken
_SPACED = yaml.BlockEntryToken | yaml.ValueToken | yaml.KeyToken | yaml.FlowEntryToken | yaml.DocumentStartToken


def layouts(
    tree: Tree, names: tuple[str, ...] = (), *, modelines: bool = False
) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """Return the YAML files of a guideline (or those named) that aren't in the layout, with their text in it.

    Templates and what an edition has frozen are left alone. The problems are those of files that can't be read.
    With `modelines` each file begins with a line that tells editors its schema.
    """
    paths = tree.files(ROOT)
    frozen = stored_paths(tree, paths)
    known = [
        path
        for path in paths
        if path.endswith(".yml") and not path.startswith(f"{ROOT}/templates/") and path not in frozen
    ]
    for name in names:
        if name not in known:
            raise Failure(
                Words(ja=f"{name} は整える対象のファイルではありません。", en=f"{name} is no file to lay out."),
                Words(
                    ja=f"{ROOT}/ の中の .yml を指してください（templates/ と、確定した版のファイルは除く）。",
                    en=f"Name a .yml file in {ROOT}/, outside templates/ and no stored file of a released edition.",
                ),
            )
    schemas, _ = load_schemas(tree)
    changed: dict[str, str] = {}
    problems: list[Problem] = []
    for path in names or known:
        if text_of(tree, path, problems) is None:
            continue
        text = tree.read(path).decode()
        faults = parse(text.removeprefix("\ufeff"), path)[1]
        problems += faults
        kind = None
        if schemas is not None:
            kind = schemas.guideline if path == SETTINGS else kind_of(path.removeprefix(f"{ROOT}/"), schemas)
        result = formatted(text, path, kind)
        if modelines and kind is not None and not _broken(faults):
            result = with_modeline(result, path, kind)
        if result != text:
            changed[path] = result
    return changed, tuple(problems)


def formatted(text: str, file: str, kind: Kind | None) -> str:
    """Return a file's text in the one layout; a text with problems of syntax comes back as it is.

    What the loader reads stays the same; a missing line end after the last line counts as there. Without `kind`
    no number is quoted.
    """
    own = text.removeprefix("\ufeff").replace("\r\n", "\n")
    own = own if own.endswith("\n") else own + "\n"
    node, problems = parse(own, file)
    if node is None or isinstance(node, Scalar) or _broken(problems):
        return text
    numbers = _meant_as_text(node, kind, file) if kind else frozenset()
    result = laid_out(own, numbers)
    again, problems = parse(result, file)
    same = again is not None and not _broken(problems) and _meaning(again) == _meaning(node, numbers)
    return result if same else text


def _broken(problems: tuple[Problem, ...]) -> bool:
    return any(problem.severity == "error" for problem in problems)


def laid_out(text: str, numbers: frozenset[tuple[int, int]] = frozenset()) -> str:
    """Return a readable YAML text in the one layout; `numbers` in the places given (from 1) are quoted."""
    writer = _Writer(text, numbers)
    for token in yaml.scan(text, Loader=LOADER):
        writer.take(token)
    return "\n".join(writer.lines) + "\n"


def _meant_as_text(node: Node, kind: Kind, file: str) -> frozenset[tuple[int, int]]:
    """Return the places of plain scalars that the schema wants as text and YAML reads as something else."""
    items = node.items if not kind.folder and isinstance(node, Sequence) else (node,)
    problems = [problem for item in items for problem in convert(item, kind, file)[1]]
    return frozenset((one.position.line, one.position.column) for one in problems if one.code == "S110")


def _meaning(node: Node, quoted: frozenset[tuple[int, int]] = frozenset()) -> Any:
    """Return what the schema's types see of a node: texts, and which of them are plain."""
    if isinstance(node, Scalar):
        numeric = (node.line, node.column) in quoted and node.text.startswith(_NUMERIC)
        return node.text, node.style == "" and not numeric
    if isinstance(node, Mapping):
        return {key.text: _meaning(value, quoted) for key, value in node.entries}
    return [_meaning(item, quoted) for item in node.items]


@dataclass(frozen=True, slots=True)
class _Block:
    """An open block collection: its column in the source and in the result."""

    column: int
    indent: int
    marked: bool = True  # False: a list whose entries stand in the column of their key


class _Writer:
    """Writes tokens line by line; what lies between two tokens can only be spaces, line ends and comments."""

    def __init__(self, text: str, numbers: frozenset[tuple[int, int]]) -> None:
        self.text, self.numbers = text, numbers
        self.lines: list[str] = [""]
        self.blocks: list[_Block] = []
        self.around: list[_Block] = []  # the blocks that were open at the token before
        self.flow = 0
        self.end = 0
        self.before: yaml.Token | None = None  # the token written last
        self.last: yaml.Token | None = None  # the same, but for announcements of blocks and keys
        self.is_key = False

    def take(self, token: yaml.Token) -> None:
        column = token.start_mark.column
        loose = bool(self.blocks) and not self.blocks[-1].marked
        if loose and not self.flow and isinstance(token, yaml.KeyToken | yaml.ValueToken | yaml.BlockEndToken):
            self.blocks.pop()
        if isinstance(token, _COLLECTIONS):
            self.blocks.append(_Block(column, self.inner))
        elif isinstance(token, yaml.BlockEndToken):
            self.blocks.pop()
        elif isinstance(token, yaml.KeyToken) and token.start_mark.index == token.end_mark.index:
            self.is_key = True
        elif not isinstance(token, yaml.StreamStartToken):
            if isinstance(token, yaml.BlockEntryToken) and isinstance(self.last, yaml.ValueToken):
                self.blocks.append(_Block(column, self.inner, marked=False))  # no token announces such a list
            self.flow -= isinstance(token, _CLOSERS)
            self.gap(token)
            self.flow += isinstance(token, _OPENERS)
            self.write(token)
            self.before, self.around, self.is_key = token, list(self.blocks), False
        self.last = token

    @property
    def inner(self) -> int:
        """The indentation of what stands inside the innermost block."""
        return self.blocks[-1].indent + _STEP if self.blocks else 0

    @property
    def further(self) -> int:
        """The indentation of a scalar's or a flow collection's further lines."""
        return (self.blocks[-1].indent if self.blocks else 0) + _STEP * max(self.flow, 1)

    def gap(self, token: yaml.Token) -> None:
        """Write what lies before a token: nothing, a space, or line ends with comments and blank lines."""
        first, *rest = self.text[self.end : token.start_mark.index].split("\n")
        if comment := first.strip(" \t"):
            self.lines[-1] += f" {comment}" if self.lines[-1] else comment
        if not rest:
            self.lines[-1] += self.space(token)
            return
        indent = self.indent_of(token)
        blank = False
        for line in rest[:-1]:
            comment = line.strip(" \t")
            if comment:
                column = len(line) - len(line.lstrip(" \t"))
                self.open_line(self.comment_indent(column, token, indent) * " " + comment, blank)
            blank = not comment
        if not isinstance(token, yaml.StreamEndToken):
            self.open_line(indent * " ", blank)

    def open_line(self, line: str, blank: bool) -> None:
        if self.lines == [""]:
            self.lines = [line]
        else:
            self.lines += ["", line] if blank else [line]

    def space(self, token: yaml.Token) -> str:
        if isinstance(self.before, yaml.FlowEntryToken) and isinstance(token, _CLOSERS):
            return ""
        return " " if isinstance(self.before, _SPACED) else ""

    def indent_of(self, token: yaml.Token) -> int:
        """Return the indentation of a line that begins with a token."""
        if self.flow or isinstance(token, _CLOSERS):
            return self.further
        structure = self.is_key or isinstance(token, yaml.BlockEntryToken | yaml.KeyToken | yaml.ValueToken)
        return self.blocks[-1].indent if self.blocks and structure else self.inner

    def comment_indent(self, column: int, token: yaml.Token, indent: int) -> int:
        """Return where a comment line stands: with what follows, or with the deeper block that it ends."""
        if self.flow or isinstance(token, _CLOSERS) or column <= token.start_mark.column:
            return indent
        if isinstance(self.before, _SPACED) and self.around and column > self.around[-1].column:
            return self.around[-1].indent + _STEP  # inside an empty value
        return next((block.indent for block in reversed(self.around) if block.column <= column), indent)

    def write(self, token: yaml.Token) -> None:
        raw = self.text[token.start_mark.index : token.end_mark.index]
        self.end = token.end_mark.index
        if not isinstance(token, yaml.ScalarToken):
            self.lines[-1] += raw
        elif token.style in ("|", ">"):
            self.write_block(raw, token.start_mark.index)
        elif (token.start_mark.line + 1, token.start_mark.column + 1) in self.numbers and raw.startswith(_NUMERIC):
            self.lines[-1] += f'"{raw}"'
        else:
            if token.style == "'" and not re.search(r'["\\]', raw):
                raw = '"' + raw[1:-1].replace("''", "'") + '"'
            first, *rest = raw.split("\n")
            self.lines[-1] += first if not rest else _right_stripped(first, token.style)
            for line in rest[:-1]:
                line = _right_stripped(line.lstrip(" \t"), token.style)
                self.lines.append(line and self.further * " " + line)
            self.lines += [self.further * " " + line.lstrip(" \t") for line in rest[-1:]]

    def write_block(self, raw: str, start: int) -> None:
        """Write a | or > text: its lines as they are, from the new column on."""
        header, *body = raw.removesuffix("\n").split("\n")
        style, number, chomp, chomp_first, number_last, comment = _HEADER.fullmatch(header.rstrip(" \t")).groups()  # type: ignore[union-attr]
        chomp = chomp or chomp_first or ""
        parent = self.blocks[-1].column if self.blocks else 0
        if given := number or number_last:
            column = parent + int(given)
        else:
            text = next((place for place, line in enumerate(body) if line.strip(" ")), len(body))
            column = max([1, *(len(line) - len(line.lstrip(" ")) for line in body[: text + 1])])
        content = [line[column:] for line in body]
        if chomp != "+":
            while content and not content[-1]:
                content.pop()
        self.end = start + len("\n".join([header, *body[: len(content)]]))
        leading = next((line for line in content if line), "")
        indicator = str(_STEP) if leading.startswith((" ", "\t")) else ""
        self.lines[-1] += style + indicator + chomp + (f" {comment}" if comment else "")
        base = (self.blocks[-1].indent if self.blocks else 0) + _STEP
        self.lines += [base * " " + line if line else "" for line in content]


def _right_stripped(line: str, style: str | None) -> str:
    """Return a line of a scalar without spaces at its end, but for one that a backslash holds."""
    bare = line.rstrip(" \t")
    escaped = style == '"' and bare != line and (len(bare) - len(bare.rstrip("\\"))) % 2 == 1
    return line[: len(bare) + 1] if escaped else bare
