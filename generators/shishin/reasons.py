"""Why a parser stopped, for people: its English reason in Japanese, where the cause stands, and what to do about it.

The parsers are libyaml, Jinja, Python's JSON reader and the schema validator.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from shishin.problem import Words

# Whole reasons, as libyaml (scanner, parser, reader, PyYAML's composer) and json.JSONDecodeError write them.
_FIXED: Mapping[str, str] = {
    "mapping values are not allowed in this context": "この「:」は欄の区切りになれません。文の中の「: 」なら全体を引用符で囲み、欄なら字下げをそろえます",
    "mapping keys are not allowed in this context": "ここに「?」で始まるものは書けません。文なら引用符で囲みます",
    "block sequence entries are not allowed in this context": "ここに「-」で始まる並びは書けません。前の行で改行し、字下げをそろえます",
    "could not find expected ':'": "欄の名前の後に「:」と空白がありません",
    "did not find expected key": "字下げが前の欄とそろっていないか、引用符の外に余分な文字があります",
    "did not find expected '-' indicator": "ここは「-」で始まる行のはずです。字下げのずれか、「]」や引用符の後の余分な文字を確かめます",
    "did not find expected node content": "ここにあるはずの値がありません。記号で始まる文なら引用符で囲みます",
    "did not find expected ',' or ']'": "「[」に対する「]」か、間の「,」がありません。文なら全体を引用符で囲みます",
    "did not find expected ',' or '}'": "「{」に対する「}」か、間の「,」がありません。文なら全体を引用符で囲みます",
    "did not find expected <document start>": "「---」より前に余分なものがあります",
    "did not find expected <stream-start>": "ファイルの初めを読めません",
    "found character that cannot start any token": "この記号（@、`、%、タブなど）で値を始めることはできません。引用符で囲むか、タブを空白に替えます",
    "found unexpected end of stream": "引用符の閉じ忘れか、途中で終わった行があります",
    "found unexpected document indicator": "引用符で囲んだ文の中に「---」か「...」の行があります。引用符の閉じ忘れを確かめます",
    "found unknown escape character": "\"…\" の中の「\\」の後に使えない文字があります。「\\」は「\\\\」と書くか、'…' で囲みます",
    "did not find expected hexdecimal number": '"…" の中の「\\x」「\\u」の後に16進数がありません。「\\」は「\\\\」と書きます',
    "found invalid Unicode character escape code": '"…" の中の「\\u」が指す文字はありません',
    "found a tab character that violates indentation": "字下げにタブがあります。半角の空白にします",
    "found a tab character where an indentation space is expected": "字下げにタブがあります。半角の空白にします",
    "found an indentation indicator equal to 0": "「|」の後の字下げの数に 0 は使えません。数を消します",
    "did not find expected comment or line break": "「|」や「>」の後には何も書けません。文は次の行から書きます",
    "did not find expected alphabetic or numeric character": "「*」か「&」で始まる値は書けません。文なら引用符で囲みます",
    "did not find expected whitespace or line break": "「!」で始まる値は書けません。文なら引用符で囲みます",
    "did not find expected whitespace": "「%」で始まる行は書けません。文なら引用符で囲みます",
    "did not find expected tag URI": "「!」で始まる値は書けません。文なら引用符で囲みます",
    "did not find expected '!'": "「!」で始まる値は書けません。文なら引用符で囲みます",
    "did not find the expected '>'": "「!<」で始まる値は書けません。文なら引用符で囲みます",
    "did not find URI escaped octet": "「!」で始まる値は書けません。文なら引用符で囲みます",
    "found undefined tag handle": "「!」で始まる値は書けません。文なら引用符で囲みます",
    "found undefined alias": "「*」で始まる値は書けません。文なら引用符で囲みます",
    "could not find expected directive name": "「%」で始まる行は書けません。文なら引用符で囲みます",
    "found unexpected non-alphabetical character": "「%」で始まる行は書けません。文なら引用符で囲みます",
    "found unknown directive name": "「%」で始まる行は書けません。文なら引用符で囲みます",
    "did not find expected version number": "「%YAML」の行は書けません。消します",
    "did not find expected digit or '.' character": "「%YAML」の行は書けません。消します",
    "found extremely long version number": "「%YAML」の行は書けません。消します",
    "found incompatible YAML document": "「%YAML」の行は書けません。消します",
    "found duplicate %YAML directive": "「%YAML」の行は書けません。消します",
    "found duplicate %TAG directive": "「%TAG」の行は書けません。消します",
    "found unexpected ':'": "「[ ]」や「{ }」の中の「:」が読めません。文なら引用符で囲みます",
    "control characters are not allowed": "目に見えない制御文字があります。消します",
    "special characters are not allowed": "目に見えない制御文字があります。消します",
    "invalid Unicode character": "文字でないものがあります。消します",
    "a quoted text ends lines later": "この引用符が閉じられていません（次の引用符までを一つの文として読みました）",
    "Expecting value": "値がありません。余分な「,」、引用符の付け忘れを確かめます",
    "Expecting property name enclosed in double quotes": '" で囲んだ名前がありません。最後の余分な「,」も確かめます',
    "Expecting ':' delimiter": "名前の後に「:」がありません",
    "Expecting ',' delimiter": "前の値との間に「,」がありません",
    "Extra data": "終わりの括弧の後に余分なものがあります",
    "Invalid control character at": '" の中に改行やタブがあります',
    "Invalid \\escape": "「\\」の後に使えない文字があります。「\\」は「\\\\」と書きます",
    "Invalid \\uXXXX escape": "「\\u」の後に4桁の16進数がありません",
    "Unterminated string starting at": '" の閉じ忘れがあります',
    "Unexpected UTF-8 BOM (decode using utf-8-sig)": "ファイルの頭に BOM があります。「UTF-8（BOM なし）」で保存します",
    "Illegal trailing comma before end of object": "最後の値の後に余分な「,」があります",
    "Illegal trailing comma before end of array": "最後の値の後に余分な「,」があります",
    "division by zero": "0 で割っています",
    "a list can't be printed: join it, or loop over it": "並びはそのままでは印刷できません。join でつなぐか、for で一つずつ出します",
    "Missing end of comment tag": "「{#」に対する「#}」がありません",
    "an array needs items": "一覧（array）には items が要ります",
    "No first item, sequence was empty.": "一覧が空なので、初めの一つがありません",
    "nothing to repeat": "くり返しの印（* + ?）の前に文字がありません",
    "unbalanced parenthesis": "余分な「)」があります",
    "multiple repeat": "くり返しの印（* + ?）が重なっています",
    "unterminated character set": "「[」が閉じられていません",
    "missing ), unterminated subpattern": "「(」が閉じられていません",
    "missing >, unterminated name": "「(?P<」の名前に「>」がありません",
    "look-behind requires fixed-width pattern": "「(?<=」「(?<!」の中は、長さの決まった文字だけです",
    "min repeat greater than max repeat": "「{ }」の数の順が逆です",
    "bad escape (end of pattern)": "「\\」で終わっています",
    "Permission denied": "権限がありません",
    "No space left on device": "ディスクに空きがありません",
    "Read-only file system": "書き込めない場所です",
    "File name too long": "名前が長すぎます",
    "No such file or directory": "ありません",
    "Is a directory": "フォルダです",
    "Not a directory": "フォルダではありません",
    "Too many open files": "開いているファイルが多すぎます",
    "Address already in use": "ほかのものが使っています",
    "not enough arguments for format string": "書式 % に渡す値が足りません",
}
UNCLOSED = "a quoted text ends lines later"
"""Our own reason where a parser stops behind a quoted text of several lines: the quote before it was never closed."""
# Reasons with names in them, as Jinja, the sandbox, our own template functions and the schema validator write them.
_NAMED = (
    (r"unexpected end of template, expected '(.+?)'\.?", r"ひな形が途中で終わっています。「{1}」が要ります"),
    (
        r"Unexpected end of template\. .*The innermost block that needs to be closed is '(.+?)'\.",
        r"「{1}」が閉じられていません。{{% end{1} %}} を書きます",
    ),
    (
        r"Encountered unknown tag '(.+?)'\. .*The innermost block that needs to be closed is '(.+?)'\.",
        r"「{1}」はここには書けません。先に「{2}」を {{% end{2} %}} で閉じます",
    ),
    (r"Encountered unknown tag '(.+?)'\.", r"「{1}」という命令はないか、始まりのない終わりです"),
    (r"Expected an expression, got '(.+?)'", r"値がありません（すぐ後に「{1}」があります）"),
    (r"expected token '(.+?)', got '(.+?)'", r"「{1}」があるはずの所に「{2}」があります"),
    (r"unexpected '(.+?)', expected '(.+?)'", r"「{2}」があるはずの所に「{1}」があります"),
    (r"unexpected char '(.+)' at \d+", r"使えない文字「{1}」があります"),
    (r"unexpected char \"'\" at \d+", r"「'」が閉じられていません"),
    (r"unexpected '(.+?)'", r"余分な「{1}」があります"),
    (r"No filter named '(.+?)'\.?", r"「{1}」というフィルタはありません"),
    (r"No test named '(.+?)'\.?", r"「{1}」という判定（is）はありません"),
    (r"'(.+?)' is undefined", r"「{1}」という名前はありません"),
    (r"'?(\S+) object'? has no attribute '(.+?)'", r"{1} に「{2}」はありません"),
    (r"'None' has no attribute '(.+?)'", r"値のない欄から「{1}」を取り出そうとしています"),
    (r"(\S+) object has no element (.+)", r"{2} 番目（0 から数えて）のものはありません"),
    (r"access to attribute '(.+?)' of '(.+?)' object is unsafe\.", r"「{1}」は使えません（ひな形は値を変えられません）"),
    (r"'(.+?)' object is not callable", r"{1}の後に「( )」は付けられません"),
    (r"'(.+?)' object is not iterable", r"{1}から一つずつ取り出すことはできません"),
    (r"unsupported operand type\(s\) for (.+?): '(.+?)' and '(.+?)'", r"{2}と{3}に「{1}」は使えません"),
    (r"\S+ missing \d+ required (?:positional|keyword-only) arguments?: (.+)", r"( ) の中に {1} が足りません"),
    (r"\S+ got an unexpected keyword argument '(.+?)'", r"( ) の中に「{1}」は書けません"),
    (r"\S+ takes (?:from \d+ to )?(\d+) positional arguments? but (\d+) (?:was|were) given", r"( ) の中の値が多すぎます"),
    (r"macro '(.+?)' takes not more than (\d+) argument\(s\)", r"マクロ「{1}」に渡せる値は {2} 個までです"),
    (r"block '(.+?)' defined twice", r"block「{1}」が二度あります"),
    (r"Range too big\. .*", r"range の数が大きすぎます"),
    (r"'(.+?)' not supported between instances of '(.+?)' and '(.+?)'", r"{2}と{3}は「{1}」で比べられません"),
    (r"object of type '(.+?)' has no len\(\)", r"{1}の数は数えられません"),
    (r"argument of type '(.+?)' is not iterable", r"{1}の中は探せません"),
    (r"bad escape (\S+)", r"「{1}」という書き方はありません"),
    (r"unknown extension (\S+)", r"「({1}」という書き方はありません"),
    (r"unknown group name '(.+?)'", r"「{1}」という名前の組がありません"),
    (r"bad character range (\S+)", r"「[{1}]」の順が逆です"),
    (r"redefinition of group name '(.+?)' .*", r"「{1}」という名前の組が二つあります"),
    (r"\$ref (.+)", r"「{1}」という部品がないか、輪になっています"),
    (r"'(.+?)' is no field", r"「{1}」という欄がありません"),
    (r"'(.+?)' must be required", r"「{1}」は必ず書く欄（required）にします"),
    (r"x-ref names '(.+?)', which is no kind", r"x-ref の「{1}」という種別はありません"),
    (r"'(.+?)' is required but no field", r"required の「{1}」という欄がありません"),
    (r"x-labels has no label for '(.+?)'", r"x-labels に「{1}」の表示名がありません"),
    (r"'(.+?)' is no field of (\S+); fields: (.+)", r"{2} に「{1}」という欄はありません。あるのは {3}"),
    (r"there is no item '(.+?)'", r"「{1}」という ID はありません"),
    (r"there is no kind '(.+?)'; kinds: (.+)", r"「{1}」という種別はありません。あるのは {2}"),
    (r"'(.+?)' is no field with choices of (\S+)", r"{2} に「{1}」という選択肢の欄はありません"),
    (r"(\S+) can't be placed inside itself", r"{1} を自分の中に置くことはできません"),
    (r"'(.+?)' is no look of a (?:table|note); looks: (.+)", r"look に「{1}」は使えません。使えるのは {2}"),
    (r"an object inside (\S+) can't be printed: name one of its fields", r"{1} の中の組は印刷できません。欄を一つ選びます"),
    (r"Additional properties are not allowed \((.+?) (?:was|were) unexpected\)", r"{1} は使えません"),
    (r'"(.+?)" is a required property', r"「{1}」がありません"),
    (r"(.+) is not one of (.+) or (\d+) other candidates", r"{1} は使えません。使えるのは {2} ほか {3} 個"),
    (r"(.+) is not one of (.+)", r"{1} は使えません。使えるのは {2}"),
    (r"(.+) was expected", r"ここに書けるのは {1} だけです"),
    (r'(.+) is not of type "(.+?)"', r"{1} の型が違います（{2} が要ります）"),
    (r"(.+) does not match (\".+\")", r"{1} の書き方が違います（決まり: {2}）"),
    (r"(.+) has non-unique elements", r"{1} に同じものが二度あります"),
    (r"(.+) has less than (\d+) items?", r"{1} が足りません（{2} 個以上）"),
    (r"(.+) has more than (\d+) items?", r"{1} が多すぎます（{2} 個まで）"),
    (r"(.+) is shorter than (\d+) characters?", r"{1} が短すぎます（{2} 字以上）"),
    (r"(.+) is longer than (\d+) characters?", r"{1} が長すぎます（{2} 字まで）"),
    (r"(.+) is less than the minimum of (.+)", r"{1} が小さすぎます（{2} 以上）"),
    (r"(.+) is greater than the maximum of (.+)", r"{1} が大きすぎます（{2} 以下）"),
    (r'(.+) is not a "regex"', r"{1} は正規表現として読めません"),
    (r'(.+) is not a "date"', r"{1} は実在する日付（YYYY-MM-DD）ではありません"),
)  # fmt: skip
_TYPES = {
    "NoneType": "空の値", "dict": "組", "list": "一覧", "str": "文字", "int": "数", "bool": "真偽", "function": "関数",
    "object": "欄の集まり", "array": "一覧", "string": "文字", "integer": "整数", "boolean": "真偽",
}  # fmt: skip
_PLACE = re.compile(r"(?:: line \d+ column \d+ \(char \d+\)| at position \d+)$")


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern, re.DOTALL), japanese) for pattern, japanese in _NAMED)


def in_japanese(reason: str) -> str:
    """Return a parser's reason in Japanese, without a full stop; one that isn't known stays as it is.

    Only the first line counts, and no place: the problem's position tells that. A name and a colon may stand before.
    """
    first = _PLACE.sub("", reason.partition("\n")[0].strip())
    if known := _known(first):
        return known
    name, colon, rest = first.partition(": ")
    if colon and (known := _known(rest)):
        return f"{name}: {known}" if name else known
    return first.removeprefix(": ")


def _known(reason: str) -> str:
    if reason in _FIXED:
        return _FIXED[reason]
    for pattern, japanese in _patterns():
        if found := pattern.fullmatch(reason):
            return japanese.format("", *(_TYPES.get(group, group) for group in found.groups()))
    return ""


# Where libyaml notices a fault only later: a text or bracket that isn't closed, a name without its colon, a mark.
_BEGUN = (
    "while scanning a quoted", "while scanning a simple key", "while scanning an a", "while scanning a tag",
    "while scanning a directive", "while parsing a flow",
)  # fmt: skip


def caused_at_beginning(context: str) -> bool:
    """Tell whether the cause of a YAML error stands where its context begins, not where the parser noticed it."""
    return context.startswith(_BEGUN)


# What people write who see YAML for the first time: how the line looks, and what to do about it.
_SLIPS = (
    (
        r" *\u3000",
        "行の頭の全角の空白を、半角の空白に直してください。",
        "Replace the wide spaces at the start of the line by ordinary ones.",
    ),
    (
        r" *(?:- )?[a-z_]+：",
        "全角の「：」を、半角の「:」と空白一つに直してください。",
        "Replace the wide colon by ':' and a space.",
    ),
    (
        r" *(?:- )?[a-z_]+:[^\s:/]",
        "「:」の後に半角の空白を一つ入れてください。",
        "Put a space after ':'.",
    ),
    (r" *-[^\s-]", "「-」の後に半角の空白を一つ入れてください。", "Put a space after '-'."),
    (r" *-　", "「-」の後の全角の空白を、半角の空白に直してください。", "Put an ordinary space after '-'."),
    (
        r" *(?:- +)?(?:[a-z_]+: +)?[\[{*&!%@`|>][^\s|>+-]",
        '記号で始まる文は、全体を " で囲んでください。',
        "Put text that begins with a sign in quotes.",
    ),
    (
        r" *(?:- +)?[a-z_]+: +[^\"'\s][^\"']*: | *- +[^\"'\sa-z][^\"']*: ",
        '文の中に「: 」があるときは、文の全体を " で囲んでください。',
        "Put text that holds ': ' in quotes.",
    ),
    (
        r"[^a-z\s\"'#\[{-][^:]*$",
        "段落や前の行の続きなら、行の頭に半角の空白を2つ入れてください。",
        "If the line goes on from the one before, begin it with two spaces.",
    ),
    (
        r"[^\"]*\"[^\"]*$",
        '" の閉じ忘れがないか、この行を確かめてください。',
        "Look whether a quote in this line is not closed.",
    ),
)


def line_hint(line: str) -> Words | None:
    """Return what to do about a line of YAML that can't be read, where it looks like a common slip."""
    for pattern, ja, en in _SLIPS:
        if re.match(pattern, line):
            return Words(ja=ja, en=en)
    return None
