"""What a person sees on the terminal."""

from __future__ import annotations

import json
import os
import shutil
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from shishin.problem import Failure, Problem, Words

if TYPE_CHECKING:
    from shishin.comparing import Differences, Wanted
    from shishin.editions import Releasing
    from shishin.explain import Entry
    from shishin.migrate import Applied
    from shishin.pipeline import Built, Laid, Progress
    from shishin.publish import Published
    from shishin.register import Row
    from shishin.verify import Finding

STEPS = {
    "check": Words(ja="検査", en="check"),
    "compose": Words(ja="組立て", en="compose"),
    "json": Words(ja="JSON", en="JSON"),
    "docx": Words(ja="Word", en="Word"),
    "pdf": Words(ja="PDF", en="PDF"),
    "site": Words(ja="ウェブサイト", en="website"),
    "read": Words(ja="読込み", en="read"),
    "compare": Words(ja="比較", en="compare"),
    "tracked": Words(ja="変更履歴", en="tracked changes"),
    "html": Words(ja="HTML", en="HTML"),
    "write": Words(ja="書込み", en="write"),
}
SHOWN = (
    ("site/index.html", Words(ja="ウェブサイト（ブラウザで開く）", en="website (open in a browser)")),
    (".docx", Words(ja="Word", en="Word")),
    (".pdf", Words(ja="PDF", en="PDF")),
    ("edition.json", Words(ja="版のデータ", en="edition as data")),
    ("document.json", Words(ja="文書のデータ", en="document as data")),
)


class _Bar:
    """A progress bar on a terminal; elsewhere nothing."""

    def __init__(self, steps: int, language: str) -> None:
        from rich.console import Console as RichConsole
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        self._language = language
        self.bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed}/{task.total}"),
            TimeElapsedColumn(),
            console=RichConsole(file=sys.stderr, legacy_windows=False),
            transient=True,
        )
        self._task = self.bar.add_task("", total=steps)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Show that a step has begun; it ends with the context."""
        self.bar.update(self._task, description=STEPS[name].said(self._language))
        yield
        self.bar.advance(self._task)


class _Quiet:
    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Say nothing."""
        yield


class Console:
    """Prints results and problems in one language."""

    def __init__(self, *, language: str) -> None:
        self.language = language

    def _say(self, ja: str, en: str) -> str:
        return ja if self.language == "ja" else en

    @contextmanager
    def progress(self, steps: int) -> Iterator[Progress]:
        """Show a progress bar while the context lasts, on a terminal only."""
        if not sys.stderr.isatty():
            yield _Quiet()
            return
        bar = _Bar(steps, self.language)
        with bar.bar:
            yield bar

    @contextmanager
    def silent(self) -> Iterator[Progress]:
        """Show no progress."""
        yield _Quiet()

    def problems(
        self,
        problems: Sequence[Problem],
        *,
        form: str = "text",
        notes: bool = False,
        own: Mapping[str, Entry] | None = None,
    ) -> None:
        """Print problems in a form of printers.py, then their number; notes only where they are wanted.

        `own` explains the guideline's own rules and words.
        """
        from shishin import printers

        shown = [problem for problem in problems if notes or problem.severity != "note"]
        if form != "text":
            print(printers.printed(shown, self.language, form, own or {}), end="")
            return
        print(printers.text(shown, self.language, colour=_coloured()), end="")
        print(printers.summary(shown).said(self.language), file=sys.stderr if shown else sys.stdout)
        hidden = len(problems) - len(shown)
        if hidden and all(problem.severity != "error" for problem in shown):  # first things first
            print(
                self._say(
                    f"ほかに参考が {hidden} 件あります（--notes で見られます）。", f"{hidden} note(s) more: --notes."
                )
            )

    def laid(self, laid: Laid, *, written: bool) -> None:
        """Print which files were laid out, or would be."""
        if laid.problems:
            self.problems(laid.problems)
        for path in laid.files:
            print(self._say("整えました: ", "laid out: ") + path if written else path)
        if not laid.files and not laid.problems:
            print(self._say("体裁は整っています。", "Every file is in the layout."))
        elif laid.files and not written:
            count = len(laid.files)
            print(
                self._say(
                    f"{count} 個のファイルの体裁が違います。\n    → shishin format で整います。",
                    f"{count} file(s) are not in the layout.\n    → 'shishin format' lays them out.",
                ),
                file=sys.stderr,
            )

    def migrated(self, done: Sequence[Applied], *, written: bool) -> None:
        """Print what each step to the current format changes, and why."""
        for applied in done:
            print(self._say(f"書式 {applied.to} へ: ", f"To format {applied.to}: ") + applied.why.said(self.language))
            print(applied.diff(), end="")
        if not done:
            print(self._say("今の書式です。直す所はありません。", "The format is the current one. Nothing to do."))
        elif written:
            print(self._say("書き込みました。", "Written."))
        else:
            print(self._say("見ただけです。何も書いていません。", "Only shown. Nothing was written."))

    def failure(self, failure: Failure) -> None:
        """Print why a command couldn't go on."""
        print(failure.message.said(self.language), file=sys.stderr)
        if failure.hint:
            print(f"    → {failure.hint.said(self.language)}", file=sys.stderr)
        if failure.problems:
            self.problems([one for one in failure.problems if one.severity == "error"])

    def usage(self, ja: str, en: str = "") -> None:
        """Print what was wrong with the call; `en` is missing where the words need no language."""
        print(self._say(ja, en or ja), file=sys.stderr)

    def built(self, built: Built, out: Path) -> None:
        """Print a table of the artifacts: what, size, where to open it."""
        print(built_words(built, out).said(self.language))

    def rebuilt(self, built: Built, seconds: float) -> None:
        """Print how a rebuild went."""
        if not built.artifacts:
            self.problems(built.problems)
        else:
            print(self._say(f"作り直しました（{seconds:.1f} 秒）", f"rebuilt in {seconds:.1f} s"), flush=True)

    def serving(self, port: int) -> None:
        """Print where the preview is."""
        print(self._say("表示中", "serving") + f": http://127.0.0.1:{port}/  (Ctrl+C)", flush=True)

    def editions(self, rows: Sequence[Row], *, as_data: bool) -> None:
        """Print the list of editions: what each is, its dates, and whether it is released."""
        if as_data:
            data = [{**asdict(row.record), "hash": row.hash} for row in rows]
            print(json.dumps(data, ensure_ascii=False, indent=2))
            return
        if not rows:
            print(self._say("版の記録はまだありません。", "There are no records of editions yet."))
            return
        lines = []
        for row in rows:
            one = row.record
            frozen = self._say(f"確定済 {row.hash[:16]}", f"released {row.hash[:16]}") if row.hash else "－"
            dates = "、".join(f"{name} {day}" for name, day in one.dates)
            lines.append((one.id, one.label, one.version, one.status_label, dates, frozen))
        heads = self._say("ID 版の名称 版番号 状態 日付 確定", "ID label version status dates released").split()
        widths = [max(_width(line[place]) for line in (tuple(heads), *lines)) for place in range(len(heads))]
        for line in (tuple(heads), *lines):
            padded = (text + " " * (width - _width(text)) for text, width in zip(line, widths, strict=True))
            print("  ".join(padded).rstrip())
        for row in rows:
            if row.record.note:
                print(self._say("注", "note") + f" {row.record.id}: {row.record.note}")

    def released(self, done: Releasing, *, written: bool) -> None:
        """Print what was stored (or would be), and what is unfinished."""
        if not done.files:
            self.problems([one for one in done.problems if one.severity == "error"])
            print(
                self._say("誤りがあるので確定できません。", "There are errors: nothing was released."), file=sys.stderr
            )
            return
        if done.unfinished:
            print(self._say("残っていること:", "Unfinished:"))
            for words in done.unfinished:
                print(f"  ・{words.said(self.language)}")
        for name, data in done.files.items():
            print(f"  {len(data):>12,}  {name}")
        commit = done.commit[:12] or self._say("（Git なし）", "(no Git)")
        print(
            self._say(
                f"内容のコミット {commit}　照合番号 {done.hash[:16]}", f"content of {commit}; hash {done.hash[:16]}"
            )
        )
        if not written:
            print(self._say("見ただけです。何も書いていません。", "Only shown. Nothing was written."))
            return
        print(
            self._say(f"guideline/editions/{done.id}/ に確定しました。", f"Released in guideline/editions/{done.id}/.")
        )
        if done.saved:
            print(self._say(f"コミットしました: {done.saved[:12]}", f"committed: {done.saved[:12]}"))
        else:
            print(self._say("Git に記録してください:", "Commit it:"))
            print(f"    git add guideline/editions/{done.id}")
            print(f'    git commit -m "{done.id}"')

    def verified(self, found: Sequence[Finding], *, as_data: bool) -> None:
        """Print what isn't as it was stored."""
        if as_data:
            data = [
                {"edition": one.edition, "file": one.file, "kind": one.kind, "message": one.message.said(self.language)}
                for one in found
            ]
            print(json.dumps(data, ensure_ascii=False, indent=2))
            return
        for one in found:
            place = "/".join(part for part in (one.edition, one.file) if part)
            print(f"{place}: {one.message.said(self.language)}")
            if one.hint:
                print(f"    → {one.hint.said(self.language)}")
        wrong = sum(one.kind != "note" for one in found)
        if wrong:
            print(self._say(f"確定したときと違う所が {wrong} 件あります。", f"{wrong} difference(s)."), file=sys.stderr)
        else:
            print(self._say("確定したときのままです。", "Everything is as it was stored."))

    def published(self, done: Published, out: Path) -> None:
        """Print which editions were added, and where to begin."""
        for one in done.added:
            print(self._say(f"加えました: {one}", f"added: {one}"))
        for one in done.kept:
            print(self._say(f"そのまま: {one}", f"as it was: {one}"))
        print(self._say(f"最新の版: {done.latest}", f"latest: {done.latest}"))
        print(out / "index.html")

    def differences(self, found: Differences, wanted: Wanted, out: Path | None, root: Path) -> None:
        """Print a comparison, or where its papers lie."""
        from shishin.outputs import terminal
        from shishin.write import write_file

        if "text" in wanted.to:
            width = shutil.get_terminal_size().columns if sys.stdout.isatty() else terminal.WIDTH
            said = terminal.text(
                found.comparison, found.old, found.new, language=self.language, width=width, colour=_coloured()
            )
            print(said, end="")
        if wanted.to in (("md",), ("json",)) and out is None:
            sys.stdout.write(next(iter(found.files.values())).decode("utf-8"))
            return
        for name, data in found.files.items():
            folder = out or root / "dist" / f"{found.old.edition}--{found.new.edition}"
            write_file(folder / name, data)
            print(f"{len(data):>12,}  {folder / name}")
        for remark in found.remarks:
            print(f"* {remark.said(self.language)}", file=sys.stderr)


def _coloured() -> bool:
    """Tell whether colours are wanted: an old Windows console would print them as signs."""
    return sys.stdout.isatty() and os.name != "nt" and not os.environ.get("NO_COLOR")


def built_words(built: Built, out: Path) -> Words:
    """Return what a build says at its end."""
    return Words(ja=_table(built, out, "ja"), en=_table(built, out, "en"))


def _table(built: Built, out: Path, language: str) -> str:
    rows = []
    pages = sum(1 for one in built.artifacts if "/site/" in one.path and one.path.endswith(".html"))
    for ending, words in SHOWN:
        for one in built.artifacts:
            name = one.path.partition("/")[2]
            if name == ending or (name.endswith(ending) and "/" not in name):
                size = f"{one.size / 1024:,.0f} KB"
                if ending.startswith("site/"):
                    size = Words(ja=f"{pages} ページ", en=f"{pages} pages").said(language)
                rows.append((words.said(language), size, str(out / one.path)))
    rows.append((Words(ja="ビルドの記録", en="build report").said(language), "", str(out / "build.json")))
    widths = [max(_width(row[place]) for row in rows) for place in (0, 1)]
    lines = [
        f"{what}{' ' * (widths[0] - _width(what))}  {' ' * (widths[1] - _width(size))}{size}  {path}"
        for what, size, path in rows
    ]
    lines += (f"* {remark.said(language)}" for remark in built.remarks)
    warnings = sum(problem.severity == "warning" for problem in built.problems)
    if warnings:
        words = Words(
            ja=f"* 注意が {warnings} 件あります（shishin check で見られます）。",
            en=f"* {warnings} warning(s): see shishin check.",
        )
        lines.append(words.said(language))
    return "\n".join(lines)


def _width(text: str) -> int:
    """Return the columns a text takes on a terminal."""
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)
