"""Commands on boundaries: check a file, mend it, load it, make RT where none are drawn."""

import typer

from api.cli.boundaries_make import make

boundaries = typer.Typer(no_args_is_help=True, help="Polygons of the city: check, mend, load, make.")
boundaries.command("make")(make)
