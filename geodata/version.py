"""The version of the project, for all packages."""

from importlib.metadata import version
from typing import Final

VERSION: Final = version("mikrozonasi")
