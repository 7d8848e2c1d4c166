"""One rule, from its entry in rules.yml to what breaks it: made ready, run over the items, told in its own words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jinja2 import Template, nodes

from shishin.expression import Fields, Stopped, Wrong, call, compiled, environment, parse, reason_of, run
from shishin.guideline import Guideline, Item
from shishin.problem import Problem, Words
from shishin.rules.reader import Reader, near, no_kind
from shishin.rules.world import ELSEWHERE, Dangling, World
from shishin.schema import dotted
from shishin.source import Path
from shishin.values import shape_at

WHOLE = "guideline"
"""The kind of a rule that looks once, at guideline.yml."""
MAX_SHOWN = 8
"""How many entries of a list a message shows."""

_MESSAGES = ("message", "message_en", "hint")


class Judge:
    """One rule, made ready: what is wrong with itself, and then which items break it."""

    def __init__(self, guideline: Guideline, world: World, rule: Item, *, complete: bool) -> None:
        self.guideline, self.world, self.rule, self.complete = guideline, world, rule, complete
        self.faults: list[Problem] = []
        self.looks_elsewhere = False
        self.messages: dict[str, list[str | nodes.Expr]] = {}
        self.printers: dict[str, Template] = {}
        self.template: Template | None = None
        kinds = guideline.schemas.kinds
        name = rule.data["kind"]
        kind = guideline.own.kind if name == WHOLE else kinds.get(name)
        if kind is None or kind.use == "aid":
            known = [WHOLE, *(one.name for one in kinds.values() if one.use != "aid")]
            self._fault(no_kind(name, known, 0), "kind")
            return
        self.items = (guideline.own,) if name == WHOLE else guideline.of(name)
        self.blamed: Path = tuple(rule.data["field"].split(".")) if "field" in rule.data else ()
        if shape_at(kind.shape, self.blamed) is None:
            shape = kind.shape
            words = Words(
                ja=f"「{dotted(self.blamed)}」という欄はありません。", en=f"There is no field '{dotted(self.blamed)}'."
            )
            self._fault(Wrong("R403", 0, words, near(str(self.blamed[-1]), shape.properties)), "field")
        self.reader = Reader(guideline, kind.shape, complete)
        self.template = self._made_ready()
        for name in _MESSAGES:
            if name in rule.data:
                self.messages[name] = self._split(name)

    # ------------------------------------------------ making ready

    def _made_ready(self) -> Template | None:
        """Return the loop that finds the items which break the rule; line 1 is its condition, line 2 the rest."""
        parts = {
            name: self._parsed(name, self.rule.data[name], 0) for name in ("when", "holds") if name in self.rule.data
        }
        if None in parts.values():
            return None
        body: list[nodes.Node] = [nodes.If(nodes.Not(parts["holds"], lineno=2), [call("found")], [], [], lineno=2)]
        if "when" in parts:
            body = [nodes.If(parts["when"], body, [], [], lineno=1)]
        feed = nodes.Name("feed", "load")
        loop = nodes.For(nodes.Name("item", "store"), feed, body, [], None, False, lineno=1)
        return compiled([loop])

    def _parsed(self, name: str, text: str, start: int) -> nodes.Expr | None:
        """Return the expression that begins at `start` of a field's text, None with a fault where it is wrong."""
        try:
            expression = parse(text)
            used = {one.name for one in expression.find_all(nodes.Name)}
            self.looks_elsewhere |= bool(used & ELSEWHERE)
            self.reader.read(expression)
        except Wrong as wrong:
            wrong.offset += start
            if name in _MESSAGES and wrong.code == "R401":
                wrong.code = "R404"
            self._fault(wrong, name)
            return None
        return expression

    def _split(self, name: str) -> list[str | nodes.Expr]:
        """Return a message's words and expressions in their order."""
        text: str = self.rule.data[name]
        if (begin := text.find("{%")) >= 0:
            words = Words(ja="知らせる文に {% は書けません。", en="A message can't hold {%.")
            self._fault(Wrong("R404", begin, words), name)
            return []
        parts: list[str | nodes.Expr] = []
        place = 0
        while (begin := text.find("{{", place)) >= 0:
            parts.append(text[place:begin])
            end = text.find("}}", begin)
            if end < 0:
                words = Words(ja="{{ が閉じられていません。", en="A {{ isn't closed.")
                self._fault(Wrong("R404", begin, words), name)
                return []
            if expression := self._parsed(name, text[begin + 2 : end], begin + 2):
                parts.append(expression)
            place = end + 2
        return [*parts, text[place:]]

    def _fault(self, wrong: Wrong, name: str) -> None:
        before = self.rule.data[name][: wrong.offset]
        self.faults.append(
            Problem(
                code=wrong.code,
                severity="error",
                position=self.rule.inside((name,), before.count("\n") + 1, wrong.offset - before.rfind("\n")),
                path=name,
                message=wrong.message,
                hint=wrong.hint,
            )
        )

    # ------------------------------------------------ judging

    def judge(self) -> Iterator[tuple[Item, Problem]]:
        """Yield what is wrong with the rule; where nothing is, what breaks it."""
        if not self.faults and self.template is not None:
            yield from self._broken_by(self._feed())
        yield from self.own_faults()

    def own_faults(self) -> Iterator[tuple[Item, Problem]]:
        """Yield what is wrong with the rule itself."""
        for fault in self.faults:
            yield self.rule, fault

    def _feed(self) -> Iterator[Fields]:
        self.world.steps = 0
        for item in self.items:
            self.world.current = item
            yield self.world.of(item)

    def _broken_by(self, feed: Iterator[Fields]) -> Iterator[tuple[Item, Problem]]:
        assert self.template is not None
        broken: list[Item] = []
        failures: list[tuple[Item, Exception]] = []
        names = {**self.world.names(), "feed": feed, "found": lambda: broken.append(self.world.current)}
        while True:  # a failure ends the loop over the items; the feed goes on behind it
            try:
                run(self.template, names)
                break
            except Dangling:
                continue
            except Exception as error:  # whatever an expression may do wrong is the rule's problem
                failures.append((self.world.current, error))
                if self.world.spent:
                    break
        for item in broken:
            yield item, self._violation(item)
        if failures:
            yield self.rule, self._failed(*failures[0], len(failures))

    def _failed(self, item: Item, error: Exception, count: int) -> Problem:
        assert self.template is not None
        line, trace = 2, error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_globals.get("environment") is environment():
                line = self.template.get_corresponding_lineno(trace.tb_lineno)
            trace = trace.tb_next
        name = "when" if line == 1 and "when" in self.rule.data else "holds"
        reason = reason_of(error)
        others = f"、ほか {count - 1} 件" if count > 1 else ""
        more = f" and {count - 1} more" if count > 1 else ""
        at = item.id or WHOLE
        return Problem(
            code="R402",
            severity="error",
            position=self.rule.position((name,)),
            path=name,
            message=Words(
                ja=f"「{at}」を調べる途中で式が止まりました（{reason.ja}{others}）。",
                en=f"The expression failed at '{at}'{more}: {reason.en}.",
            ),
            hint=Words(
                ja="書かれていない欄は none です。欄がある項目だけを調べるには when: item.欄の名前 と書きます。",
                en="A field that isn't given is none. 'when: item.<field>' keeps to the items that have it.",
            )
            if "None" in str(error)
            else None,
        )

    def _violation(self, item: Item) -> Problem:
        self.world.current = item
        path: Path = ()
        value: Any = item.data
        for part in self.blamed:
            value = value.get(part) if isinstance(value, Mapping) else None
        if value is not None:
            path = self.blamed
        message = self._said("message", item) or self.rule.data["title"]
        english = self._said("message_en", item) or message
        hint = self._said("hint", item)
        return Problem(
            code=self.rule.id,
            severity=self.rule.data["severity"],
            position=item.position(path, key=isinstance(value, list | Mapping)),
            path=dotted(path),
            message=Words(ja=message, en=english),
            hint=Words(ja=hint, en=hint) if hint else None,
        )

    def _said(self, name: str, item: Item) -> str:
        """Return a message with its expressions printed, "" where there is none or it can't be printed."""
        said: list[str] = []
        names = {**self.world.names(), "item": self.world.of(item), "say": lambda value: said.append(_printed(value))}
        try:
            if name not in self.printers:
                parts = self.messages.get(name, ())
                self.printers[name] = compiled(
                    [call("say", nodes.Const(part) if isinstance(part, str) else part) for part in parts]
                )
            run(self.printers[name], names)
        except Dangling:
            return ""
        except Exception as error:  # as above
            reason = reason_of(error)
            words = Words(
                ja=f"「{item.id or WHOLE}」について知らせる文を作れません（{reason.ja}）。",
                en=f"The message for '{item.id or WHOLE}' can't be printed: {reason.en}.",
            )
            if not any(fault.path == name for fault in self.faults):
                self._fault(Wrong("R404", 0, words), name)
            return ""
        return "".join(said).strip()


def _printed(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return "、".join(map(_printed, value[:MAX_SHOWN])) + ("…" if len(value) > MAX_SHOWN else "")
    text = str(value)
    if len(text) > 1_000:
        raise Stopped("1,000字を超えています", "longer than 1,000 characters")
    return text
