"""Scripts and styles of the pages of the application.

Scripts and styles of a map are in `zoning.drawing.assets`; the application serves both folders
under ``/assets``.
"""

from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "own"
"""Every file in this folder is public, so the folder has no modules."""
GUIDE_JS: Final = "own/guide.js"
GUIDE_CSS: Final = "own/guide.css"
OGC_CSS: Final = "own/ogc.css"
"""Addresses under ``/assets``."""
