"""Commands on zones."""

import typer

zones = typer.Typer(no_args_is_help=True, help="zones")
