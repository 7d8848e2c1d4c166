"""The command `shishin`: declares its arguments, calls the pipeline, prints, returns an exit code.

0 fine · 1 problems or failure · 2 wrong usage.
"""

from __future__ import annotations

import argparse
import os
import sys

from shishin import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    from shishin import console

FORMS = ("text", "json", "github", "sarif")
DIFF_FORMS = ("table", "marked", "tracked", "clean", "summary", "pack")


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
    language = given.lang or _language()
    if given.command == "build" and not given.force and _nothing_to_do(given, language):
        return 0
    import gc

    from shishin import console
    from shishin.problem import Failure

    gc.set_threshold(5_000, 50, 1000)  # a guideline of thousands of items would be looked through again and again
    talk = console.Console(language=language)
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
    import locale

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
        sub.add_argument("--root", default=".", metavar="DIR", help="folder that holds guideline/ and schemas/")
        return sub

    sub = command("check", "データの誤りをすべて示す / list every problem in the data")
    sub.add_argument("--quick", action="store_true", help="only syntax, schemas, ids and references")
    sub.add_argument("--notes", action="store_true", help="show notes too (long sentences …)")
    sub.add_argument("--format", choices=FORMS, default="text", help="for people, programs or pull requests")
    sub.add_argument("--explain", metavar="CODE", help="tell what a code means, with an example; 'all' lists them")
    sub.set_defaults(run=_check)

    sub = command("schema", "何がどう書けるかを示す / tell what can be written, and where")
    sub.add_argument("kind", nargs="?", default="", metavar="KIND", help="one kind only")
    sub.add_argument("--format", choices=("text", "md", "json"), default="text", help="for people, pages or programs")
    sub.set_defaults(run=_schema)

    sub = command("format", "YAML の体裁を整える / lay out the YAML files")
    sub.add_argument("files", nargs="*", metavar="FILE", help="files (default: the whole guideline)")
    sub.add_argument("--check", action="store_true", help="only list what would change; exit 1 if anything would")
    sub.add_argument("--modeline", action="store_true", help="begin each file with its schema, for editors")
    sub.set_defaults(run=_format)

    sub = command("migrate", "古い書式の指針を今の書式に直す / bring a guideline to the current format")
    sub.add_argument("--dry-run", action="store_true", help="only show what would change")
    sub.set_defaults(run=_migrate)

    sub = command("build", "ウェブサイト・Word・PDF・JSON を作る / build website, Word, PDF and JSON")
    which = sub.add_mutually_exclusive_group()
    which.add_argument(
        "--edition", default="", metavar="ID", help="released edition (default: the content as it stands)"
    )
    which.add_argument("--on", default="", metavar="DATE", help="the edition in force on that day, e.g. 2027-04-01")
    sub.add_argument("--to", default="site,docx,pdf,json", metavar="LIST", help="outputs, by commas (default: all)")
    sub.add_argument("--out", default="", metavar="DIR", help="output folder (default: dist/)")
    sub.add_argument(
        "--jobs", type=int, default=0, metavar="N", help="outputs made at a time (default: as many as cores)"
    )
    sub.add_argument("--force", action="store_true", help="build even where nothing has changed")
    sub.set_defaults(run=_build)

    sub = command("editions", "版の一覧を示す / list the editions")
    sub.add_argument("--json", action="store_true", help="for programs")
    sub.set_defaults(run=_editions)

    sub = command("release", "版を確定する / freeze an edition")
    sub.add_argument("id", metavar="ID", help="the edition, as its record in guideline/editions/ID/ says")
    sub.add_argument("--from", dest="revision", default="", metavar="REV", help="content of this Git revision")
    sub.add_argument("--dry-run", action="store_true", help="only show what would be stored, and what is unfinished")
    sub.add_argument("--commit", action="store_true", help="commit the stored files")
    sub.set_defaults(run=_release)

    sub = command("verify", "確定した版が変わっていないか確かめる / tell what isn't as it was stored")
    sub.add_argument("id", nargs="?", default="", metavar="ID|DIR", help="one edition, or a copy of its folder")
    sub.add_argument("--json", action="store_true", help="for programs")
    sub.set_defaults(run=_verify)

    sub = command("publish", "確定した版のサイトを一つのフォルダに出す / the website of all released editions")
    sub.add_argument("out", metavar="DIR", help="folder of the website; what it holds stays")
    sub.set_defaults(run=_publish)

    sub = command("diff", "二つの版を比べる / compare two editions")
    sub.add_argument(
        "old", nargs="?", default="", metavar="OLD", help="edition, Git revision or folder (default: the last release)"
    )
    sub.add_argument(
        "new", nargs="?", default="", metavar="NEW", help="the same (default: the content as it stands, 'working')"
    )
    sub.add_argument("--form", choices=DIFF_FORMS, default="", help="which paper (default: table)")
    sub.add_argument("--to", default="", metavar="LIST", help="text, md, json, html, docx, pdf, xlsx, by commas")
    sub.add_argument("--role", default="", metavar="ID", help="only what concerns this item")
    sub.add_argument("--chapter", default="", metavar="ID", help="only this chapter")
    sub.add_argument("--preset", default="", metavar="NAME", help="look of the table: kuni, reiki-old-left, simple")
    sub.add_argument("--line-numbers", action="store_true", help="numbers beside the lines of marked and clean papers")
    sub.add_argument("--quick", action="store_true", help="only what items say, without numbers and places")
    sub.add_argument("--out", default="", metavar="DIR", help="folder for the files (default: dist/OLD--NEW)")
    sub.set_defaults(run=_diff)

    sub = command("serve", "サイトを表示し、保存のたびに作り直す / show the website, rebuild on save")
    sub.add_argument("--port", type=int, default=8000, help="port on 127.0.0.1 (default: 8000)")
    sub.set_defaults(run=_serve)
    return parser


def _check(given: argparse.Namespace, talk: console.Console) -> int:
    from pathlib import Path

    from shishin import pipeline
    from shishin.cache import open_cache
    from shishin.tree import FolderTree

    root = Path(given.root)
    if given.explain:
        return _explain(given.explain, root, talk)
    problems = pipeline.check(FolderTree(root), open_cache(root), quick=given.quick)
    own = pipeline.own_entries(FolderTree(root)) if given.format in ("github", "sarif") else None
    talk.problems(problems, form=given.format, notes=given.notes, own=own)
    return 1 if any(problem.severity == "error" for problem in problems) else 0


def _explain(code: str, root: Path, talk: console.Console) -> int:
    from shishin import pipeline
    from shishin.explain import explain, listed, near
    from shishin.tree import FolderTree

    own = pipeline.own_entries(FolderTree(root))
    told = listed(talk.language, own) if code == "all" else explain(code, talk.language, own)
    if told is None:
        talk.usage(f"--explain {code}: {', '.join(near(code, own)) or 'all'}")
        return 2
    print(told, end="")
    return 0


def _schema(given: argparse.Namespace, talk: console.Console) -> int:
    import json
    from pathlib import Path

    from shishin import pipeline
    from shishin.describe import printed
    from shishin.tree import FolderTree

    found, problems = pipeline.schema(FolderTree(Path(given.root)), given.kind)
    if found is None:
        talk.problems(problems)
        return 1
    forms = {
        "text": lambda: printed.as_text(found, talk.language),
        "md": lambda: printed.as_markdown(found, talk.language),
        "json": lambda: json.dumps(printed.as_data(found), ensure_ascii=False, indent=2) + "\n",
    }
    print(forms[given.format](), end="")
    return 0


def _out(given: argparse.Namespace) -> str:
    return given.out or os.path.join(given.root, "dist")  # noqa: PTH118


def _wanted(given: argparse.Namespace) -> str:
    places = (os.path.abspath(given.root), os.path.abspath(_out(given)), _out(given))  # noqa: PTH100
    return repr((given.to, given.edition, given.on, *places))


def _nothing_to_do(given: argparse.Namespace, language: str) -> bool:
    """Say what the last build said where nothing has changed since: before anything heavy is imported."""
    from shishin import unchanged

    said = unchanged.recall(given.root, _out(given), _wanted(given))
    if said is None:
        return False
    print("前回から変わっていません。" if language == "ja" else "nothing has changed.")
    print(said[language])
    return True


def _format(given: argparse.Namespace, talk: console.Console) -> int:
    from pathlib import Path

    from shishin import pipeline

    files = tuple(Path(name) for name in given.files)
    laid = pipeline.lay_out(Path(given.root), files, write=not given.check, modelines=given.modeline)
    talk.laid(laid, written=not given.check)
    return 1 if laid.problems or (given.check and laid.files) else 0


def _migrate(given: argparse.Namespace, talk: console.Console) -> int:
    from pathlib import Path

    from shishin import pipeline

    talk.migrated(pipeline.migrate(Path(given.root), write=not given.dry_run), written=not given.dry_run)
    return 0


def _build(given: argparse.Namespace, talk: console.Console) -> int:
    from pathlib import Path

    from shishin import console, pipeline, unchanged
    from shishin.cache import open_cache
    from shishin.renderers import NAMES
    from shishin.write import disk_time

    to = tuple(name.strip() for name in given.to.split(",") if name.strip())
    unknown = [name for name in to if name not in NAMES]
    if unknown or not to:
        talk.usage(f"--to: {', '.join(unknown) or '(empty)'} / {', '.join(NAMES)}")
        return 2
    root, out = Path(given.root), Path(_out(given))
    before, began = unchanged.sources(given.root), disk_time(root)
    jobs = given.jobs if given.jobs > 0 else os.cpu_count() or 1
    edition = pipeline.in_force(root, given.on) if given.on else given.edition
    with talk.progress(steps=4 + len(to) - 1) as progress:
        built = pipeline.build(
            root, out, to=to, edition_id=edition, progress=progress, jobs=jobs, cache=open_cache(root)
        )
    if not built.artifacts:
        talk.problems(built.problems)
        return 1
    talk.built(built, out)
    said = console.built_words(built, out)
    unchanged.remember(given.root, _out(given), _wanted(given), before, began, {"ja": said.ja, "en": said.en})
    return 0


def _editions(given: argparse.Namespace, talk: console.Console) -> int:
    from pathlib import Path

    from shishin import editions

    talk.editions(editions.rows(Path(given.root)), as_data=given.json)
    return 0


def _release(given: argparse.Namespace, talk: console.Console) -> int:
    from pathlib import Path

    from shishin import editions
    from shishin.cache import open_cache

    root = Path(given.root)
    with talk.progress(steps=5) as progress:
        done = editions.release(
            root,
            given.id,
            revision=given.revision,
            dry_run=given.dry_run,
            save=given.commit,
            cache=open_cache(root),
            progress=progress,
        )
    talk.released(done, written=not given.dry_run)
    return 0 if done.files else 1


def _verify(given: argparse.Namespace, talk: console.Console) -> int:
    from pathlib import Path

    from shishin import editions

    found = editions.verify(Path(given.root), given.id)
    talk.verified(found, as_data=given.json)
    return 1 if any(one.kind != "note" for one in found) else 0


def _publish(given: argparse.Namespace, talk: console.Console) -> int:
    from pathlib import Path

    from shishin import editions

    with talk.progress(steps=5) as progress:
        done = editions.publish(Path(given.root), Path(given.out), progress)
    talk.published(done, Path(given.out))
    return 0


def _diff(given: argparse.Namespace, talk: console.Console) -> int:
    from pathlib import Path

    from shishin import comparing
    from shishin.cache import open_cache

    form = given.form or "table"
    usual = {"table": "text", "pack": "docx,pdf"}.get(form, "docx")
    to = tuple(name.strip() for name in (given.to or usual).split(",") if name.strip())
    unknown = [name for name in to if name not in comparing.MADE[form]]
    if unknown or not to:
        talk.usage(
            f"--form {form} で --to に書けるのは {', '.join(comparing.MADE[form])} です。",
            f"--form {form}: --to takes {', '.join(comparing.MADE[form])}.",
        )
        return 2
    if given.role and form not in ("table", "summary"):
        talk.usage(
            "--role は新旧対照表（table）と改定の概要（summary）で使えます。", "--role: for table and summary only."
        )
        return 2
    if given.quick and not set(to) <= set(comparing.READ):
        talk.usage(
            f"--quick で --to に書けるのは {', '.join(comparing.READ)} です。",
            f"--quick: --to takes {', '.join(comparing.READ)}.",
        )
        return 2
    wanted = comparing.Wanted(
        form=form,
        to=to,
        about=given.role,
        chapter=given.chapter,
        preset=given.preset,
        line_numbers=given.line_numbers,
        quick=given.quick,
    )
    root = Path(given.root)
    with talk.progress(steps=2 + len(to)) as progress:
        found = comparing.diff(root, given.old, given.new, wanted, cache=open_cache(root), progress=progress)
    talk.differences(found, wanted, Path(given.out) if given.out else None, root)
    return 0


def _serve(given: argparse.Namespace, talk: console.Console) -> int:
    from pathlib import Path

    from shishin import pipeline

    with talk.silent() as progress:
        server = pipeline.serve(
            Path(given.root), port=given.port, told=talk.rebuilt, failed=talk.failure, progress=progress
        )
        if server is None:
            return 1
        talk.serving(given.port)
        server.serve()
    return 0


if __name__ == "__main__":
    sys.exit(main())
