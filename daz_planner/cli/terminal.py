"""What the commands print: answers on stdout, errors and progress on stderr, both with rich."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from time import perf_counter
from typing import TYPE_CHECKING, Protocol

from rich.console import Console
from rich.table import Table
from rich.text import Text

from daz_planner.cli import streams
from daz_planner.cli.legible import as_written
from daz_planner.german import plural

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import RenderableType

    from daz_planner.cli.finding_groups import Group
    from daz_planner.district.findings import Finding

PATIENCE = 0.7
"""Seconds of work before progress is shown."""
MOST_WARNINGS = 10
"""Warnings on the input that are shown after an answer; ``pruefen`` shows all."""


class Progress(Protocol):
    """Called by long work with the share that is done (0 … 1) and what is being done."""

    def __call__(self, share: float, step: str, /) -> None: ...


class Terminal:
    """The two streams of the process. ``quiet`` keeps everything but errors back."""

    def __init__(self, *, quiet: bool = False) -> None:
        self.quiet = quiet
        self.out = Console(highlight=False, markup=False, emoji=False)
        self.err = Console(highlight=False, markup=False, emoji=False, stderr=True)

    def print(self, *items: RenderableType, style: str | None = None) -> None:
        """Print on stdout. A reader who has gone (``| head``) is no error."""
        if not self.quiet:
            _print(self.out, *items, style=style)

    def note(self, *items: RenderableType) -> None:
        """Print on stderr what must not stand among the data on stdout."""
        if not self.quiet:
            _print(self.err, *items)

    def write_bytes(self, content: bytes) -> None:
        """Write data for machines on stdout: as it is, on any system, quiet or not."""
        stream = self.out.file
        raw = getattr(stream, "buffer", None)
        try:
            if raw is None or stream.isatty():
                text = content.decode("utf-8-sig")
                stream.write(text.replace("\r\n", "\n"))
            else:
                stream.flush()
                raw.write(content)
            stream.flush()
        except OSError as error:
            if not streams.is_broken_pipe(error):
                raise
            streams.silence()

    def heading(self, text: str) -> None:
        """Print a heading with an empty line before it."""
        self.print("")
        self.print(text, style="bold")

    def bullets(self, sentences: Iterable[str]) -> None:
        """Print sentences one below the other, each with a dash, its further lines indented."""
        grid = Table.grid(padding=(0, 1))
        for sentence in sentences:
            grid.add_row("–", sentence)
        self.print(grid)

    def error(self, message: str, remedy: str = "") -> None:
        """Print an error with its remedy on stderr."""
        text = Text("Fehler: ", style="bold red")
        text.append(message, style="default not bold")
        _print(self.err, text)
        if remedy:
            _print(self.err, remedy)

    def findings(
        self, findings: Sequence[Finding], *, most: int, more: str, on_error: bool = False
    ) -> None:
        """Print findings one below the other: kind and place, problem, remedy.

        Those of one column that say the same are one. ``more`` says where the rest stands when
        there are more than ``most``.
        """
        if self.quiet and not on_error:
            return
        from daz_planner.cli.finding_groups import grouped

        console = self.err if on_error else self.out
        several = len({finding.file for finding in findings}) > 1
        groups = grouped(findings)
        for group in groups[:most]:
            _print(console, *_group_lines(group, console, with_file=several))
        rest = sum(len(group.findings) for group in groups[most:])
        if rest:
            _print(console, f"… und {plural(rest, 'weiterer', 'weitere')}, {more}")

    def input_warnings(self, findings: Sequence[Finding], file: Path) -> None:
        """Print the warnings on the input after an answer, in short."""
        if not findings:
            return
        self.heading("Warnungen zur Eingabe")
        name = f'"{file}"' if " " in str(file) else f"{file}"
        self.folded_findings(findings, most=MOST_WARNINGS, more=f"siehe daz-planner pruefen {name}")

    def folded_findings(self, findings: Sequence[Finding], *, most: int, more: str) -> None:
        """Like :meth:`findings`, but many of one kind on one sheet are told as one."""
        if self.quiet:
            return
        from daz_planner.cli.finding_groups import folded

        several = len({finding.file for finding in findings}) > 1
        groups = folded(findings)
        for group, _, others in groups[:most]:
            lines = _group_lines(group, self.out, with_file=several)
            _print(self.out, *lines, *([_indented(others, self.out)] if others else []))
        rest = sum(count for _, count, _ in groups[most:])
        if rest:
            _print(self.out, f"… und {plural(rest, 'weiterer', 'weitere')}, {more}")

    @contextmanager
    def progress(self) -> Iterator[Progress]:
        """Progress of long work on stderr: only on a terminal, only when it takes its time."""
        if self.quiet or not self.err.is_terminal:
            yield _no_progress
            return
        from rich.progress import BarColumn, TextColumn
        from rich.progress import Progress as Bar

        bar = Bar(TextColumn("{task.description}"), BarColumn(), console=self.err, transient=True)
        task = bar.add_task("", total=1.0)
        started, shown = perf_counter(), False

        def report(share: float, step: str, /) -> None:
            nonlocal shown
            if not shown and perf_counter() - started > PATIENCE:
                bar.start()
                shown = True
            bar.update(task, completed=share, description=step)

        try:
            yield report
        finally:
            if shown:
                bar.stop()


def plain_table(*columns: str, right: Sequence[str] = ()) -> Table:
    """An empty table with a line below the header; the columns of ``right`` hold numbers."""
    from rich import box

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold", show_edge=False)
    for column in columns:
        table.add_column(column, justify="right" if column in right else "left")
    return table


def counted(number: int, one: str, many: str) -> str:
    """``1 Warnung``, ``2 Warnungen``, ``keine Warnungen``."""
    if number == 0:
        return f"keine {many}"
    return f"1 {one}" if number == 1 else f"{number} {many}"


def _group_lines(group: Group, console: Console, *, with_file: bool) -> list[Text]:
    finding = group.first
    fault = finding.severity.name == "FAULT"
    place = group.place
    if with_file and finding.sheet:
        place = f"{finding.file}: {place}"
    head = Text(f"{finding.severity.value} ", style="bold red" if fault else "yellow")
    head.append(place, style="bold default")
    lines = [head]
    for sentence in (group.problem, finding.remedy):
        if sentence:
            lines.append(_indented(sentence, console))
    return lines


def _indented(sentence: str, console: Console) -> Text:
    return Text(
        textwrap.fill(
            streams.writable(sentence, console.encoding),
            width=max(console.width, 30),
            initial_indent="  ",
            subsequent_indent="  ",
            break_on_hyphens=False,
        )
    )


def _print(console: Console, *items: RenderableType, style: str | None = None) -> None:
    try:
        for item in items:
            console.print(as_written(item, console.encoding), style=style)
    except OSError as error:
        if not streams.is_broken_pipe(error):
            raise
        streams.silence()
    except SystemExit:  # rich's way of saying that the reader has gone
        streams.silence()


def _no_progress(_share: float, _step: str, /) -> None:
    return None
