"""What is wrong: problems in the data (values) and failures that end a command (exceptions)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One message in both languages."""

    ja: str
    en: str

    def said(self, language: str) -> str:
        """Return the message in `language` ("ja" or "en")."""
        return self.ja if language == "ja" else self.en


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Position:
    """A place in a source file; line and column count from 1."""

    file: str
    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something wrong in the data: what, where, and how to mend it.

    `code` is stable ("S101"); `path` is the place inside the item ("steps.2.do"). An error stops a build and fails
    a check; a warning is shown; a note is shown when asked for.
    """

    code: str
    severity: str  # error | warning | note
    position: Position
    path: str
    message: Words
    hint: Words | None = None


class Failure(Exception):
    """A command can't go on: told in one message, never as a traceback. `problems` say more where there are any."""

    problems: tuple[Problem, ...] = ()

    def __init__(self, message: Words, hint: Words | None = None) -> None:
        super().__init__(message.en)
        self.message = message
        self.hint = hint
