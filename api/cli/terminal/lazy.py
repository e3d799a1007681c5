"""Commands whose module is imported when the command runs.

The libraries behind the commands take seconds to import. A list of commands needs none of them.
"""

from functools import cached_property
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand

from api.cli.terminal.language import localised
from api.cli.terminal.typer_texts import LocalisedCommand


class LazyCommand(LocalisedCommand):
    """Name and help text of a command, without its options; loads the command when it runs."""

    target: str
    """Module and function of the command."""

    @cached_property
    def loaded(self) -> TyperCommand:
        """The command with its options."""
        module, _, function = self.target.partition(":")
        app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        app.command(self.name, cls=LocalisedCommand, help=self.help)(
            getattr(import_module(module), function)
        )
        command = typer.main.get_command(app)
        assert isinstance(command, TyperCommand)  # noqa: S101  (typer returns the only command)
        return command

    def make_context(self, *args: Any, **extra: Any) -> Any:  # noqa: ANN401  (the type of click)
        """Begin to run the loaded command."""
        return self.loaded.make_context(*args, **extra)


def loaded_command(command: Any) -> Any:  # noqa: ANN401  (a command or a group of typer)
    """The command with its options; loads a `LazyCommand`."""
    return command.loaded if isinstance(command, LazyCommand) else command


def add_command(group: typer.Typer, name: str, target: str, indonesian: str, english: str) -> None:
    """Add a command to a group.

    Parameters
    ----------
    target
        Module and function of the command: ``api.cli.serve:serve``.
    indonesian, english
        The help text of the command. Lists of commands show its first paragraph.
    """
    # Typer makes commands from classes, so each command has a class of its own.
    command_class: type[LazyCommand] = type("LazyCommand", (LazyCommand,), {"target": target})
    group.command(name, cls=command_class, help=localised(indonesian, english))(_placeholder)


def _placeholder() -> None:
    """Never runs: typer needs a function, and `LazyCommand` runs the loaded command."""
