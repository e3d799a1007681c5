"""The command ``mikrozonasi``: one module a group of commands, each a thin face of the engine."""

from api.cli.main import main

__all__ = ["main"]
