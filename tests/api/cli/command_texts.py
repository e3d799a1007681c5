"""Prints every help text of the command line in the language of this process, as JSON."""

import json
import sys
from collections.abc import Iterator
from typing import Any

import typer

from api.cli.main import main
from api.cli.terminal.lazy import loaded_command


def texts(command: Any, path: str) -> Iterator[tuple[str, str | None]]:
    """Each command, option and argument with its help text."""
    yield path, command.help
    whole = loaded_command(command)
    for parameter in whole.get_params(typer.Context(whole)):
        yield f"{path} {parameter.name}", parameter.help
    for name, inner in getattr(command, "commands", {}).items():
        yield from texts(inner, f"{path} {name}")


if __name__ == "__main__":
    json.dump(dict(texts(typer.main.get_command(main), "mikrozonasi")), sys.stdout)
