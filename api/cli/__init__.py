"""The command ``mikrozonasi``: each module reads options, calls the engine, prints the result."""

from api.cli.main import main

__all__ = ["main"]
