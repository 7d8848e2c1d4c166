"""The format of a guideline's folder: its number in guideline.yml, and the steps from an older format to this one.

A step is a pure function from a tree to the texts it changes. It edits texts where they are to be edited, so that
comments and order stay, and it leaves alone what is as it wants it: after an interruption the steps run once more.
Without a number the format is 0. The number itself is raised here, after each step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import unified_diff

from shishin.guideline import ROOT, SETTINGS
from shishin.problem import Failure, Position, Problem, Words
from shishin.source import Mapping as MappingNode
from shishin.source import Scalar, parse
from shishin.tree import Tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One format to the next: why, and which files (by path) get which text."""

    why: Words
    change: Callable[[Tree], Mapping[str, str]]


STEPS: tuple[Step, ...] = (
    Step(  # 0 → 1
        why=Words(
            ja="書式の版を guideline.yml に書きます。ほかの内容は変わりません。",
            en="guideline.yml says which format the folder has. Nothing else changes.",
        ),
        change=lambda tree: {},
    ),
)
CURRENT = len(STEPS)
"""The format this program reads and writes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What one step does to a guideline: the texts before and after, by path."""

    to: int
    why: Words
    before: Mapping[str, str]
    after: Mapping[str, str]

    def diff(self) -> str:
        """Return the changes as one unified diff."""
        return "".join(
            line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
            for path in sorted(self.after)
            for line in unified_diff(
                self.before[path].splitlines(keepends=True), self.after[path].splitlines(keepends=True), path, path
            )
        )


@dataclass(frozen=True, slots=True)
class _Changed:
    """A tree with some texts in place of its own."""

    base: Tree
    texts: Mapping[str, str]

    def files(self, under: str) -> tuple[str, ...]:
        return self.base.files(under)

    def read(self, path: str) -> bytes:
        return self.texts[path].encode() if path in self.texts else self.base.read(path)

    def raw(self, path: str, limit: int) -> bytes:
        return self.texts[path].encode() if path in self.texts else self.base.raw(path, limit)


def format_problem(tree: Tree, current: int = CURRENT) -> Problem | None:
    """Return the problem of a guideline in another format than `current`; what can't be read is not told here."""
    found = _format(_settings(tree))
    if found is None or found[0] == current:
        return None
    number, scalar = found
    return Problem(
        code="C206" if number < current else "C207",
        severity="error",
        position=Position(file=SETTINGS, line=scalar.line, column=scalar.column) if scalar else Position(file=SETTINGS),
        path="format" if scalar else "",
        message=Words(
            ja=f"この指針は{'古い' if number < current else '新しい'}書式（{number}）です。このプログラムの書式は {current} です。",
            en=f"The guideline has format {number}; this program works with format {current}.",
        ),
        hint=Words(
            ja="shishin migrate で新しい書式に直せます。--dry-run を付けると、変わる所を見るだけです。",
            en="'shishin migrate' brings it to this format; with --dry-run it only shows what would change.",
        )
        if number < current
        else Words(ja="shishin を新しい版にしてください。", en="Install a newer version of shishin."),
    )


def migrated(tree: Tree, steps: tuple[Step, ...] = STEPS) -> tuple[Applied, ...]:
    """Return what each step from the guideline's format to the newest does; nothing where it is the newest."""
    found = _format(_settings(tree))
    if found is None:
        raise Failure(
            Words(ja=f"{SETTINGS} の書式の版を読めません。", en=f"The format in {SETTINGS} can't be read."),
            Words(ja="shishin check で誤りを確かめてください。", en="See what 'shishin check' says about it."),
        )
    number = found[0]
    if number > len(steps):
        problem = format_problem(tree, len(steps))
        assert problem is not None
        raise Failure(problem.message, problem.hint)
    done: list[Applied] = []
    for to, step in enumerate(steps[number:], number + 1):
        after = dict(step.change(tree))
        after[SETTINGS] = _with_format(after.get(SETTINGS, _settings(tree)), to)
        before = {path: tree.read(path).decode() for path in after}
        after = {path: text for path, text in after.items() if text != before[path]}
        done.append(Applied(to=to, why=step.why, before=before, after=after))
        tree = _Changed(tree, after)
    return tuple(done)


def texts(done: tuple[Applied, ...]) -> dict[str, str]:
    """Return the files to write, guideline.yml last: with the old number in it, a second run does the rest."""
    changed = {path: text for applied in done for path, text in applied.after.items()}
    return {path: changed[path] for path in sorted(changed, key=lambda path: (path == SETTINGS, path))}


def _settings(tree: Tree) -> str:
    """Return the settings' text, or "" where there is none."""
    try:
        return tree.read(SETTINGS).decode("utf-8-sig") if SETTINGS in tree.files(ROOT) else ""
    except UnicodeDecodeError:
        return ""


def _format(text: str) -> tuple[int, Scalar | None] | None:
    """Return the format's number and where it stands; None where the text can't be read or the number is none."""
    node, problems = parse(text, SETTINGS)
    if problems or not isinstance(node, MappingNode):
        return None
    value = next((value for key, value in node.entries if key.text == "format"), None)
    if value is None:
        return 0, None
    usable = isinstance(value, Scalar) and value.style == "" and value.text.isascii() and value.text.isdecimal()
    return (int(value.text), value) if isinstance(value, Scalar) and usable and len(value.text) < 5 else None


def _with_format(text: str, number: int) -> str:
    """Return the settings' text with the format's number in it, everything else as it was."""
    found = _format(text)
    lines = text.split("\n")
    if found is None or found[1] is None:
        node, _ = parse(text, SETTINGS)
        first = node.line - 1 if isinstance(node, MappingNode) else 0
        return "\n".join([*lines[:first], f"format: {number}", *lines[first:]])
    line, column = found[1].line - 1, found[1].column - 1
    lines[line] = lines[line][:column] + str(number) + lines[line][column + len(found[1].text) :]
    return "\n".join(lines)
