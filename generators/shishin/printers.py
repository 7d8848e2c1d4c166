"""Problems → text for people, for programs (JSON, SARIF) and for pull requests (GitHub).

Pure functions. Positions count from 1, columns in Unicode code points; what comes from the data never steers a
terminal: unseen characters are shown as <U+XXXX>, in JSON escaped.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from shishin import __version__
from shishin.explain import NO_RULES, SEVERITIES, Entry, catalogue
from shishin.problem import Problem, Words
from shishin.visible import is_unseen, visible

_ROOT = "%SRCROOT%"
_COLOURS = {"error": "31", "warning": "33", "note": "36"}


def text(problems: Sequence[Problem], language: str, *, colour: bool = False) -> str:
    """Return one line for each problem, and one for its hint; `colour` is for a terminal."""
    lines = []
    for problem in problems:
        place = f"{visible(problem.position.file)}:{problem.position.line}:{problem.position.column}:"
        code = problem.code
        if problem.severity != "error":
            said = SEVERITIES[problem.severity].said(language)
            code += f"（{said}）" if language == "ja" else f" ({said})"
        field = f" {visible(problem.path)}:" if problem.path else ""
        if colour:
            place, code = f"\x1b[1m{place}\x1b[0m", f"\x1b[{_COLOURS[problem.severity]}m{code}\x1b[0m"
        lines.append(f"{place} {code}{field} {visible(problem.message.said(language))}")
        if problem.hint:
            lines.append(f"    → {visible(problem.hint.said(language))}")
    return "".join(line + "\n" for line in lines)


def summary(problems: Sequence[Problem]) -> Words:
    """Return how many problems there are, by severity where they aren't all errors."""
    if not problems:
        return Words(ja="問題はありません。", en="No problems.")
    counts = Counter(problem.severity for problem in problems)
    if counts["error"] == len(problems):
        return Words(ja=f"{len(problems)} 件の問題があります。", en=f"{len(problems)} problem(s).")
    parts = {name: counts[name] for name in SEVERITIES if counts[name]}
    ja = "、".join(f"{SEVERITIES[name].ja} {count} 件" for name, count in parts.items())
    en = ", ".join(f"{count} {SEVERITIES[name].en}(s)" for name, count in parts.items())
    return Words(ja=f"{len(problems)} 件の知らせがあります（{ja}）。", en=f"{len(problems)} problem(s): {en}.")


def as_json(problems: Sequence[Problem], language: str) -> str:
    """Return an array of objects with the keys code, severity, file, line, column, path, message, hint."""
    return _dumped(
        [
            {
                "code": problem.code,
                "severity": problem.severity,
                "file": problem.position.file,
                "line": problem.position.line,
                "column": problem.position.column,
                "path": problem.path,
                "message": problem.message.said(language),
                "hint": problem.hint.said(language) if problem.hint else None,
            }
            for problem in problems
        ]
    )


def github(problems: Sequence[Problem], language: str, own: Mapping[str, Entry] = NO_RULES) -> str:
    """Return workflow commands, which GitHub shows beside the lines of a pull request.

    `own` tells about the guideline's own rules (explain.py makes it), here and in SARIF.
    """
    lines = []
    for problem in problems:
        command = {"note": "notice"}.get(problem.severity, problem.severity)
        properties = {
            "file": problem.position.file,
            "line": str(problem.position.line),
            "col": str(problem.position.column),
            "title": _title(problem.code, language, own),
        }
        listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
        lines.append(f"::{command} {listed}::{_data(_message(problem, language))}\n")
    return "".join(lines)


def sarif(problems: Sequence[Problem], language: str, own: Mapping[str, Entry] = NO_RULES) -> str:
    """Return a SARIF 2.1.0 log with one run: the codes found as rules, the problems as results."""
    codes = sorted({problem.code for problem in problems})
    place = {code: index for index, code in enumerate(codes)}
    driver = {
        "name": "shishin",
        "version": __version__,
        "rules": [_rule(code, language, own) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "language": language,
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {
            _ROOT: {"description": {"text": "The folder that holds guideline/ and schemas/."}},
        },
        "results": [_result(problem, place[problem.code], language) for problem in problems],
    }
    return _dumped({"version": "2.1.0", "runs": [run]})


FORMATS = ("text", "json", "github", "sarif")


def printed(problems: Sequence[Problem], language: str, form: str, own: Mapping[str, Entry] = NO_RULES) -> str:
    """Return the problems in one of FORMATS."""
    match form:
        case "text":
            return text(problems, language)
        case "json":
            return as_json(problems, language)
        case "github":
            return github(problems, language, own)
        case "sarif":
            return sarif(problems, language, own)
    raise ValueError(form)


def _title(code: str, language: str, own: Mapping[str, Entry]) -> str:
    entry = catalogue().get(code) or own.get(code)
    return f"{code} {entry.title.said(language)}" if entry else code


def _message(problem: Problem, language: str) -> str:
    """Return message and hint as two lines; a break inside one of them is shown, not made."""
    words = visible(problem.message.said(language))
    return f"{words}\n{visible(problem.hint.said(language))}" if problem.hint else words


def _data(words: str) -> str:
    return words.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(words: str) -> str:
    return _data(visible(words)).replace(":", "%3A").replace(",", "%2C")


def _rule(code: str, language: str, own: Mapping[str, Entry]) -> dict[str, Any]:
    entry = catalogue().get(code) or own.get(code)
    if entry is None:
        return {"id": code}
    return {
        "id": code,
        "shortDescription": {"text": visible(entry.title.said(language))},
        "fullDescription": {"text": visible(entry.meaning.said(language))},
        "help": {"text": entry.help(language)},
        "defaultConfiguration": {"level": entry.severity},
    }


def _result(problem: Problem, rule: int, language: str) -> dict[str, Any]:
    position = problem.position
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(position.file, errors="surrogatepass"), "uriBaseId": _ROOT},
            "region": {"startLine": position.line, "startColumn": position.column},
        }
    }
    if problem.path:
        location["logicalLocations"] = [{"fullyQualifiedName": problem.path}]
    return {
        "ruleId": problem.code,
        "ruleIndex": rule,
        "level": problem.severity,
        "message": {"text": _message(problem, language)},
        "locations": [location],
    }


def _dumped(data: Any) -> str:
    """Return JSON in which every unseen character is an escape: readable, and harmless on a terminal."""
    dumped = json.dumps(data, ensure_ascii=False, indent=2)
    return "".join(json.dumps(char)[1:-1] if char != "\n" and is_unseen(char) else char for char in dumped) + "\n"
