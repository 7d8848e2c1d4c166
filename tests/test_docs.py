"""The words for people are right: every command is in the READMEs, every file they name exists."""

import re
from pathlib import Path

import pytest

from conftest import ROOT
from shishin.__main__ import _parser

READMES = ("README.md", "README.ja.md")
PAGES = [ROOT / name for name in READMES] + sorted((ROOT / "site/manual").glob("*.md"))


def commands() -> list[str]:
    choices = next(action.choices for action in _parser()._actions if action.dest == "command")
    assert choices is not None
    return sorted(choices)


@pytest.mark.parametrize("readme", READMES)
def test_every_command_and_make_target_is_told(readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    assert [name for name in commands() if f"shishin {name}" not in text] == []
    targets = re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert {"build", "test"} <= set(targets)
    assert [name for name in ("build", "test", "golden", "help") if f"make {name}" not in text] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if "://" not in target and not target.startswith(("javascript", "item")):
            assert (page.parent / target).exists() or "…" in target or target in EXAMPLES, f"{page.name}: {target}"


EXAMPLES = {"id"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_messages_in_the_manual_are_real(page: Path) -> None:
    """A code that a page explains is a code of the package."""
    known = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "generators/shishin").rglob("*.py"))
    for code in re.findall(r"\b([YSRMTC][1-5]\d\d)\b", page.read_text(encoding="utf-8")):
        assert f'"{code}"' in known, f"{page.name}: {code}"
