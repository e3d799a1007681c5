"""Scripts and styles that only pages of the application use.

What a map needs is in `zoning.drawing.assets`; the application serves both under ``/assets``.
"""

from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "own"
"""Everything in it is public; no module may lie there."""
GUIDE_JS: Final = "own/guide.js"
GUIDE_CSS: Final = "own/guide.css"
OGC_CSS: Final = "own/ogc.css"
"""Addresses under ``/assets``."""
