"""The expressions of rules: one Jinja expression each, sandboxed, and exact about where it is wrong.

Jinja knows lines only. Here the lexer hands out the offset in the text instead of the line, so that every node and
every syntax error tells its own place. What could run away (powers, multiplied text, ranges, widths, free method
calls) is refused or bounded by counts, never by a clock: the same rule gives the same answer on every machine.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache, wraps
from typing import Any

from jinja2 import StrictUndefined, Template, nodes
from jinja2.exceptions import TemplateSyntaxError
from jinja2.filters import FILTERS, make_attrgetter
from jinja2.lexer import TokenStream
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import pass_environment

from shishin.problem import Words
from shishin.reasons import in_japanese

MAX_TEXT = 100_000
"""The longest text an expression may put together."""
MAX_DEPTH = 40
"""How deep the parts of an expression may lie in one another."""

_KEPT = (
    "abs", "count", "d", "default", "first", "float", "groupby", "int", "last", "length", "lower", "max", "min",
    "round", "string", "sum", "trim", "upper",
)  # fmt: skip
_LISTS = ("list", "map", "reject", "rejectattr", "reverse", "select", "selectattr", "sort", "unique")
METHODS = frozenset(("count", "endswith", "isdigit", "split", "startswith", "strip"))
_NUMBER = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?(?![0-9])|[0-9]+(?:\.[0-9]+)?")
_SLIPS = {
    "=": Words(ja="等しいかどうかは == で比べます。", en="Compare with ==."),
    "&": Words(ja="「かつ」は and と書きます。", en="Write 'and'."),
    "|": Words(ja="「または」は or と書きます。", en="Write 'or'."),
    "!": Words(ja="「でない」は not か != と書きます。", en="Write 'not' or '!='."),
}


class Wrong(Exception):
    """Something wrong in an expression, at a place in its text (an offset from 0)."""

    def __init__(self, code: str, offset: int, message: Words, hint: Words | None = None) -> None:
        super().__init__(message.en)
        self.code, self.offset, self.message, self.hint = code, offset, message, hint


class Stopped(Exception):
    """An expression was stopped while it ran, for a reason of ours."""

    def __init__(self, ja: str, en: str) -> None:
        super().__init__(en)
        self.words = Words(ja=ja, en=en)


def reason_of(error: Exception) -> Words:
    """Return why an expression stopped."""
    if isinstance(error, Stopped):
        return error.words
    en = str(error)
    return Words(ja="書かれていない欄（none）を使おうとしています" if "None" in en else in_japanese(en), en=en)


def numbers(text: object) -> list[int | Decimal]:
    """Return the numbers in a text in their order: "30（市20、町6）" → 30, 20, 6."""
    found = (one.replace(",", "") for one in _NUMBER.findall(unicodedata.normalize("NFKC", str(text or ""))))
    return [Decimal(one) if "." in one else int(one) for one in found]


@pass_environment
def _join(environment: Any, values: Iterable[Any], between: str = "", attribute: str | None = None) -> str:
    if attribute is not None:
        values = map(make_attrgetter(environment, attribute), values)
    parts = [str(value) for value in values]
    if sum(map(len, parts)) + len(between) * len(parts) > MAX_TEXT:
        raise Stopped(f"{MAX_TEXT:,}字を超える文字ができます", f"the text is longer than {MAX_TEXT:,} characters")
    return between.join(parts)


def _as_list(made: Callable[..., Any]) -> Callable[..., Any]:
    """Return a filter that gives a list: Jinja's generators are true even when they are empty."""

    @wraps(made)  # keeps Jinja's mark of what is passed first
    def listed(*given: Any, **named: Any) -> list[Any]:
        return list(made(*given, **named))

    return listed


class Fields:
    """What an expression may read by name; a subclass gives its fields as entries and answers for them."""

    __slots__ = ()

    def __getitem__(self, name: str) -> Any:
        raise LookupError(name)


class Environment(ImmutableSandboxedEnvironment):
    """Jinja's sandbox for expressions, with less in it and with exact places."""

    intercepted_binops = frozenset(("*", "%"))

    def _tokenize(self, source: str, name: Any, filename: Any = None, state: Any = None) -> TokenStream:
        return TokenStream(self.lexer.wrap(self._placed(source, state), name, filename), name, filename)

    def _placed(self, source: str, state: str | None) -> Iterator[tuple[int, str, str]]:
        """Yield the tokens of a text with their offsets (from 1, as Jinja counts lines)."""
        offset = 1
        try:
            for _, token, value in self.lexer.tokeniter(source, None, None, state):
                yield offset, token, value
                offset += len(value)
        except TemplateSyntaxError as error:
            raise TemplateSyntaxError(error.message or "", offset) from error

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Tell whether an expression may have this attribute."""
        if isinstance(obj, str):
            return attr in METHODS
        return isinstance(obj, tuple) and attr in ("grouper", "list")  # what groupby gives

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Return the result of * or %: of numbers, since text and lists would grow without bound."""
        if not (isinstance(left, int | float | Decimal) and isinstance(right, int | float | Decimal)):
            raise Stopped(f"「{operator}」は数にだけ使えます", f"'{operator}' works on numbers only")
        return super().call_binop(context, operator, left, right)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return a field, or an attribute the sandbox allows."""
        return obj[attribute] if isinstance(obj, Fields) else super().getattr(obj, attribute)


@cache
def environment() -> Environment:
    """Return the one environment of expressions."""
    # not optimized: folding constants would fail, or run away, before any limit is looked at
    made = Environment(undefined=StrictUndefined, cache_size=0, optimized=False)
    made.filters = {name: FILTERS[name] for name in _KEPT}
    made.filters |= {name: _as_list(FILTERS[name]) for name in _LISTS}
    made.filters |= {"join": _join, "numbers": numbers}
    made.globals = {}
    return made


def parse(text: str) -> nodes.Expr:
    """Return the expression a text holds; `lineno` of its nodes is the offset in the text, from 1."""
    try:
        parser = Parser(environment(), text, state="variable")
        expression = parser.parse_expression()
        if not parser.stream.eos:
            token = parser.stream.current
            raise TemplateSyntaxError(f"unexpected '{token.value}'", token.lineno)
    except TemplateSyntaxError as error:
        offset = max(0, error.lineno - 1)
        reason = error.message or ""
        raise Wrong(
            "R401",
            offset,
            Words(ja=f"式を読めません（{in_japanese(reason)}）。", en=f"The expression can't be read: {reason}."),
            _SLIPS.get(text[offset : offset + 1]),
        ) from error
    except RecursionError as error:
        raise _too_deep() from error
    if _deeper(expression, MAX_DEPTH):
        raise _too_deep()
    for power in expression.find_all(nodes.Pow):
        raise Wrong("R401", _start(power) - 1, Words(ja="「**」は使えません。", en="'**' is not allowed."))
    return expression


def _deeper(node: nodes.Node, depth: int) -> bool:
    return depth == 0 or any(_deeper(inner, depth - 1) for inner in node.iter_child_nodes())


def _start(node: nodes.Node) -> int:
    """Return where a node begins: an operator's place in Jinja is that of its left side or later."""
    return min((one.lineno for one in [node, *node.find_all(nodes.Node)] if one.lineno), default=1)


def _too_deep() -> Wrong:
    words = Words(ja="式の入れ子が深すぎます。", en="The expression is nested too deep.")
    return Wrong("R401", 0, words, Words(ja="規則を分けてください。", en="Split the rule."))


def compiled(body: Sequence[nodes.Node]) -> Template:
    """Return statements around parsed expressions as something that runs."""
    tree = nodes.Template(list(body), lineno=1)
    tree.set_environment(environment())
    return environment().from_string(tree)


def run(template: Template, names: Mapping[str, Any]) -> None:
    """Run what `compiled` made; whatever an expression raises comes through."""
    for _ in template.root_render_func(template.new_context(dict(names))):
        pass


def call(name: str, *arguments: nodes.Expr) -> nodes.ExprStmt:
    """Return the statement that calls a function with values of expressions."""
    return nodes.ExprStmt(nodes.Call(nodes.Name(name, "load"), list(arguments), [], None, None))
