"""The file of polygons that commands take, and how to read it."""

from pathlib import Path
from typing import Annotated

import typer

File = Annotated[
    Path, typer.Argument(help="GeoJSON, GeoPackage, Shapefile (.shp or .zip) or GeoParquet.")
]
Crs = Annotated[
    str | None,
    typer.Option(help="Coordinate system, for instance EPSG:32749; wins over what the file says."),
]
Layer = Annotated[str | None, typer.Option(help="Which layer, where the file holds several.")]
