"""Refuses to build a wheel without the files that are made and not kept in git."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

MADE = {
    "zoning/drawing/assets/vendor/leaflet/leaflet.js": "make setup",
    "api/pages/documentation_site/index.html": "make docs",
}
"""One file of each folder that is made, and the command that makes it."""


class MadeFiles(BuildHookInterface[Any]):
    """Looks for the page assets and the documentation before a wheel is built."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Stop where a folder is missing; an editable install makes them later.

        Raises
        ------
        FileNotFoundError
            With the command that makes what is missing.
        """
        if version == "editable":
            return
        for name, command in MADE.items():
            if not (Path(self.root) / name).is_file():
                raise FileNotFoundError(f"{name} is missing. Type `{command}`, then build again.")
