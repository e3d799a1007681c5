"""Commands on records."""

import typer

records = typer.Typer(no_args_is_help=True, help="records")
