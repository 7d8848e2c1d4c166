"""The shipped guideline keeps its promises: what the acceptance list of the content asks for."""

import re
from collections import Counter

import pytest

from shishin.compose import Composed
from shishin.document import Section, Table, plain, sections
from shishin.edition import Edition
from shishin.guideline import Item, gojuon


def of(edition: Edition, kind: str) -> tuple[Item, ...]:
    return edition.guideline.of(kind)


@pytest.mark.parametrize(
    ("kind", "least", "most"),
    [
        ("chapter", 11, 11),
        ("role", 18, 18),
        ("codesystem", 4, 4),
        ("program", 22, 22),
        ("crosswalk", 6, 6),
        ("scene", 4, 4),
        ("task", 24, 24),
        ("viewpoint", 12, 12),
        ("form", 3, 5),
        ("indicator", 10, 20),
        ("case", 10, 20),
        ("term", 45, 80),
        ("reference", 13, 30),
        ("meeting", 13, 25),
        ("member", 11, 11),
        ("comment", 17, 17),
    ],
)
def test_how_much_there_is(edition: Edition, kind: str, least: int, most: int) -> None:
    assert least <= len(of(edition, kind)) <= most


def test_every_item_has_a_source_and_a_basis(edition: Edition) -> None:
    for item in edition.items:
        if item.kind.use == "item" and item.kind.name != "reference":
            assert item.data["source"], item.id
            assert item.data["basis"] in {"stated", "derived", "public"}, item.id


def test_all_tasks_are_marked_as_derived(composed: Composed, edition: Edition) -> None:
    assert {item.data["basis"] for item in of(edition, "task")} == {"derived"}
    for section in sections(composed.document.sections):
        if section.kind == "task":
            assert "種文書に基づく再構成" in text_of(section), section.id
            assert f"［{section.item}］" in text_of(section), section.id


def text_of(section: Section) -> str:
    words: list[str] = []

    def walk(value: object) -> None:
        if isinstance(value, tuple):
            for one in value:
                walk(one)
        elif isinstance(value, str):
            words.append(value)
        elif hasattr(value, "__dataclass_fields__"):
            for name in value.__dataclass_fields__:
                walk(getattr(value, name))

    walk(section.blocks)
    return "".join(words)


def test_one_lead_per_task(edition: Edition) -> None:
    for item in of(edition, "task"):
        assert Counter(one["part"] for one in item.data["responsibilities"])["lead"] == 1, item.id


def test_tasks_say_enough(edition: Edition) -> None:
    for item in of(edition, "task"):
        said = len(
            "".join(re.findall(r"[^\s]", str({key: value for key, value in item.data.items() if key != "source"})))
        )
        assert said > 500, item.id


def test_cancelled_and_postponed_are_told(composed: Composed, edition: Edition) -> None:
    status = {item.id: item.data["status"] for item in of(edition, "meeting")}
    assert Counter(status.values())["cancelled"] == 1
    assert Counter(status.values())["postponed"] == 1
    table = next(
        block
        for section in sections(composed.document.sections)
        for block in section.blocks
        if isinstance(block, Table) and block.id == "tab-history"
    )
    rows = [
        "".join(plain(block.inlines) for cell in row for block in cell.blocks if hasattr(block, "inlines"))
        for row in table.rows
    ]
    assert any("令和2年3月4日（水）" in row and "中止" in row for row in rows)
    assert any("延期" in row for row in rows)


def test_seventeen_opinions_with_their_conflicts(edition: Edition) -> None:
    by_number = {item.data["number"]: item for item in of(edition, "comment")}
    assert {f"W1-{n:02}" for n in range(1, 12)} | {"M-01", "M-02", "M-03", "P-01", "P-02", "P-03"} == set(by_number)
    for one, other in (("W1-07", "W1-08"), ("M-01", "M-02")):
        assert by_number[other].id in by_number[one].data["conflicts_with"]


def test_terms_come_in_gojuon_order(composed: Composed, edition: Edition) -> None:
    readings = [str(item.data["reading"]) for item in of(edition, "term")]
    assert readings == sorted(readings, key=gojuon)
    assert readings[0].startswith(("い", "え", "あ", "お"))


@pytest.mark.parametrize(
    ("first", "second"),
    [("かー", "かか"), ("はは", "ばば"), ("しっ", "しつ"), ("こえ", "こーど"), ("きょう", "きんき")],
)
def test_gojuon(first: str, second: str) -> None:
    assert gojuon(first) < gojuon(second)


def test_codes_name_their_system(composed: Composed) -> None:
    """(ア) alone could be a heading or one of three code systems: it is always told which."""
    bare = [
        (section.id, found[0])
        for section in sections(composed.document.sections)
        for found in re.finditer(r"(.{0,12})\(([アイウエオカキク])\)", plain(section.title))
        if not re.search(r"(事業|センター|推進)$", found[1])
    ]
    assert bare == []


PERSONS = re.compile(r"(氏|様|さん)(が|は|の|に|、|。)")


def test_no_persons_names(edition: Edition) -> None:
    for item in of(edition, "member"):
        assert not PERSONS.search(str(item.data)), item.id


def test_discharge_support_is_found(composed: Composed) -> None:
    """What a reader who knows nothing looks for: what, with whom, by which form, and where it is written."""
    section = next(one for one in sections(composed.document.sections) if one.id == "task-discharge")
    text = text_of(section)
    for wanted in ("病院連携室", "在宅医", "介護支援専門員", "郡市医師会", "相談・調整記録票", "図表-6", "図表-17"):
        assert wanted in text, wanted
