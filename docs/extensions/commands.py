"""Markdown of every command, made by Typer from the functions of the command line."""

import os
import re
from typing import Any

import typer
import typer.main
from typer.cli import get_docs_for_click

NAME = "mikrozonasi"


def command_pages() -> str:
    """Describe every command: usage, arguments, options and their defaults."""
    os.environ["MIKROZONASI_LANG"] = "en"
    from api.cli.main import main  # noqa: PLC0415  (the language is chosen before the import)

    command = typer.main.get_command(main)
    _load_commands(command)
    text = get_docs_for_click(obj=command, ctx=typer.Context(command), name=NAME)
    # The page has a heading of its own above.
    text = re.sub(r"\A# .*\n", "", text)
    return re.sub(r"^#(#+ )`(.*)`$", r"\1\2", text, flags=re.MULTILINE)


def _load_commands(group: Any) -> None:  # noqa: ANN401  (a command or a group of typer)
    """Replace each placeholder of a command by the command itself."""
    from api.cli.terminal.lazy import loaded_command  # noqa: PLC0415  (as above)

    for name, command in list(getattr(group, "commands", {}).items()):
        group.commands[name] = loaded_command(command)
        _load_commands(command)
