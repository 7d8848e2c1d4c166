"""Printed numbers of headings, tables and figures, computed once for all outputs.

Presets: `chapter` 第1章／1／(1)／ア／(ア) · `koyobun` 第1／1／(1)／ア／(ア) (公用文の細別) · `hen` 第1編／第1章／第1節／1／(1).
Fixed codes such as (ア) of a programme are data and never pass through here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from shishin.document import (
    Block,
    Figure,
    Section,
    Table,
)

KANA = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"


def kana(number: int) -> str:
    """Return ア, イ, … ン, then アア, アイ … as papers go on."""
    number -= 1
    if number < len(KANA):
        return KANA[number]
    return KANA[number // len(KANA) - 1] + KANA[number % len(KANA)]


def below(outer: str, inner: str) -> str:
    """Return a number as it reads from the top: 第5章 and 3 give 第5章3; two figures need a word between: 第3の4."""
    return f"{outer}の{inner}" if outer[-1:].isdigit() and inner[:1].isdigit() else outer + inner


Style = Callable[[int], str]
_PLAIN: Style = str
_BRACKET: Style = "({})".format


def _kana_bracket(number: int) -> str:
    return f"({kana(number)})"


PRESETS: dict[str, tuple[Style, ...]] = {
    "chapter": ("第{}章".format, _PLAIN, _BRACKET, kana, _kana_bracket),
    "koyobun": ("第{}".format, _PLAIN, _BRACKET, kana, _kana_bracket),
    "hen": ("第{}編".format, "第{}章".format, "第{}節".format, _PLAIN, _BRACKET),
}


@dataclass(slots=True)
class _Counter:
    styles: tuple[Style, ...]
    label: str  # 図表
    captions: int = 0
    chapter: str = ""

    def section(self, section: Section, level: int, number: str) -> Section:
        if level == 1:
            self.captions, self.chapter = 0, "".join(char for char in number if char.isdigit())
        blocks = tuple(self.blocks(section.blocks, level, numbered=bool(number)))
        return replace(section, level=level, number=number, blocks=blocks)

    def blocks(self, blocks: tuple[Block, ...], level: int, *, numbered: bool) -> Iterator[Block]:
        count = 0
        for block in blocks:
            match block:
                case Section():
                    count += 1
                    number = self.styles[level](count) if numbered and level < len(self.styles) else ""
                    yield self.section(block, level + 1, number)
                case Table() | Figure() if block.caption:
                    self.captions += 1
                    number = (
                        f"{self.label}{self.chapter}-{self.captions}"
                        if self.chapter
                        else f"{self.label}{self.captions}"
                    )
                    yield replace(block, number=number)
                case _:
                    yield block


def number_sections(chapters: tuple[Section, ...], preset: str, label: str) -> tuple[Section, ...]:
    """Return the sections with levels and numbers.

    Only chapters of the body count; front and back parts carry no numbers. `label` is the word of
    captions (図表).
    """
    counter = _Counter(styles=PRESETS[preset], label=label)
    count = 0
    done: list[Section] = []
    for chapter in chapters:
        number = ""
        if chapter.part == "body":
            count += 1
            number = counter.styles[0](count)
        done.append(counter.section(chapter, 1, number))
    return tuple(done)
