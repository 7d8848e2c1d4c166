"""Every reason a parser can give is Japanese in Japanese messages: provoked with the real parsers."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema_rs
import pytest
import yaml
from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from shishin.reasons import _FIXED, UNCLOSED, caused_at_beginning, in_japanese, line_hint
from shishin.schema import shipped

JAPANESE = re.compile("[ぁ-ん]")

YAML = [
    "a: b: c",
    "a: - b",
    "a: b\n  - c",
    "a b\nc: d",
    "abc\n  def: 1\nx",
    "a: 1\n b: 2",
    "a:\n  - x\n  y",
    "a:\n  - x\n - y",
    'a: "x" y',
    "a: [x",
    "a: [x y: z, b",
    "a: {x: y",
    "a: {x",
    "a: @x",
    "a: `x`",
    "a: %x",
    "%x",
    "%YAML x\n---\n",
    "%YAML 3.0\n---\n",
    "%YAML 1.1\n%YAML 1.1\n---\n",
    "%TAG ! x\n%TAG ! x\n---\n",
    "%TAG x\n---\n",
    "%YAML 1111111111111.1\n---\n",
    "%あ\n---\n",
    'a: "x',
    "a: 'x\n---\n'",
    'a: "\\q"',
    'a: "\\xzz"',
    'a: "\\ud800"',
    "a: |0\n  x",
    "a: | x\n  y",
    "a: >- x\n  y",
    "a:\n\tb: c",
    "a: *",
    "a: *あ",
    "a: & x",
    "a: !<x y",
    "a: !x!y z",
    "a: !あ x",
    "a: !%zz x",
    "a: !!<x> y",
    "? a\n? - b\n  ? c",
    "a: ? b",
    "a: ]",
    "- a\nb",
    "- a\nb: c",
    "a:\n- b\n  - c: d\n e",
    "a: \x07",
    "x: {a: b]",
    "a\n---x",
    "a: |\n  x\n y\n",
    "a:\n    x\n\t- y",
    "key: |\n\ttext",
    "[a]: b\n  c",
    "a: 'b' c: d",
    "{a: b}: c: d",
]


def yaml_reason(text: str) -> str:
    try:
        list(yaml.parse(text, Loader=yaml.CSafeLoader))
    except yaml.MarkedYAMLError as error:
        return str(error.problem or error.context)
    except yaml.YAMLError as error:
        return str(getattr(error, "reason", error))
    return ""


def test_reasons_of_libyaml_are_provoked() -> None:
    provoked = {reason for text in YAML if (reason := yaml_reason(text))}
    assert len(provoked) >= 25, sorted(provoked)
    assert sorted(reason for reason in provoked if reason not in _FIXED) == []


def test_every_reason_inside_libyaml_is_known() -> None:
    """The strings of the compiled library itself: one that a new version adds is missed here."""
    library = Path(yaml._yaml.__file__).read_bytes()
    # (the composer's own reasons are left out: source.py reads events only)
    starts = rb"(?:did not find|found (?!duplicate anchor|another document|for )|could not find|[a-z ]+ are not allowed in this)"
    inside = {found.decode() for found in re.findall(starts + rb"[ -~]{4,80}", library)}
    assert len(inside) > 25
    known = {*_FIXED, "found an incorrect leading UTF-8 octet", "found an incorrect trailing UTF-8 octet"}
    # the two above speak of a percent-encoded tag, which source.py refuses as a tag; the place stays exact
    assert sorted(reason for reason in inside if reason not in known) == []


TEMPLATES = [
    "{{ a", "{{ }}", "{% if a %}", "{% if a %}x{% endfor %}", "{% foo %}", "{{ a|nix }}", "{{ a is nix }}", "{{ nix }}",
    "{{ d.x }}", "{{ 1/0 }}", "{{ 'a", "{{ a b }}", "{% for x %}", "{% set %}", "{# x", "{{ ( }}", "{{ ) }}", "{% endif %}",
    "{{ a } }", "{{ 'x'()}}", "{{ 1 + 'a' }}", "{{ d.__class__ }}", "{{ a ? b }}", "{{ [1,2 }}", "{{ s.append(1) }}",
    "{{ s[9] }}", "{% block a %}{% endblock %}{% block a %}{% endblock %}", "{{ f() }}", "{{ f(1,2,3) }}", "{{ f(y=1) }}",
    "{{ range(10000000) }}", "{{ none.x }}", "{{ '%s'|format }}", "{% macro m() %}{% endmacro %}{{ m(1) }}", "{{ a.b.c }}",
    "{% for x in 5 %}{% endfor %}",
]  # fmt: skip


@pytest.mark.parametrize("template", TEMPLATES)
def test_reasons_of_jinja(template: str) -> None:
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined)
    with pytest.raises(Exception) as caught:  # a template raises whatever it likes
        environment.from_string(template).render(a=1, d={"y": 1}, s=[1], f=lambda x: x)
    assert JAPANESE.search(in_japanese(str(caught.value))), caught.value


JSON = [
    "",
    "{a:1}",
    '{"a" 1}',
    '{"a":1 "b":2}',
    "{} {}",
    '["\x01"]',
    '["\\q"]',
    '["\\u12"]',
    '["a',
    '{"a":1,}',
    "\ufeff{}",
]


@pytest.mark.parametrize("text", JSON)
def test_reasons_of_json(text: str) -> None:
    with pytest.raises(ValueError) as caught:
        json.loads(text)
    said = in_japanese(str(caught.value))
    assert JAPANESE.search(said), caught.value
    assert "column" not in said


SCHEMAS = [
    {"title": "a"},
    {"title": 1, "description": ""},
    {"title": "a", "description": "b", "x-colour": 1, "type": "number", "minItems": "x", "required": ["a", "a"]},
    {"title": "a", "description": "b", "enum": [], "additionalProperties": True, "x-align": "foo", "items": [], "$schema": "q"},
]  # fmt: skip


def test_reasons_of_the_schema_validator() -> None:
    validator = jsonschema_rs.Draft202012Validator(json.loads(shipped("schemas")["meta.schema.json"]))
    reasons = {fault.message for schema in SCHEMAS for fault in validator.iter_errors(schema)}
    assert len(reasons) >= 10
    assert sorted(reason for reason in reasons if not JAPANESE.search(in_japanese(reason))) == []
    with pytest.raises(ValueError) as caught:
        jsonschema_rs.Draft202012Validator({"pattern": "["})
    assert in_japanese(str(caught.value)) == '"[" は正規表現として読めません'


REGEXES = [
    "(",
    "[",
    "*a",
    "a)",
    "\\q",
    "a**",
    "(?<=a*)b",
    "(?z)",
    "a{2,1}",
    "(?P<a",
    "(?P<a>x)(?P<a>y)",
    "(?P=b)",
    "[z-a]",
    "\\",
]


@pytest.mark.parametrize("pattern", REGEXES)
def test_reasons_of_regular_expressions(pattern: str) -> None:
    with pytest.raises(re.error) as caught:
        re.compile(pattern)
    said = in_japanese(str(caught.value))
    assert JAPANESE.search(said), caught.value
    assert "position" not in said


OWN = [
    (
        "properties/id: Additional properties are not allowed ('x-a' was unexpected)",
        "properties/id: 'x-a' は使えません",
    ),
    (": Additional properties are not allowed ('x-a' was unexpected)", "'x-a' は使えません"),
    ("x-title: 'nix' is no field", "x-title: 「nix」という欄がありません"),
    ("place: x-ref names 'plaza', which is no kind", "place: x-ref の「plaza」という種別はありません"),
    ("$ref #/$defs/a", "「#/$defs/a」という部品がないか、輪になっています"),
    ("object of type 'NoneType' has no len()", "空の値の数は数えられません"),
    (
        "'titel' is no field of chapter; fields: id, title",
        "chapter に「titel」という欄はありません。あるのは id, title",
    ),
    ("there is no item 'nix'", "「nix」という ID はありません"),
    ("there is no kind 'x'; kinds: a, b", "「x」という種別はありません。あるのは a, b"),
    ("'x' is no look of a table; looks: grid, card, plain", "look に「x」は使えません。使えるのは grid, card, plain"),
    ("ch-one can't be placed inside itself", "ch-one を自分の中に置くことはできません"),
    ("'{0}' is undefined", "「{0}」という名前はありません"),
]


@pytest.mark.parametrize(("english", "japanese"), OWN)
def test_reasons_of_our_own_templates(english: str, japanese: str) -> None:
    assert in_japanese(english) == japanese


def test_our_own_reason_is_in_the_table() -> None:
    assert UNCLOSED in _FIXED


def test_what_is_not_known_stays() -> None:
    assert in_japanese("something new\nmore") == "something new"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("　　- scene-discharge", "全角の空白"),
        ("  　- scene-discharge", "全角の空白"),
        ("tier：basic", "全角の「：」"),
        ("tier:basic", "「:」の後に"),
        ("  -scene-discharge", "「-」の後に"),
        ("  -　scene-discharge", "「-」の後の全角"),
        ("  - [往診医の登録](#task-visit-registry)を見る。", "記号で始まる文"),
        ("timing: *依頼の都度", "記号で始まる文"),
        ("  - @事務局に送る。", "記号で始まる文"),
        ("summary: 例: 病院連携室や在宅医など", "「: 」があるとき"),
        ("  - 相手: 病院連携室", "「: 」があるとき"),
        ("在宅で療養する人の入院先を探すときも、同じ手順による。", "行の頭に半角の空白を2つ"),
        ('    lines: "1435-1442', "閉じ忘れ"),
        ('  - "本人と家族の同意を確かめる。', "閉じ忘れ"),
    ],
)
def test_a_common_slip_is_named(line: str, told: str) -> None:
    hint = line_hint(line)
    assert hint is not None
    assert told in hint.ja


@pytest.mark.parametrize(
    "line",
    [
        "id: task-discharge",
        "  - scene-discharge",
        "purpose: |",
        "summary: >-",
        'title: "[往診医]の登録"',
        "  - role: a",
        "---",
        "",
    ],
)
def test_a_good_line_gets_no_hint(line: str) -> None:
    assert line_hint(line) is None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('a: 1\nb: "x\nc: 2\n', (2, 4)),
        ("a: 1\ntier:basic\nb: 2\n", (2, 1)),
        ("a: *い\n", (1, 4)),
        ("a: [x, y\nb: 1\n", (1, 4)),
    ],
)
def test_the_cause_stands_where_the_context_begins(text: str, place: tuple[int, int]) -> None:
    with pytest.raises(yaml.MarkedYAMLError) as caught:
        list(yaml.parse(text, Loader=yaml.CSafeLoader))
    error = caught.value
    assert caused_at_beginning(str(error.context))
    assert error.context_mark is not None
    assert (error.context_mark.line + 1, error.context_mark.column + 1) == place


@pytest.mark.parametrize("text", ['a: "x\\q"\n', "a: b: c\n", "a: 1\n b: 2\n", 'a: "x" y\n'])
def test_elsewhere_it_stands_where_it_was_noticed(text: str) -> None:
    with pytest.raises(yaml.MarkedYAMLError) as caught:
        list(yaml.parse(text, Loader=yaml.CSafeLoader))
    assert not caused_at_beginning(str(caught.value.context))
