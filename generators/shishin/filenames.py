"""Names of files: which of them another system can't keep, or can't tell from one another.

Values in, problems out. A repository is cloned on Windows and macOS too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from shishin.problem import Position, Problem, Words
from shishin.visible import is_blank, visible

_DEVICES = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³]) *(\..*)?", re.IGNORECASE)
_SEGMENT = r"(?!(?:con|prn|aux|nul|conin|conout|com[0-9]|lpt[0-9])(?:[./]|$))[a-z0-9][a-z0-9_-]*(?:\.[a-z0-9]+)*"
_ORDINARY = re.compile(f"{_SEGMENT}(?:/{_SEGMENT})*")
_FORBIDDEN = re.compile(r'[<>:"|?*\\]')


def colliding_names(paths: Iterable[str]) -> Iterator[Problem]:
    """Yield a problem for each file whose name another system can't keep, or can't tell from another."""
    paths = tuple(paths)
    if all(map(_ORDINARY.fullmatch, paths)):  # nothing that could be folded, shown otherwise or refused
        return
    first: dict[str, str] = {}
    told: set[str] = set()
    for path in sorted(paths, key=lambda one: one.encode("utf-8", "surrogatepass")):
        parts = path.split("/")
        for depth in range(1, len(parts) + 1):
            name = "/".join(parts[:depth])
            if name in told:  # one problem for a folder, not one for each file in it
                break
            if fault := _name_fault(parts[depth - 1]):
                told.add(name)
                yield _name_problem(path, *fault)
                break
            other = first.setdefault(_folded(name), name)
            if other != name:
                told.add(name)
                yield _name_problem(
                    path,
                    Words(
                        ja=f"「{_shown(name)}」と「{_shown(other)}」は、Windows や macOS では同じ名前です。",
                        en=f"'{_shown(name)}' and '{_shown(other)}' are one name on Windows or macOS.",
                    ),
                    Words(ja="どちらかの名前を変えてください。", en="Rename one of them."),
                )
                break


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _name_fault(name: str) -> tuple[Words, Words] | None:
    shown = _shown(name)
    if any(map(is_blank, name)):
        return (
            Words(
                ja=f"ファイルの名前「{shown}」に、見えない文字か使えない文字があります。",
                en=f"The file's name '{shown}' has invisible or unusable characters.",
            ),
            Words(ja="名前を打ち直してください。", en="Type the name anew."),
        )
    if found := _FORBIDDEN.search(name):
        return (
            Words(
                ja=f"ファイルの名前「{shown}」の「{found[0]}」は、Windows では使えません。",
                en=f"The file's name '{shown}' has '{found[0]}', which Windows forbids.",
            ),
            Words(ja="英小文字・数字・ハイフンで名付けてください。", en="Use lower-case letters, digits and hyphens."),
        )
    if name[-1:] in (".", " "):
        return (
            Words(
                ja=f"ファイルの名前「{shown}」が「.」か空白で終わっています。Windows では取り出せません。",
                en=f"The file's name '{shown}' ends with a dot or space, which Windows drops.",
            ),
            Words(ja="終わりの「.」や空白を消してください。", en="Remove the last character."),
        )
    if _DEVICES.fullmatch(name):
        return (
            Words(
                ja=f"「{shown}」は Windows が機器の名前として使うため、ファイルの名前にできません。",
                en=f"'{shown}' is the name of a device on Windows and can't be a file's name.",
            ),
            Words(ja="別の名前にしてください。", en="Choose another name."),
        )
    return None


def _name_problem(path: str, message: Words, hint: Words) -> Problem:
    position = Position(file=_shown(path))
    return Problem(code="R313", severity="error", position=position, path="", message=message, hint=hint)


def _shown(name: str) -> str:
    return visible(name, is_blank)
