"""The map people go on drawing on: in a notebook, in a file, in a figure of their own."""

from html import escape
from pathlib import Path
from typing import Any, BinaryIO, Final

from branca.element import Element, Figure

from zoning.drawing.assets import ADDED_CSS, ADDED_JS, AssetError
from zoning.drawing.figure import PageFigure
from zoning.drawing.folium_additions import bring_jquery, let_in
from zoning.drawing.zone_map import ZoneMap

_FILLING: Final = "<style>html, body { height: 100%; margin: 0; }</style>"
_FRAME: Final = (
    '<iframe srcdoc="{}" title="{}" allowfullscreen '
    'style="display: block; width: 100%; height: 100%; border: 0;"></iframe>'
)


class NotebookMap(ZoneMap):
    """A map of zones that takes what `zoning.drawing.folium_additions` allows."""

    def __init__(self, page: PageFigure, **options: Any) -> None:  # noqa: ANN401
        super().__init__(page, **options)
        # Its own lists: folium's add_js_link writes into them.
        self.default_js = [*ZoneMap.default_js, ("added", ADDED_JS)]
        self.default_css = [*ZoneMap.default_css, ("added_css", ADDED_CSS)]

    def render(self, **kwargs: Any) -> str:  # noqa: ANN401
        """Write the map into its document; into another figure, as a frame with that document.

        Raises
        ------
        AssetError
            ``unknown-asset`` for what was added and needs another site, ``map-in-map`` for a map
            that hangs on anything but a figure.
        """
        if self._parent is self.page:
            let_in(self)
            super().render(**kwargs)  # type: ignore[no-untyped-call]  # folium's
            bring_jquery(self.page)
        elif isinstance(self._parent, Figure):
            self._frame(self._parent)
        else:
            raise AssetError(
                "map-in-map",
                "A map of the city stands alone or in a folium.Figure, not in another map. For "
                "two beside each other make two figures.",
                indonesian="Peta kota berdiri sendiri atau di dalam folium.Figure, tidak di "
                "dalam peta lain. Untuk dua peta berdampingan, buat dua figure.",
            )
        return ""  # as folium's: what it writes goes to the figure

    def save(
        self,
        outfile: str | bytes | Path | BinaryIO,
        close_file: bool = True,  # noqa: FBT001, FBT002  (as branca has it)
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        """Write the document to a file, which stays as it was where the map is refused."""
        self.get_root().save(outfile, close_file, **kwargs)

    def _frame(self, figure: Figure) -> None:
        self._parent = self.page
        try:
            document = self.page.render()
        finally:
            self._parent = figure
        # branca reads what it is given as a template once more, and names may hold braces.
        inside = escape(document).replace("{", "&#123;")
        frame = _FRAME.format(inside, "Peta zona / Map of zones")
        figure.header.add_child(Element(_FILLING), name="filling")
        figure.html.add_child(Element(frame), name=self.get_name())
