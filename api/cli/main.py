"""The command itself: its groups, and what it does before any of them."""

import typer

from api.cli.addresses import addresses
from api.cli.boundaries import boundaries
from api.cli.database import database
from api.cli.demo import demo
from api.cli.locate import locate
from api.cli.newcomers import newcomers
from api.cli.records import records
from api.cli.serve import serve
from api.cli.unforeseen import SpokenGroup
from api.cli.zones import zones

main = typer.Typer(
    name="mikrozonasi",
    cls=SpokenGroup,
    help="Microzonation of a city down to the RT, day by day.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
main.add_typer(addresses, name="addresses")
main.add_typer(boundaries, name="boundaries")
main.add_typer(records, name="records")
main.add_typer(newcomers, name="newcomers")
main.add_typer(zones, name="zones")
main.add_typer(database, name="database")
main.command()(demo)
main.command()(serve)
main.command()(locate)
