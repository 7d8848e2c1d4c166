"""What papers about a comparison look like: presets, and what guideline.yml says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shishin.papers.settings import DEFAULT, PRESETS, look
from shishin.problem import Failure


def test_without_settings_it_is_the_states_form() -> None:
    found = look({})
    assert (found.preset, found.new_left, found.items_column) == ("kuni", True, False)
    assert (found.new_word, found.old_word, found.verb) == ("改定後", "改定前", "改定")


def test_settings_override_each_part() -> None:
    own = {"preset": "reiki-old-left", "new_word": "改正案", "old_word": "現行", "remarks": "never", "number": "資料2"}
    found = look({"comparison": own})
    assert (found.new_left, found.new_word, found.old_word, found.verb) == (False, "改正案", "現行", "改正")
    assert (found.remarks, found.number) == ("never", "資料2")


def test_a_preset_asked_for_brings_its_own_words() -> None:
    own = {"new_word": "改訂版", "old_word": "現行", "number": "資料2"}
    found = look({"comparison": own}, "simple")
    assert (found.new_word, found.old_word, found.number) == ("新", "旧", "資料2")
    assert look({"comparison": own}, "kuni").new_word == "改訂版"


def test_an_unknown_preset_is_told() -> None:
    with pytest.raises(Failure) as told:
        look({}, "kumi")
    assert "kumi" in told.value.message.ja and "kuni" in str(told.value.hint and told.value.hint.ja)


def test_the_schema_knows_every_preset(root: Path) -> None:
    schema = json.loads((root / "generators/shishin/schemas/guideline.schema.json").read_text(encoding="utf-8"))
    fields = schema["properties"]["comparison"]["properties"]
    assert fields["preset"]["enum"] == list(PRESETS) and DEFAULT in PRESETS
    chosen = {"preset": "simple", "remarks": "always"}
    text = {name: name for name in fields if name not in chosen}
    found = look({"comparison": {**chosen, **text}})
    assert {name: getattr(found, name) for name in fields} == {**chosen, **text}
