"""Markdown of every command, made by Typer from the functions of the command line."""

import os
import re

import typer
import typer.main
from typer.cli import get_docs_for_click

NAME = "mikrozonasi"


def command_pages() -> str:
    """Describe every command: usage, arguments, options and their defaults."""
    os.environ["MIKROZONASI_LANG"] = "en"
    from api.cli.main import main  # noqa: PLC0415  (the language is chosen before the import)

    command = typer.main.get_command(main)
    text = get_docs_for_click(obj=command, ctx=typer.Context(command), name=NAME)
    # The page has a heading of its own above.
    text = re.sub(r"\A# .*\n", "", text)
    return re.sub(r"^#(#+ )`(.*)`$", r"\1\2", text, flags=re.MULTILINE)
