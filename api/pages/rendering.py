"""Templates of pages, and links to the scripts and styles that the application serves."""

from typing import Final

from jinja2 import ChoiceLoader, PackageLoader
from markupsafe import Markup

from zoning.drawing.figure import TEMPLATES as MAP_TEMPLATES

TEMPLATES: Final = MAP_TEMPLATES.overlay(
    loader=ChoiceLoader([PackageLoader("api.pages"), PackageLoader("zoning.drawing")])
)
"""Templates of the pages, and templates of the map, which pages extend."""


class ServedAssets:
    """Links to scripts and styles that the application serves; see `zoning.drawing.figure.Links`.

    Parameters
    ----------
    assets
        Path of the assets of a release.
    """

    def __init__(self, assets: str) -> None:
        self._assets = assets

    def script(self, asset: str) -> Markup:
        """Link to a script."""
        return Markup('<script src="{}/{}"></script>').format(self._assets, asset)

    def style(self, asset: str) -> Markup:
        """Link to a style."""
        return Markup('<link rel="stylesheet" href="{}/{}">').format(self._assets, asset)
