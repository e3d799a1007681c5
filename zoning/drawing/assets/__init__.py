"""Scripts, styles and pictures of the maps, all from files in this folder.

Our own files are in git. ``python -m zoning.drawing.assets`` copies the files of other projects
into ``vendor``; a built wheel contains them. Nothing is loaded from another site.
"""

from pathlib import Path
from typing import Final

from geodata.errors import MikrozonasiError

FOLDER: Final = Path(__file__).parent
VENDOR: Final = FOLDER / "vendor"
LEAFLET_JS: Final = "vendor/leaflet/leaflet.js"
LEAFLET_CSS: Final = "vendor/leaflet/leaflet.css"
OWN_JS: Final = {
    name: f"own/{name}.js"
    for name in (
        "say",
        "packing",
        "located",
        "popups",
        "served",
        "lines",
        "numbers",
        "position",
        "places",
        "layers",
        "timeline",
        "days",
        "leaving",
        "preparing",
        "zones",
    )
}
"""Scripts of the map, in loading order; the first defines ``mikrozonasi``."""
KEPT_JS: Final = "own/kept.js"
"""For a map that has all zones in its page; the map of a server does without."""
ZONES_CSS: Final = "own/zones.css"
ADDED_JS: Final = "own/added.js"
ADDED_CSS: Final = "own/added.css"
"""For elements that users add to a notebook's map."""
JQUERY_JS: Final = "vendor/jquery/jquery.min.js"
"""For folium's popups."""


class AssetError(MikrozonasiError):
    """A file of a page is missing, or a page requests a file that is not ours."""


def asset_text(name: str) -> str:
    """Text of one asset, to put inside a page.

    Raises
    ------
    AssetError
        ``assets-missing`` if the file is not copied yet.
    """
    path = FOLDER / name
    if not path.is_file():
        raise AssetError(
            "assets-missing",
            f"The page asset {name} is missing. Run `make setup` "
            "(or `python -m zoning.drawing.assets`) once.",
            indonesian=f"Aset halaman {name} tidak ada. Jalankan `make setup` (atau `python -m "
            "zoning.drawing.assets`) sekali.",
        )
    return path.read_text(encoding="utf-8")
