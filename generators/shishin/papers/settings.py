"""How papers about a comparison look: presets, words of the headings, what stands on top. All of it settings.

Which side the newer edition stands on and how the columns are called differs from office to office; the presets are
what was found in use, and guideline.yml (`comparison:`) overrides each part of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from shishin.problem import Failure, Words

ALWAYS, NEVER, NEEDED = "always", "never", "needed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a paper about a comparison looks like."""

    preset: str
    new_left: bool
    items_column: bool  # a first column 項目, else headings stand in the texts' columns
    remarks: str  # always | never | needed: whether there is a column 備考
    new_word: str = "改定後"
    old_word: str = "改定前"
    item_word: str = "項目"
    remark_word: str = "備考"
    lead: str = ""
    number: str = ""  # 資料番号
    meeting: str = ""

    @property
    def verb(self) -> str:
        """Return 改定, 改正 or 改訂, after the heading of the newer side."""
        return next((word for word in ("改定", "改正", "改訂") if word in self.new_word), "改定")


PRESETS: Mapping[str, Look] = {
    "kuni": Look(preset="kuni", new_left=True, items_column=False, remarks=NEEDED),
    "reiki-old-left": Look(preset="reiki-old-left", new_left=False, items_column=False, remarks=NEEDED),
    "simple": Look(preset="simple", new_left=True, items_column=True, remarks=ALWAYS, new_word="新", old_word="旧"),
}
DEFAULT = "kuni"


def look(settings: Mapping[str, Any], preset: str = "") -> Look:
    """Return how papers look by guideline.yml; `preset` comes before the one it names.

    The words of its own headings hold for its own preset: another preset, asked for by name, brings its words along.
    """
    own: Mapping[str, Any] = settings.get("comparison", {})
    name = preset or own.get("preset", DEFAULT)
    if name not in PRESETS:
        known = ", ".join(PRESETS)
        raise Failure(
            Words(ja=f"新旧対照表の型「{name}」はありません。", en=f"There is no preset '{name}'."),
            Words(ja=f"使えるのは {known} です。", en=f"There are: {known}"),
        )
    given = {one.name: own[one.name] for one in fields(Look) if one.name in own and one.name != "preset"}
    if name != own.get("preset", DEFAULT):
        given = {key: value for key, value in given.items() if key in ("lead", "number", "meeting")}
    return replace(PRESETS[name], **given)
