"""Commands on boundaries."""

import typer

boundaries = typer.Typer(no_args_is_help=True, help="boundaries")
