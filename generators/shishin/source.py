"""YAML text → nodes that know where they stand. The one loader of the package.

Scalars stay text; the schema converts them later (schema.py). What makes YAML ambiguous or dangerous is refused:
duplicate keys, anchors and aliases, merge keys, tags, keys that are not text, more than one document,
nesting over 32 levels.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import yaml

from shishin.characters import doubts, findings
from shishin.problem import Position, Problem, Words
from shishin.reasons import UNCLOSED, caused_at_beginning, in_japanese, line_hint

MAX_DEPTH = 32
# Private use (外字): no reader elsewhere has them, and markdown.py marks places with two of them. Lone surrogates: no file can hold them.
UNUSABLE = re.compile("[\ue000-\uf8ff\ud800-\udfff]")
FOREIGN_BREAK = re.compile("[\x85\u2028\u2029]")  # YAML 1.1 takes them for line ends; pasted text brings them
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


UNREAD = "〓"
"""What stands for a value that was refused: nothing more is told about it."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text with its place; `style` is "" for plain, else one of ' " | >. Lines count from 1."""

    text: str
    style: str
    line: int
    column: int
    indent: int = 0  # of the lines of a literal block
    last: int = 0  # the last line, where it isn't the first

    def position_of(self, line: int, column: int = 1) -> tuple[int, int]:
        """Return the file's line and column of a place inside the text (all from 1).

        Exact for a literal block (|) and for text on one line; else the scalar's own place.
        """
        if self.style == "|":
            return self.line + line, self.indent + column
        if line == 1 and self.last in (0, self.line):
            return self.line, self.column + column - 1 + (self.style in ("'", '"'))
        return self.line, self.column


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of nodes."""

    items: tuple[Node, ...]
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and values in the order of the file."""

    entries: tuple[tuple[Scalar, Node], ...]
    line: int
    column: int


Node: TypeAlias = Scalar | Sequence | Mapping
Path: TypeAlias = tuple[str | int, ...]


def gate(text: str, file: str) -> Iterator[Problem]:
    """Yield the characters a file may not hold, and in files that aren't YAML also those better avoided."""
    yaml_file = file.endswith(".yml")
    for one in (*findings(text, yaml=yaml_file), *(() if yaml_file else doubts(text))):
        yield Problem(
            code=one.code,
            severity=one.severity,
            position=Position(file=file, line=one.line, column=one.column),
            path="",
            message=one.message,
            hint=one.hint,
        )


def find(node: Node, path: Path) -> tuple[Scalar | None, Node]:
    """Return the key and the node at a path, or those of the nearest node around it that the text has."""
    key: Scalar | None = None
    for part in path:
        match node:
            case Mapping():
                found = next((entry for entry in node.entries if entry[0].text == part), None)
                if found is None:
                    break
                key, node = found
            case Sequence() if isinstance(part, int) and part < len(node.items):
                key, node = None, node.items[part]
            case _:
                break
    return key, node


def is_wide(char: str) -> bool:
    """Tell whether a character belongs to Japanese text: no space is wanted at a line break beside it."""
    return unicodedata.east_asian_width(char) in "WF" or char in "“”‘’…―—"


def parse(text: str, file: str) -> tuple[Node | None, tuple[Problem, ...]]:
    """Return the root node of a YAML text and what is wrong with it (node is None when unreadable)."""
    builder = _Builder(file=file, lines=text.split("\n"), problems=[])
    for number, row in enumerate(builder.lines, 1):
        if found := FOREIGN_BREAK.search(row):
            builder.report(
                "Y109",
                number,
                found.start() + 1,
                Words(
                    ja=f"見えない改行 U+{ord(found[0]):04X} があります。",
                    en=f"There is an invisible line break U+{ord(found[0]):04X}.",
                ),
                Words(ja="消すか、ふつうの改行に置き換えてください。", en="Remove it or use an ordinary line break."),
            )
    if builder.problems:
        return None, tuple(builder.problems)
    try:
        root = builder.document(iter(yaml.parse(text, Loader=LOADER)))
    except yaml.MarkedYAMLError as error:
        builder.unreadable(error)
        return None, tuple(builder.problems)
    except yaml.YAMLError as error:  # characters YAML can't carry
        line, column = _place_of(text, getattr(error, "position", 0) or 0)
        builder.report("Y101", line, column, *_syntax(str(getattr(error, "reason", error)), ""))
        return None, tuple(builder.problems)
    except _TooDeep as error:
        builder.report(
            "Y106",
            error.line,
            error.column,
            Words(ja=f"入れ子が {MAX_DEPTH} 段を超えています。", en=f"Nested more than {MAX_DEPTH} levels deep."),
            Words(ja="平らな形に書き直してください。", en="Write it flatter."),
        )
        return None, tuple(builder.problems)
    return root, tuple(builder.problems)


def _syntax(reason: str, line: str) -> tuple[Words, Words]:
    return (
        Words(ja=f"YAML として読めません（{in_japanese(reason)}）。", en=f"Not readable as YAML: {reason}."),
        line_hint(line)
        or Words(
            ja="字下げ（半角空白2つ）、「: 」の後の空白、引用符の閉じ忘れを確かめてください。",
            en="Check the indentation (two spaces), the space after ':' and unclosed quotes.",
        ),
    )


def _place_of(text: str, index: int) -> tuple[int, int]:
    before = text[:index]
    return before.count("\n") + 1, index - (before.rfind("\n") + 1) + 1


def _mark(event: yaml.Event) -> tuple[int, int, int]:
    """Return first line, column and last line of an event, from 0."""
    start, end = event.start_mark, event.end_mark
    return (start.line, start.column, end.line) if start and end else (0, 0, 0)


class _TooDeep(Exception):
    def __init__(self, line: int, column: int) -> None:
        self.line, self.column = line, column


@dataclass(slots=True)
class _Builder:
    file: str
    lines: list[str]
    problems: list[Problem]
    quoted: tuple[int, int, int] = (0, 0, 0)  # line and column of the last quoted text of several lines, its last line

    def report(self, code: str, line: int, column: int, message: Words, hint: Words | None = None) -> None:
        position = Position(file=self.file, line=line, column=column)
        self.problems.append(
            Problem(code=code, severity="error", position=position, path="", message=message, hint=hint)
        )

    def unreadable(self, error: yaml.MarkedYAMLError) -> None:
        """Report where a text can't be read: where the cause stands, not where the parser noticed it."""
        reason = str(error.problem or error.context or "")
        mark = error.problem_mark or error.context_mark
        if error.context_mark and caused_at_beginning(str(error.context)):
            mark = error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        if line == self.quoted[2]:
            line, column, reason = *self.quoted[:2], UNCLOSED
        self.report("Y101", line, column, *_syntax(reason, self.lines[line - 1] if line <= len(self.lines) else ""))

    def document(self, events: Iterator[yaml.Event]) -> Node | None:
        root: Node | None = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents == 2:
                    self.report(
                        "Y105",
                        _mark(event)[0] + 1,
                        1,
                        Words(ja="一つのファイルに文書（---）が二つあります。", en="Two documents (---) in one file."),
                        Words(ja="ファイルを分けてください。", en="Split the file."),
                    )
            elif isinstance(event, yaml.NodeEvent):
                node = self.node(event, events, 1)
                root = node if root is None else root
        return root

    def node(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Node:
        first, column, last = _mark(event)
        line, column = first + 1, column + 1
        if depth > MAX_DEPTH:
            raise _TooDeep(line, column)
        self.refuse(event, line, column)
        if isinstance(event, yaml.ScalarEvent):
            style = event.style or ""
            value = event.value
            if last > first and style in ("'", '"'):
                self.quoted = (line, column, last + 1)
            if last > first and style != "|":
                value = joined(value, self.lines[first : last + 1])
            indent = self.indent_of(first + 1) if style == "|" else 0
            if style == '"':  # escapes can write what may not stand in the file
                for one in findings(value, yaml=False):
                    self.report(one.code, line, column, one.message, one.hint)
            if found := UNUSABLE.search(value):
                before = value[: found.start()]
                self.report(
                    "Y108",
                    *Scalar(value, style, line, column, indent, last + 1).position_of(
                        before.count("\n") + 1, len(before) - before.rfind("\n")
                    ),
                    Words(
                        ja=f"使えない文字 U+{ord(found[0]):04X}（外字など）があります。",
                        en=f"The character U+{ord(found[0]):04X} (private use or broken) is not allowed.",
                    ),
                    Words(ja="ふつうの文字に置き換えてください。", en="Replace it with an ordinary character."),
                )
                value = UNUSABLE.sub("〓", value)
            return Scalar(value, style, line, column, indent, last + 1)
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Node] = []
            while not isinstance(inner := next(events), yaml.SequenceEndEvent):
                items.append(self.node(inner, events, depth + 1))
            return Sequence(tuple(items), line, column)
        if isinstance(event, yaml.MappingStartEvent):
            entries: list[tuple[Scalar, Node]] = []
            seen: dict[str, Scalar] = {}
            while not isinstance(inner := next(events), yaml.MappingEndEvent):
                key = self.node(inner, events, depth + 1)
                value_node = self.node(next(events), events, depth + 1)
                if not isinstance(key, Scalar):
                    self.report(
                        "Y104",
                        key.line,
                        key.column,
                        Words(ja="キーは文字でなければなりません。", en="A key must be text."),
                    )
                elif key.text == "<<":
                    self.report(
                        "Y103",
                        key.line,
                        key.column,
                        Words(ja="「<<」（取り込み）は使えません。", en="Merge keys (<<) are not allowed."),
                        Words(ja="内容をその場に書いてください。", en="Write the content in place."),
                    )
                elif (earlier := seen.get(key.text)) is not None:
                    self.report(
                        "Y102",
                        key.line,
                        key.column,
                        Words(
                            ja=f"キー「{key.text}」が二度あります（最初は {earlier.line} 行）。",
                            en=f"The key '{key.text}' is given twice (first in line {earlier.line}).",
                        ),
                        Words(ja="どちらか一つを残してください。", en="Keep one of them."),
                    )
                else:
                    seen[key.text] = key
                    entries.append((key, value_node))
            return Mapping(tuple(entries), line, column)
        return Scalar(UNREAD, "'", line, column)  # an alias, already reported

    def refuse(self, event: yaml.Event, line: int, column: int) -> None:
        if getattr(event, "anchor", None):
            self.report(
                "Y103",
                line,
                column,
                Words(ja="参照記号（& と *）は使えません。", en="Anchors and aliases (& and *) are not allowed."),
                Words(
                    ja="内容をその場に書くか、& や * で始まる文字は引用符で囲んでください。",
                    en="Write the content in place; quote text that begins with & or *.",
                ),
            )
        if getattr(event, "tag", None):
            self.report(
                "Y103",
                line,
                column,
                Words(ja="タグ（!）は使えません。", en="Tags (!) are not allowed."),
                Words(ja="! で始まる文字は引用符で囲んでください。", en="Quote text that begins with '!'."),
            )

    def indent_of(self, first: int) -> int:
        """Return the indentation of the block whose lines begin at `first` (from 0)."""
        line = next((line for line in self.lines[first:] if line.strip()), "")
        return len(line) - len(line.lstrip(" "))


def joined(value: str, lines: list[str]) -> str:
    """Undo the space YAML puts at a line break inside Japanese text; `lines` are those the value stands in.

    Only breaks that stand in the file are touched, one after the other; a space typed by the
    author inside a line stays.
    """
    cursor = 0
    for before, after in pairwise([line.strip() for line in lines]):
        if before and after and is_wide(before[-1]) and is_wide(after[0]):
            seam = value.find(before[-1] + " " + after[0], cursor)
            if seam >= 0:
                value = value[: seam + 1] + value[seam + 2 :]
                cursor = seam + 1
    return value
