"""What templates see of an item: its fields as the schema types them.

A Markdown field is already parsed; printing it leaves a placeholder in the template's text, so that no field
can break another. A field that points to items gives those items; a choice prints its label. An optional field
that isn't given is None (and prints nothing); a field the schema doesn't know is an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from jinja2 import Undefined
from jinja2.exceptions import UndefinedError
from markupsafe import Markup

from shishin.dialect import escape
from shishin.era import short_wareki, wareki
from shishin.guideline import Item
from shishin.schema import Shape


class Printer(Protocol):
    """What views need of the composer: marks that stand for parsed content."""

    def prose(self, text: str, shape: Shape) -> str:
        """Return the mark of a text field."""
        ...

    def mention(self, item: Item) -> str:
        """Return the mark of a link to an item, by its name."""
        ...

    def view(self, item_id: str) -> View:
        """Return the view of the item with this id."""
        ...

    def read(self, item: Item, name: str) -> None:
        """Be told that a field of an item is looked at."""
        ...


class Choice(str):
    """A value from a closed list: compares as its code, prints as its label."""

    __slots__ = ("label",)
    label: str

    def __new__(cls, code: str, label: str) -> Choice:
        """Return the code `code`, printed as `label`."""
        made = super().__new__(cls, code)
        made.label = label
        return made

    def __html__(self) -> str:
        return escape(self.label)


class Day(str):
    """An ISO date that prints in the Japanese calendar."""

    __slots__ = ()

    def __html__(self) -> str:
        return escape(wareki(self))

    @property
    def full(self) -> str:
        """With the weekday: 令和元年12月19日（木）."""
        return wareki(self, weekday=True)

    @property
    def short(self) -> str:
        """R1.12.19."""
        return short_wareki(self)


class Prose:
    """A text field: prints as a placeholder for its parsed content."""

    __slots__ = ("_printer", "_shape", "_text")

    def __init__(self, text: str, shape: Shape, printer: Printer) -> None:
        self._text, self._shape, self._printer = text, shape, printer

    def __html__(self) -> str:
        return self._printer.prose(self._text, self._shape)

    def __str__(self) -> str:
        return self.__html__()

    def __eq__(self, other: object) -> bool:
        return self._text == (other._text if isinstance(other, Prose) else other)

    def __hash__(self) -> int:
        return hash(self._text)

    def __contains__(self, words: object) -> bool:
        return isinstance(words, str) and words in self._text


class View:
    """One item, or one object inside an item, as a template sees it."""

    __slots__ = ("_data", "_item", "_printer", "_shape")

    def __init__(self, item: Item, data: Mapping[str, Any], shape: Shape, printer: Printer) -> None:
        self._item, self._data, self._shape, self._printer = item, data, shape, printer

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self[name]

    def __getitem__(self, name: str) -> Any:
        shape = self._shape.properties.get(name)
        if shape is None:
            if name == "kind":
                return self._item.kind.name
            known = ", ".join(self._shape.properties)
            raise UndefinedError(f"'{name}' is no field of {self._item.kind.name}; fields: {known}")
        self._printer.read(self._item, name)
        if name not in self._data:
            return None
        return see(self._data[name], shape, self._item, self._printer)

    def __html__(self) -> str:
        if self._data is not self._item.data and "id" not in self._data:
            raise TypeError(f"an object inside {self._item.id} can't be printed: name one of its fields")
        return self._printer.mention(self._item)

    def __str__(self) -> str:
        return self.__html__()

    def __eq__(self, other: object) -> bool:
        if isinstance(other, View):
            return self._item.id == other._item.id and self._data == other._data
        return isinstance(other, str) and self._item.id == other

    def __hash__(self) -> int:
        return hash(self._item.id)


def see(value: Any, shape: Shape, item: Item, printer: Printer) -> Any:
    """Return a value as templates see it."""
    if isinstance(value, list):
        assert shape.items is not None
        return [see(one, shape.items, item, printer) for one in value]
    if isinstance(value, Mapping):
        return View(item, value, shape, printer)
    if isinstance(value, str):
        if shape.ref:
            return printer.view(value)
        if shape.text:
            return Prose(value, shape, printer)
        if shape.labels:
            return Choice(value, shape.labels[value])
        if shape.date:
            return Day(value)
    return value


def finalize(value: Any) -> Any:
    """Print one expression of a template: marked text as it is, everything else with Markdown escaped."""
    if value.__class__ is Markup:
        return value
    if value is None:
        return Markup("")
    if hasattr(value, "__html__"):
        return Markup(value.__html__())
    if isinstance(value, Undefined):
        return value
    if isinstance(value, list | tuple | Iterator):
        raise TypeError("a list can't be printed: join it, or loop over it")
    return Markup(escape(str(value)))
