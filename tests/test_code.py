"""The code itself: formatted, typed, imports downwards only, no word of the subject."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "generators" / "shishin"

# From the bottom to the top: a module imports from its own layer's left or from below.
LAYERS = [
    {"shishin", "problem", "era", "document", "cache", "unchanged", "visible", "segment"},
    {"characters", "reasons", "filenames"},
    {"write"},
    {"tree", "source", "rewrite", "pictures", "dialect", "unmarked"},
    {"schema", "markdown", "numbering", "assembly", "expression", "git", "manifest"},
    {"values", "specimen", "verify"},
    {"guideline", "describe"},
    {"edition", "figures", "view", "account", "references", "wording", "migrate", "editor", "explain"},
    {"templates", "rules", "relations", "printers", "layout"},
    {"layout_words", "composer", "tools"},
    {"compose", "snapshot", "publication"},
    {"comparison", "check"},
    {"compare", "marking"},
    {"papers"},
    {"outputs"},
    {"survey", "renderers"},
    {"report", "serve", "release", "redline"},
    {"register"},
    {"sides", "publish"},
    {"comparing"},
    {"pipeline", "editions"},
    {"console"},
    {"__main__"},
]


def run(*command: str) -> None:
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_ruff_check() -> None:
    run("ruff", "check", ".")


def test_ruff_format() -> None:
    run("ruff", "format", "--check", ".")


def test_types() -> None:
    run("mypy")


def layer_of(module: str) -> int:
    name = module.removeprefix("shishin.").partition(".")[0] if module != "shishin" else "shishin"
    return next(place for place, names in enumerate(LAYERS) if name in names)


def imports(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    found = []
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "shishin":
            found += [f"shishin.{name.name}" for name in node.names] if node.module == "shishin" else [node.module]
        elif isinstance(node, ast.Import):
            found += [name.name for name in node.names if name.name.startswith("shishin")]
    return [name for name in found if name != "shishin.__version__"]


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_down(path: Path) -> None:
    own = path.relative_to(PACKAGE).with_suffix("").parts[0]
    own = "shishin" if own == "__init__" else own
    for module in imports(path):
        target = module.removeprefix("shishin.").partition(".")[0]
        assert target == own or layer_of(module) < layer_of(f"shishin.{own}"), f"{path.name} imports {module}"


SUBJECT = re.compile(
    r"医師会|在宅|看取り|退院|コーディネーター|センター|新潟|\b(coordinator|municipality|hospital|nurse|medical|role|task|scene)s?\b"
    r"|学校|災害|避難|備蓄|児童|保護者|引渡し|\b(school|disaster|hazard|drill|evacuation|refuge|pupil)s?\b",
    re.IGNORECASE,
)


def test_the_package_knows_no_word_of_the_subject() -> None:
    found = []
    for path in sorted(
        path for ending in ("py", "j2", "schema.json", "typ", "yml") for path in PACKAGE.rglob(f"*.{ending}")
    ):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            # ARIA's attribute `role` and Typst's tags are the formats' own words
            if SUBJECT.search(
                re.sub(r'--role|given\.role|role=|role:|"role"|task_id|_task\b|add_task|{task\.', "", line)
            ):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()}")
    assert found == []
