"""Commands whose modules are imported when a command runs, and not for a list of commands.

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
    """Stands for a command in a list until the command runs."""

    target: str
    """Module and function of the command."""

    @cached_property
    def whole(self) -> TyperCommand:
        """The command itself, with its options."""
        module, _, function = self.target.partition(":")
        alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        alone.command(self.name, cls=LocalisedCommand, help=self.help)(
            getattr(import_module(module), function)
        )
        command = typer.main.get_command(alone)
        assert isinstance(command, TyperCommand)  # noqa: S101  (an app of one command is that one)
        return command

    def make_context(self, *args: Any, **extra: Any) -> Any:  # noqa: ANN401  (click's own)
        """Begin to run the command itself."""
        return self.whole.make_context(*args, **extra)


def whole_command(command: Any) -> Any:  # noqa: ANN401  (a command or a group of typer)
    """A command with its options, where `command` stands for a command in a list."""
    return command.whole if isinstance(command, LazyCommand) else command


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
    of_target: type[LazyCommand] = type("LazyCommand", (LazyCommand,), {"target": target})
    group.command(name, cls=of_target, help=localised(indonesian, english))(_nothing)


def _nothing() -> None:
    """Never runs: `LazyCommand` runs the command that it stands for."""
