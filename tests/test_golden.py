"""Golden files at two levels: the document tree, and the outputs made from it.

`make golden` rewrites them; look at the difference before you commit it.
"""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from lxml import etree
from pypdf import PdfReader

from conftest import CHAPTER, ROOT, small_tree
from shishin.check import check
from shishin.compose import compose
from shishin.document import Document, to_data
from shishin.edition import working_edition
from shishin.renderers.pdf import PdfRenderer
from shishin.renderers.site import SiteRenderer
from shishin.renderers.word import WordRenderer

GOLDEN = Path(__file__).parent / "golden"
LEAD = """\
  この章は[[ch-two]]へ
  つながる。**大事な**ことと*強めた*ことを、｜看取《みと》りの例で示す[^1]。
  外の頁は[こちら](https://example.org/)。

  - 一つ目
  - 二つ目
    1. 中の一
    2. 中の二

  > 自分たちでつくる。

  | 語 | 意味 |
  |---|:-:|
  | [[ref-one]] | もとの資料 |
  | 記号 | *星* \\# \\< & \\[角\\] |

  [^1]: 注の文である。
"""


@pytest.fixture(scope="module")
def document() -> Document:
    lead = "  この章は[[ch-two]]へ\n  つながる。\n"
    assert lead in CHAPTER
    guideline, problems = check(small_tree(ch_one=CHAPTER.replace(lead, LEAD)))
    assert problems == ()
    assert guideline is not None
    composed = compose(working_edition(guideline))
    assert composed.problems == ()
    return composed.document


def tree(document: Document, folder: Path) -> str:
    return json.dumps(to_data(document), ensure_ascii=False, indent=1) + "\n"


def site(document: Document, folder: Path) -> str:
    SiteRenderer(root=ROOT).render(document, folder)
    return (folder / "pages/ch-one/index.md").read_text(encoding="utf-8")


def word(document: Document, folder: Path) -> str:
    (file,) = WordRenderer(pages=False).render(document, folder).files
    with zipfile.ZipFile(io.BytesIO(file.read_bytes())) as package:
        root = etree.fromstring(package.read("word/document.xml"), etree.XMLParser(remove_blank_text=True))
    return etree.tostring(root, pretty_print=True, encoding="unicode")


def pdf(document: Document, folder: Path) -> str:
    (file,) = PdfRenderer().render(document, folder).files
    return "\n--- page ---\n".join(page.extract_text() for page in PdfReader(file).pages) + "\n"


@pytest.mark.parametrize(
    ("make", "name"),
    [(tree, "tree.json"), (site, "page.md"), (word, "document.xml"), (pdf, "text.txt")],
    ids=lambda one: getattr(one, "__name__", one),
)
def test_golden(make: object, name: str, document: Document, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    made = make(document, tmp_path)  # type: ignore[operator]
    file = GOLDEN / name
    if request.config.getoption("--update-golden"):
        GOLDEN.mkdir(exist_ok=True)
        file.write_text(made, encoding="utf-8")
    assert made == file.read_text(encoding="utf-8"), f"{name} differs: run `make golden` and look at the difference"
