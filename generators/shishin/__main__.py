"""The command `shishin`: declares its arguments, calls the pipeline, prints, returns an exit code.

0 fine · 1 problems or failure · 2 wrong usage.
"""

from __future__ import annotations

import argparse
import locale
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from shishin import __version__
from shishin.problem import Failure

if TYPE_CHECKING:
    from shishin import console


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return the exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A Japanese Windows console is cp932: what it can't show is replaced, never an error.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    parser = _parser()
    given = parser.parse_args(arguments)
    if not given.command:
        parser.print_help()
        return 2
    from shishin import console

    talk = console.Console(language=given.lang or _language())
    try:
        return int(given.run(given, talk))
    except Failure as failure:
        talk.failure(failure)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader of our output has gone (… | head)
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115  # so that the interpreter's last flush finds a reader
        return 1


def _language() -> str:
    """Return "ja" or "en" by the usual environment variables, else by the system's setting."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "ja" if value.startswith("ja") else "en"
    found = locale.getlocale()[0] or ""
    return "ja" if found.startswith(("ja", "Japanese")) else "en"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="shishin",
        description="指針を YAML で書き、版にして、ウェブサイト・Word・PDF にする / guidelines from YAML",
    )
    parser.add_argument("--version", action="version", version=f"shishin {__version__}")
    parser.add_argument("--lang", choices=("ja", "en"), help="language of messages / メッセージの言語")
    commands = parser.add_subparsers(dest="command", metavar="command")

    def command(name: str, words: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=words, description=words)
        sub.add_argument("--lang", choices=("ja", "en"), default=argparse.SUPPRESS, help="language of messages")
        sub.add_argument(
            "--root", type=Path, default=Path(), metavar="DIR", help="folder that holds guideline/ and schemas/"
        )
        return sub

    sub = command("check", "データの誤りをすべて示す / list every problem in the data")
    sub.set_defaults(run=_check)

    sub = command("build", "ウェブサイト・Word・PDF・JSON を作る / build website, Word, PDF and JSON")
    sub.add_argument("--edition", default="", metavar="ID", help="edition to build (default: the content as it stands)")
    sub.add_argument("--to", default="site,docx,pdf,json", metavar="LIST", help="outputs, by commas (default: all)")
    sub.add_argument("--out", type=Path, default=None, metavar="DIR", help="output folder (default: dist/)")
    sub.set_defaults(run=_build)

    sub = command("serve", "サイトを表示し、保存のたびに作り直す / show the website, rebuild on save")
    sub.add_argument("--port", type=int, default=8000, help="port on 127.0.0.1 (default: 8000)")
    sub.set_defaults(run=_serve)
    return parser


def _check(given: argparse.Namespace, talk: console.Console) -> int:
    from shishin import pipeline
    from shishin.tree import FolderTree

    problems = pipeline.check(FolderTree(given.root))
    talk.problems(problems)
    return 1 if problems else 0


def _build(given: argparse.Namespace, talk: console.Console) -> int:
    from shishin import pipeline
    from shishin.renderers import NAMES

    to = tuple(name.strip() for name in given.to.split(",") if name.strip())
    unknown = [name for name in to if name not in NAMES]
    if unknown or not to:
        talk.usage(f"--to: {', '.join(unknown) or '(empty)'} / {', '.join(NAMES)}")
        return 2
    out = given.out or given.root / "dist"
    with talk.progress(steps=4 + len(to) - 1) as progress:
        built = pipeline.build(given.root, out, to=to, edition_id=given.edition, progress=progress)
    if built.problems:
        talk.problems(built.problems)
        return 1
    talk.built(built, out)
    return 0


def _serve(given: argparse.Namespace, talk: console.Console) -> int:
    from shishin import pipeline

    with talk.silent() as progress:
        server = pipeline.serve(given.root, port=given.port, told=talk.rebuilt, failed=talk.failure, progress=progress)
        if server is None:
            return 1
        talk.serving(given.port)
        server.serve()
    return 0


if __name__ == "__main__":
    sys.exit(main())
