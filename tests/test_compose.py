import pytest

from conftest import CHAPTER, LAST, SECOND, SETTINGS, small_tree
from shishin.check import check
from shishin.compose import Composed, compose
from shishin.document import Document, Figure, Paragraph, Reference, Section, Table, plain, sections
from shishin.edition import Edition, working_edition
from shishin.numbering import PRESETS, kana, number_sections
from shishin.rewrite import marks


def small(**changes: str | None) -> Composed:
    guideline, problems = check(small_tree(**changes))
    assert problems == ()
    assert guideline is not None
    return compose(working_edition(guideline))


def numbers(document: Document) -> list[tuple[str, str]]:
    return [(section.id, section.number) for section in sections(document.sections)]


def test_a_small_guideline_composes() -> None:
    composed = small()
    assert composed.problems == ()
    assert numbers(composed.document) == [
        ("ch-one", "第1章"),
        ("ch-one--first", "1"),
        ("ch-two", "第2章"),
        ("ch-two--first", "1"),
        ("ch-refs", "第3章"),
        ("ch-refs--report", "1"),
    ]


def test_mentions_get_the_item_s_name() -> None:
    first = small().document.sections[0].blocks[0]
    assert isinstance(first, Paragraph)
    assert plain(first.inlines) == "この章ははじめの章へつながる。"
    assert [one.target for one in first.inlines if isinstance(one, Reference)] == ["ch-two"]


@pytest.mark.parametrize(("preset", "first"), [("chapter", "第1章"), ("koyobun", "第1"), ("hen", "第1編")])
def test_presets(preset: str, first: str) -> None:
    assert numbers(small(guideline=SETTINGS.replace("chapter", preset)).document)[0] == ("ch-one", first)


def test_every_preset_goes_five_levels_deep() -> None:
    assert [[style(3) for style in styles] for styles in PRESETS.values()] == [
        ["第3章", "3", "(3)", "ウ", "(ウ)"],
        ["第3", "3", "(3)", "ウ", "(ウ)"],
        ["第3編", "第3章", "第3節", "3", "(3)"],
    ]


def test_kana_goes_on_after_n() -> None:
    assert [kana(number) for number in (1, 5, 46, 47, 48)] == ["ア", "オ", "ン", "アア", "アイ"]


def test_front_and_back_parts_carry_no_numbers() -> None:
    front = small(ch_one=CHAPTER.replace("part: body", "part: front")).document
    assert numbers(front)[:3] == [("ch-one", ""), ("ch-one--first", ""), ("ch-two", "第1章")]


def test_an_item_without_a_home_is_reported() -> None:
    composed = small(ch_refs=LAST.replace("show:\n  - references\n", "lead: 何も載せない。\n"))
    assert composed.left_out == ("ref-one",)
    assert [one.code for one in composed.problems] == ["T507"]


def test_an_item_placed_twice_is_reported() -> None:
    composed = small(
        ch_refs=LAST.replace("- references\n", "- references\n  - again\n"),
        **{"guideline/templates/parts/again.md.j2": "{{ home(item_of('ref-one')) }}\n"},
    )
    assert "T506" in [one.code for one in composed.problems]


@pytest.mark.parametrize(
    ("template", "code", "line", "words"),
    [
        ("\n{{ item.nothing }}\n", "T501", 2, "nothing"),
        ("\n\n{% for x in %}\n", "T501", 3, ""),
        ("{{ missing }}\n", "T501", 1, "missing"),
        ("{{ items('chapter') }}\n", "T501", 1, "list"),
        ("{{ table(caption='x') }}\n\n文\n", "T504", 1, "table"),
        ("<b>x</b>\n", "M402", 1, "HTML"),
        ("{{ ''.__class__ }}\n", "T501", 1, ""),
    ],
    ids=["unknown_field", "syntax", "unknown_name", "list", "no_table", "html", "sandbox"],
)
def test_template_faults_name_file_and_line(template: str, code: str, line: int, words: str) -> None:
    composed = small(
        ch_refs=LAST.replace("- references\n", "- references\n  - own\n"),
        **{"guideline/templates/parts/own.md.j2": template},
    )
    found = [one for one in composed.problems if one.code == code]
    assert found
    if code == "T501":
        assert (found[0].position.file, found[0].position.line) == ("guideline/templates/parts/own.md.j2", line)
    assert words in found[0].message.en + found[0].message.ja


def test_a_missing_template_is_named() -> None:
    composed = small(ch_refs=LAST.replace("- references\n", "- references\n  - nowhere\n"))
    assert [(one.code, "parts/nowhere.md.j2" in one.message.ja) for one in composed.problems] == [("T502", True)]


def test_data_cannot_act_as_markdown_or_template() -> None:
    hostile = "x {{ 7*7 }} {% raw %} \\# | y"
    composed = small(ch_two=SECOND.replace("title: はじめの章", f"title: '{hostile}'"))
    assert composed.problems == ()
    assert plain(composed.document.sections[1].title) == "x {{ 7*7 }} {% raw %} # | y"


def test_numbers_of_tables_and_figures_run_through_a_chapter(composed: Composed) -> None:
    for chapter in composed.document.sections:
        labels = [
            block.number
            for section in [chapter, *sections(chapter.blocks)]
            for block in section.blocks
            if isinstance(block, Table | Figure) and block.caption
        ]
        number = "".join(char for char in chapter.number if char.isdigit())
        assert sorted(labels, key=lambda label: int(label.rpartition("-")[2])) == [
            f"図表{number}-{place}" for place in range(1, len(labels) + 1)
        ]
    assert sum(1 for _ in composed.document.sections) == 11


# ---------------------------------------------------------------- the shipped guideline


def test_the_shipped_guideline_has_no_problem(composed: Composed) -> None:
    assert composed.problems == ()
    assert composed.left_out == ()


def test_every_item_has_exactly_one_home(composed: Composed, edition: Edition) -> None:
    placed = list(marks(*composed.document.sections).homes)
    assert sorted(placed) == sorted(item.id for item in edition.items if item.kind.use == "item")


def test_anchors_are_unique(composed: Composed) -> None:
    found = list(marks(*composed.document.sections).anchors)
    assert len(found) == len(set(found))


def test_the_nine_chapters_of_the_outline(composed: Composed) -> None:
    assert [(one.number, plain(one.title)) for one in composed.document.sections if one.part == "body"] == [
        ("第1章", "本活動指針について"),
        ("第2章", "在宅医療推進センターの運営"),
        ("第3章", "市町村の在宅医療・介護連携推進事業との関係"),
        ("第4章", "コーディネーターに必要な視点"),
        ("第5章", "コーディネーターの基本的な業務"),
        ("第6章", "基幹センターの役割"),
        ("第7章", "活動指針作成経過"),
        ("第8章", "参考資料"),
        ("第9章", "引用・参考通知文献等"),
    ]


def test_levels_follow_depth(composed: Composed) -> None:
    def walk(section: Section, level: int) -> None:
        assert section.level == level
        for block in section.blocks:
            if isinstance(block, Section):
                walk(block, level + 1)

    for chapter in composed.document.sections:
        walk(chapter, 1)


def test_numbering_is_idempotent(composed: Composed) -> None:
    again = number_sections(composed.document.sections, "chapter", "図表")
    assert again == composed.document.sections
