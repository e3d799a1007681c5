"""The map that users extend with Folium elements: in a notebook, a file or their own figure."""

from html import escape
from pathlib import Path
from typing import Any, BinaryIO, Final

from branca.element import Element, Figure

from zoning.drawing.assets import ADDED_CSS, ADDED_JS, KEPT_JS, AssetError
from zoning.drawing.figure import PageFigure
from zoning.drawing.folium_additions import add_jquery, check_additions
from zoning.drawing.zone_map import ZoneMap

_FULL_HEIGHT_STYLE: Final = "<style>html, body { height: 100%; margin: 0; }</style>"
_FRAME: Final = (
    '<iframe srcdoc="{}" title="{}" allowfullscreen '
    'style="display: block; width: 100%; height: 100%; border: 0;"></iframe>'
)


class NotebookMap(ZoneMap):
    """A map of zones that accepts the elements that `zoning.drawing.folium_additions` allows."""

    def __init__(self, page: PageFigure, **options: Any) -> None:  # noqa: ANN401
        super().__init__(page, **options)
        # Lists of this instance: folium's add_js_link changes them.
        self.default_js = [*ZoneMap.default_js, ("kept", KEPT_JS), ("added", ADDED_JS)]
        self.default_css = [*ZoneMap.default_css, ("added_css", ADDED_CSS)]

    def render(self, **kwargs: Any) -> str:  # noqa: ANN401
        """Write the map into its document, or as a frame into another figure.

        Raises
        ------
        AssetError
            ``unknown-asset`` for an added element that needs another site, ``map-in-map`` if the
            parent is not a figure.
        """
        if self._parent is self.page:
            check_additions(self)
            super().render(**kwargs)  # type: ignore[no-untyped-call]  # folium's
            add_jquery(self.page)
        elif isinstance(self._parent, Figure):
            self._frame(self._parent)
        else:
            raise AssetError(
                "map-in-map",
                "A map of the city stands alone or in a folium.Figure, not in another map. For "
                "two maps side by side, make two figures.",
                indonesian="Peta kota berdiri sendiri atau di dalam folium.Figure, tidak di "
                "dalam peta lain. Untuk dua peta berdampingan, buat dua figure.",
            )
        return ""  # as in folium: the output goes to the figure

    def save(
        self,
        outfile: str | bytes | Path | BinaryIO,
        close_file: bool = True,  # noqa: FBT001, FBT002  (as in branca)
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        """Write the document to a file; the file is unchanged if the map is rejected."""
        self.get_root().save(outfile, close_file, **kwargs)

    def _frame(self, figure: Figure) -> None:
        self._parent = self.page
        try:
            document = self.page.render()
        finally:
            self._parent = figure
        # branca renders its input as a template once more, and names may contain braces.
        escaped = escape(document).replace("{", "&#123;")
        frame = _FRAME.format(escaped, "Peta zona / Map of zones")
        figure.header.add_child(Element(_FULL_HEIGHT_STYLE), name="filling")
        figure.html.add_child(Element(frame), name=self.get_name())
