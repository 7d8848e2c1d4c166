"""Another field altogether: a school's guideline for disasters, made of YAML, schemas and templates only.

It has kinds, relations, rules, tables and numbers of its own; whatever is new arrives in every output.
"""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest
from lxml import html
from pypdf import PdfReader

from conftest import ROOT
from renderers.chromium import PHONE, chromium, reader, served
from renderers.test_site import _complaints, check_links
from renderers.test_word import assert_no_lonely_headings, assert_numbers_read_back
from renderers.word_harness import W, body_of, faults, pages_of, parts_of, said
from shishin.check import check
from shishin.compose import compose
from shishin.console import Console
from shishin.document import Document, Figure, Section, Table, plain, sections
from shishin.edition import working_edition
from shishin.guideline import Guideline
from shishin.pipeline import build
from shishin.problem import Problem
from shishin.tools.libreoffice import to_pdf
from shishin.tree import DictTree, FolderTree

SCHOOL = Path(__file__).parent / "school"
PACKAGE = ROOT / "generators" / "shishin"


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


@dataclass(frozen=True)
class Outputs:
    """What a build of the school's guideline has made, read back."""

    folder: Path

    def page(self, path: str) -> html.HtmlElement:
        return html.fromstring((self.folder / "site" / path).read_text("utf-8"))

    def words(self, path: str) -> str:
        """The text of a page of the site."""
        return squeezed(self.page(path).find(".//article").text_content())

    @cached_property
    def docx(self) -> bytes:
        return (self.folder / "school-disaster-trial.docx").read_bytes()

    @cached_property
    def word(self) -> str:
        return squeezed("".join(said(body_of(parts_of(self.docx)))[0]))

    @cached_property
    def reader(self) -> PdfReader:
        return PdfReader(self.folder / "school-disaster-trial.pdf")

    @cached_property
    def pdf(self) -> str:
        return squeezed("".join(page.extract_text() for page in self.reader.pages))

    @cached_property
    def data(self) -> dict[str, dict[str, object]]:
        return {one["id"]: one["fields"] for one in json.loads((self.folder / "edition.json").read_bytes())["items"]}


def change(file: Path, edit: Callable[[str], str]) -> None:
    before = file.read_text("utf-8")
    after = edit(before)
    assert after != before
    file.write_text(after, "utf-8")


def copied(root: Path) -> Path:
    """Copy the guideline; its site goes on sharing the theme of the shipped one."""
    shutil.copytree(SCHOOL, root, ignore=shutil.ignore_patterns("dist", ".cache"))
    change(root / "mkdocs.yml", lambda text: text.replace("../../site/overrides", str(ROOT / "site/overrides")))
    return root


def made_of(root: Path, out: Path) -> Outputs:
    with Console(language="ja").silent() as progress:
        built = build(root, out, to=("site", "docx", "pdf", "json"), edition_id="", progress=progress)
    assert built.problems == ()
    return Outputs(out / "trial")


@pytest.fixture(scope="module")
def guideline() -> Guideline:
    found, problems = check(FolderTree(SCHOOL))
    assert problems == ()
    assert found is not None
    return found


@pytest.fixture(scope="module")
def document(guideline: Guideline) -> Document:
    composed = compose(working_edition(guideline))
    assert composed.problems == ()
    assert composed.left_out == ()
    return composed.document


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Outputs:
    root = copied(tmp_path_factory.mktemp("school") / "root")
    return made_of(root, root / "dist")


# ---------------------------------------------------------------- it is another guideline


def test_it_is_made_of_files_alone() -> None:
    files = [path for path in SCHOOL.rglob("*") if path.is_file()]
    own = [path for path in files if path.relative_to(SCHOOL).parts[0] not in ("dist", ".cache")]
    assert {path.suffix for path in own} == {".yml", ".json", ".j2", ".css", ".js", ".svg"}


def test_it_looks_as_the_shipped_site() -> None:
    for file in sorted((ROOT / "site/assets").iterdir()):
        copy = SCHOOL / "site/assets" / file.name
        assert copy.read_bytes() == file.read_bytes(), f"copy {file.relative_to(ROOT)} to {copy.relative_to(ROOT)}"


FIELD = re.compile(
    r"学校|災害|避難|訓練|備蓄|児童|保護者|引渡し|\b(school|disaster|hazard|drill|evacuation|refuge|pupil)s?\b",
    re.IGNORECASE,
)


def test_the_package_knows_no_word_of_this_field() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in sorted(PACKAGE.rglob("*"))
        if path.suffix in (".py", ".j2", ".json", ".typ", ".yml")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if FIELD.search(line)
    ]
    assert found == []


def test_none_of_its_kinds_is_a_kind_of_the_shipped_guideline(guideline: Guideline) -> None:
    own = {path.name for path in (SCHOOL / "schemas").iterdir()}
    assert len(own) == 6
    assert own.isdisjoint(path.name for path in (ROOT / "schemas").iterdir())
    for name in own:
        assert guideline.of(name.partition(".")[0])


# ---------------------------------------------------------------- rules


def problems_with(path: str, old: str, new: str) -> tuple[Problem, ...]:
    """Check the guideline with one text changed."""
    tree = FolderTree(SCHOOL)
    files = {path: tree.read(path) for under in ("guideline", "schemas") for path in tree.files(under)}
    text = files[f"guideline/{path}"].decode()
    assert text.count(old) >= 1
    files[f"guideline/{path}"] = text.replace(old, new).encode()
    return check(DictTree(files))[1]


@pytest.mark.parametrize(
    ("path", "old", "new", "code", "place"),
    [
        ("actions/act-stay.yml", "share: lead", "share: join", "one-lead", "actions/act-stay.yml:16"),
        ("supplies.yml", "quantity: 420", "quantity: 430", "stock-total", "supplies.yml:13"),
        ("drills.yml", "hazard: hz-rain", "hazard: hz-fire", "every-drill-hazard", "hazards/hz-rain.yml:1"),
        ("actions/act-firefight.yml", "- post: post-fire", "- post: post-head", "post-works", "posts/post-fire.yml:1"),
        ("actions/act-evacuate.yml", "- act-setup", "- act-release", "after-earlier", "actions/act-evacuate.yml:10"),
        ("actions/act-evacuate.yml", "- hz-quake", "- hz-quak", "R301", "actions/act-evacuate.yml:6"),
        ("actions/act-stay.yml", "supply: sp-food", "supply: hz-fire", "R305", "actions/act-stay.yml:36"),
        ("actions/act-setup.yml", "limit:", "limits:", "S102", "actions/act-setup.yml:6"),
    ],
)
def test_its_rules_and_relations_are_held(path: str, old: str, new: str, code: str, place: str) -> None:
    found = {
        (one.code, f"{one.position.file.removeprefix('guideline/')}:{one.position.line}")
        for one in problems_with(path, old, new)
    }
    assert (code, place) in found


def test_actions_that_wait_for_each_other_are_found() -> None:
    codes = {one.code for one in problems_with("actions/act-setup.yml", "steps:", "after:\n  - act-evacuate\nsteps:")}
    assert "R311" in codes


# ---------------------------------------------------------------- the same in all outputs


def test_word_says_what_the_document_says(document: Document, outputs: Outputs) -> None:
    assert faults(document, outputs.docx) == []


def test_word_counts_as_the_document_does(document: Document, outputs: Outputs, tmp_path: Path) -> None:
    sheets = pages_of(to_pdf(outputs.docx))
    assert_numbers_read_back(document, sheets)
    assert_no_lonely_headings(document, sheets)


def test_every_link_of_the_site_leads_somewhere(outputs: Outputs) -> None:
    check_links(outputs.folder / "site")


def test_numbers_are_those_of_official_papers(document: Document, outputs: Outputs) -> None:
    numbers = {section.id: section.number for section in sections(document.sections)}
    assert [numbers[name] for name in ("ch-about", "ch-actions", "act-evacuate", "act-evacuate--steps")] == [
        "第1", "第3", "ア", "(ア)",
    ]  # fmt: skip
    assert numbers["ch-colophon"] == ""
    for section in sections(document.sections):
        heading = squeezed(section.number + plain(section.title))
        assert heading in outputs.pdf, heading
    assert "ア校庭への避難" in outputs.words("action/act-evacuate.html")


def test_every_item_has_its_anchor_everywhere(guideline: Guideline, document: Document, outputs: Outputs) -> None:
    ids = {item.id for item in guideline.items if item.kind.use == "item"}
    assert len(ids) >= 50
    site = {one for path in outputs.folder.rglob("site/**/*.html") for one in html.parse(path).xpath("//@id")}
    word = {mark.get(f"{W}name") for mark in body_of(parts_of(outputs.docx)).iter(f"{W}bookmarkStart")}
    assert ids <= site
    assert {f"GL_{one.replace('-', '_')}" for one in ids} <= word
    homes = {section.item for section in sections(document.sections) if section.item}
    assert len(homes) >= 35
    assert homes <= set(outputs.reader.named_destinations)  # Typst names headings only


def tables(document: Document) -> Iterator[Table]:
    for section in sections(document.sections):
        yield from (block for block in section.blocks if isinstance(block, Table))


def test_tables_of_two_kinds_arrive_cell_by_cell(document: Document, outputs: Outputs) -> None:
    table = next(one for one in tables(document) if one.id == "tab-hazards")
    assert len(table.rows) == 5
    assert len(table.head[0]) == 4
    shown = outputs.page("ch-actions/index.html").get_element_by_id("tab-hazards")
    rows = [[squeezed(cell.text_content()) for cell in row] for row in shown.iter("tr")]
    assert rows[0] == ["時期", "地震", "大雨・洪水", "火災"]
    assert rows[2] == [
        "発生直後", "身の安全の確保災害対策本部の設置", "災害対策本部の設置", "通報と初期消火災害対策本部の設置",
    ]  # fmt: skip
    posts = outputs.page("ch-posts/index.html").get_element_by_id("tab-posts")
    marks = {
        squeezed(row[0].text_content()): [squeezed(cell.text_content()) for cell in row[1:]] for row in posts.iter("tr")
    }
    assert marks["災害対策本部の設置"] == ["●", "○", "－", "－", "－", "－", "△", "－", "－"]
    for words in ("図表3-2災害と時期から見た対応", "図表2-2班と対応", "●○－－－－△－－"):
        assert words in outputs.word.replace("|", ""), words
        assert words in outputs.pdf, words


def test_sums_are_added_up_in_the_template(outputs: Outputs) -> None:
    table = outputs.page("ch-supplies/index.html").get_element_by_id("tab-supplies")
    rows = {
        squeezed(row[-8].text_content()): [squeezed(cell.text_content()) for cell in row] for row in table.iter("tr")
    }
    assert rows["毛布"][-5:] == ["100", "－", "280", "△20", "－"]
    assert rows["飲料水（500ml）"][-3:] == ["600", "0", "R11.3.31"]


def test_pictures_arrive_with_words_for_the_ear(document: Document, outputs: Outputs) -> None:
    figures = {
        block.id: block for one in sections(document.sections) for block in one.blocks if isinstance(block, Figure)
    }
    assert set(figures) == {"fig-posts", "fig-history"}
    assert "連絡班は教育委員会に報告する。" in figures["fig-posts"].alt
    assert "第2回" not in figures["fig-history"].alt
    for name, figure in figures.items():
        assert (outputs.folder / f"pages/assets/figures/{name}.svg").read_text("utf-8").strip() == figure.svg.strip()
        assert figure.number + plain(figure.caption) in outputs.word
        assert figure.number + plain(figure.caption) in outputs.pdf
    with zipfile.ZipFile(outputs.folder / "school-disaster-trial.docx") as package:
        assert len([name for name in package.namelist() if name.endswith(".svg")]) == 2


def test_mentions_tell_where_things_stand(outputs: Outputs) -> None:
    for words in (outputs.words("ch-about/index.html"), outputs.word, outputs.pdf):
        assert re.search(r"保護者への引渡し（第3の4\(4\)ア）の手順", words)
    (link,) = outputs.page("ch-about/index.html").xpath("//article//a[text()='保護者への引渡し']")
    assert link.get("href") == "../action/act-release.html"


def test_no_word_of_the_shipped_guideline_arrives(outputs: Outputs) -> None:
    foreign = re.compile("種文書|在宅|医師会|コーディネーター|新潟")
    for words in (outputs.word, outputs.pdf, *(outputs.words(path) for path in reading_pages(outputs))):
        assert not foreign.search(words)


def reading_pages(outputs: Outputs) -> list[str]:
    """The pages for readers."""
    site = outputs.folder / "site"
    paths = (path.relative_to(site).as_posix() for path in sorted(site.rglob("*.html")))
    return [path for path in paths if not path.startswith(("editors/", "404"))]


def test_pages_for_editors_are_apart_from_those_for_readers(outputs: Outputs) -> None:
    words = outputs.words("editors/action.html")
    assert "guideline/actions/&lt;id&gt;.yml" in words or "guideline/actions/<id>.yml" in words
    assert "parts.share" in words
    assert "one-lead" in words
    index = json.loads((outputs.folder / "site/search/search_index.json").read_bytes())
    assert not [one["location"] for one in index["docs"] if one["location"].startswith("editors/")]


def test_pages_fit_a_phone_and_axe_finds_nothing(outputs: Outputs) -> None:
    site = outputs.folder / "site"
    paths = [path.relative_to(site).as_posix() for path in sorted(site.rglob("*.html"))]
    one_each = {path.rpartition("/")[0]: path for path in paths}.values()
    with chromium() as browser, served(site) as base, reader(browser, base, width=PHONE) as at:
        for path in (*one_each, "editors/all-kinds.html", "editors/rule.html", "ch-posts/index.html"):
            page = at.open(path)
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE, path
            assert _complaints(page) == [], path
        assert at.complaints == []
        assert at.strangers == []


# ---------------------------------------------------------------- a new field, kind and part, by files alone

ROUTE = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "route.schema.json",
    "title": "避難経路",
    "description": "教室から避難先までの道。",
    "type": "object",
    "x-kind": {"name": "route", "use": "item", "folder": "routes"},
    "x-title": "title",
    "x-sort": "order",
    "properties": {
        "id": {"$ref": "common.schema.json#/$defs/id"},
        "title": {"type": "string", "title": "名称", "minLength": 1, "x-text": "inline"},
        "order": {"$ref": "common.schema.json#/$defs/order"},
        "hazard": {"type": "string", "title": "災害", "x-ref": ["hazard"]},
        "way": {
            "type": "array",
            "title": "道順",
            "items": {"type": "string", "title": "通る所", "x-text": "inline"},
            "minItems": 2,
            "x-align": "sequence",
        },
    },
    "required": ["id", "title", "order", "hazard", "way"],
    "additionalProperties": False,
}


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Outputs:
    """The guideline with a new field, a new kind and a new part: files only."""
    root = copied(tmp_path_factory.mktemp("extended") / "root")

    def with_field(text: str) -> str:
        schema = json.loads(text)
        schema["properties"]["signal"] = {"type": "string", "title": "合図", "minLength": 1, "x-text": "inline"}
        return json.dumps(schema, ensure_ascii=False)

    change(root / "schemas/hazard.schema.json", with_field)
    change(root / "guideline/hazards/hz-fire.yml", lambda text: text + "signal: 長いベルを**三回**鳴らす。\n")
    change(
        root / "guideline/templates/items/hazard.md.j2",
        lambda text: text.replace(
            "{{ item.summary }}", "{{ item.summary }}{% if item.signal %}合図は、{{ item.signal }}{% endif %}", 1
        ),
    )

    (root / "schemas/route.schema.json").write_text(json.dumps(ROUTE, ensure_ascii=False), "utf-8")
    (root / "guideline/routes").mkdir()
    (root / "guideline/routes/rt-east.yml").write_text(
        "id: rt-east\ntitle: 東の階段\norder: 10\nhazard: hz-fire\nway:\n  - 東の廊下\n  - 非常口\n", "utf-8"
    )
    templates = root / "guideline/templates"
    (templates / "items/route.md.j2").write_text("想定：{{ item.hazard }}\n\n{{ numbered(item.way) }}\n", "utf-8")
    (templates / "parts/routes.md.j2").write_text(
        "{% for one in items('route') %}\n{{ place(one) }}\n{% endfor %}\n", "utf-8"
    )
    (templates / "parts/how-many.md.j2").write_text(
        "備える災害は、全部で{{ items('hazard') | length }}種類ある。\n", "utf-8"
    )
    change(
        root / "guideline/chapters/ch-drills.yml",
        lambda text: text.replace("sections:\n", "sections:\n  - key: routes\n    title: 経路\n    show:\n      - routes\n      - how-many\n", 1),
    )  # fmt: skip
    return made_of(root, root / "dist")


def test_a_new_field_arrives_in_all_outputs(extended: Outputs, outputs: Outputs) -> None:
    words = "合図は、長いベルを三回鳴らす。"
    for made, wanted in ((extended, True), (outputs, False)):
        for printed in (made.words("hazard/hz-fire.html"), made.word, made.pdf):
            assert (words in printed) is wanted
    assert extended.data["hz-fire"]["signal"] == "長いベルを**三回**鳴らす。"
    assert "signal合図1行のMarkdown" in extended.words("editors/hazard.html")


def test_a_new_kind_arrives_in_all_outputs(extended: Outputs) -> None:
    for printed in (extended.words("ch-drills/index.html"), extended.word, extended.pdf):
        assert "東の階段" in printed
        assert "非常口" in printed
    assert "rt-east" in extended.data
    assert "rt-east" in extended.reader.named_destinations
    assert "災害の種類(hazard)" in extended.words("editors/route.html")
    assert "避難経路(route)" in extended.words("editors/hazard.html")


def test_a_new_part_arrives_in_all_outputs(extended: Outputs) -> None:
    for printed in (extended.words("ch-drills/index.html"), extended.word, extended.pdf):
        assert "備える災害は、全部で3種類ある。" in printed


def test_sections_are_those_of_the_document(document: Document) -> None:
    chapters = [plain(one.title) for one in document.sections if isinstance(one, Section)]
    assert chapters == ["はじめに", "校内の体制", "災害ごとの対応", "訓練", "備蓄", "資料と用語", "奥付"]
