"""The command ``serve``: the application over HTTP, from one process."""

from typing import Annotated

import typer
import uvicorn

from api.app import create_app
from api.cli.output import DEFAULT_DATABASE, Database, say, spoken_errors
from api.settings import Settings
from geodata.store import open_store

Port = Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")]
Host = Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for every one.")]


def serve(
    database: Database = DEFAULT_DATABASE, port: Port = 8000, host: Host = "127.0.0.1"
) -> None:
    """Serve the city: its map, its zones, its answers."""
    with spoken_errors():
        # Looked at before the server starts, so that a wrong address is a sentence, not a log.
        open_store(database).close()
        listen(database, host=host, port=port)


def listen(database: str, *, host: str, port: int) -> None:
    """Run the server until it is told to stop."""
    app = create_app(Settings(database=database))
    say(f"http://localhost:{port}/ shows the city. Stop with Ctrl+C.")
    uvicorn.run(app, host=host, port=port, log_level="warning")
