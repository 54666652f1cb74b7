"""What commands print: JSON where asked for, aligned text for people."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

STDOUT = "-"


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--json FILE|-``, passed on as ``json_to``."""
    return click.option(
        "--json",
        "json_to",
        metavar="FILE|-",
        callback=_checked_target,
        help="Write the result as JSON to FILE, or to standard output for -.",
    )(command)


def show(result: Any, text: str, json_to: str | None) -> None:
    """Print ``text``, and write ``result`` as JSON if asked; JSON on standard output replaces the text."""
    encoded = msgspec.json.format(msgspec.json.encode(result), indent=2) + b"\n" if json_to else b""
    if json_to == STDOUT:
        click.echo(encoded, nl=False)
        return
    if json_to:
        Path(json_to).write_bytes(encoded)
    click.echo(text)


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return rows under their heads, numbers to the right, names to the left."""
    cells = [list(columns), *([one_line(str(cell)) for cell in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    right = [all(_is_figure(cell) for cell in column[1:]) for column in zip(*cells, strict=True)]
    lines = [
        "  ".join(
            cell.rjust(width) if figures else cell.ljust(width)
            for cell, width, figures in zip(row, widths, right, strict=True)
        ).rstrip()
        for row in cells
    ]
    return "\n".join(lines)


def one_line(text: str) -> str:
    """Return ``text`` on one line, without characters that could steer a terminal."""
    flat = " ".join(text.split())
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in flat)


def _checked_target(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    """Refuse a target that cannot be written before the work begins."""
    if value in (None, STDOUT):
        return value
    path = Path(str(value))
    if path.is_dir() or not path.absolute().parent.is_dir():
        raise click.BadParameter(f"{value} cannot be written: its folder does not exist or it is a folder.")
    return value


def _is_figure(cell: str) -> bool:
    return not cell or cell.lstrip("-±").replace(",", "").replace(".", "").split(" ")[0].isdigit()
