"""The document of a map, which loads nothing from other sites.

Folium's figure loads a dozen scripts from other sites. `PageFigure` maps each script and style to a
file of ours, and rejects all others.
"""

import base64
import os
import re
from pathlib import Path
from typing import Any, BinaryIO, Final, Protocol

from branca.element import CssLink, Element, Figure, JavascriptLink
from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from zoning.drawing.assets import (
    ADDED_CSS,
    ADDED_JS,
    FOLDER,
    JQUERY_JS,
    KEPT_JS,
    LEAFLET_CSS,
    LEAFLET_JS,
    OWN_JS,
    ZONES_CSS,
    AssetError,
    asset_text,
)

TEMPLATES: Final = Environment(
    loader=PackageLoader("zoning.drawing"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_OWN_ASSETS: Final = frozenset(
    {LEAFLET_JS, LEAFLET_CSS, ZONES_CSS, KEPT_JS, ADDED_JS, ADDED_CSS, JQUERY_JS, *OWN_JS.values()}
)
_LEAFLET_CDN: Final = re.compile(r"/leaflet@1\.9\.\d+/dist/(leaflet\.(?:js|css))$")
_SCRIPT_END: Final = re.compile("<(?=/script|!--)", re.IGNORECASE)
_PICTURE_URL: Final = re.compile(r"url\(images/([a-z0-9-]+\.png)\)")


class Links(Protocol):
    """How a page gets its scripts and styles."""

    def script(self, asset: str) -> Markup:
        """Markup of a script."""

    def style(self, asset: str) -> Markup:
        """Markup of a style."""


class InlineLinks:
    """Scripts and styles inside the page, which then needs no other file."""

    def script(self, asset: str) -> Markup:
        """An inline script."""
        text = asset_text(asset)
        if "</script" in text.lower():
            raise AssetError(
                "asset-unsafe",
                f"The asset {asset} contains </script, so it cannot be put into a page. Remove "
                "that text from the file.",
                indonesian=f"Aset {asset} memuat </script, jadi tidak dapat disisipkan ke halaman. "
                "Hapus teks itu dari berkasnya.",
            )
        return Markup(f"<script>{text}</script>")  # noqa: S704  (a file of ours)

    def style(self, asset: str) -> Markup:
        """An inline style, with its pictures as data URLs."""
        text = _PICTURE_URL.sub(_to_data_url, asset_text(asset))
        return Markup(f"<style>{text}</style>")  # noqa: S704  (a file of ours)


class PageFigure(Figure):
    """A figure that renders ``template``, with every link mapped to a file of ours.

    Parameters
    ----------
    template
        Template of the document, with the variables ``html``, ``links``, ``script``, and
        ``additions`` for all other elements of the document.
    links
        Source of scripts and styles.
    context
        Further variables of the template.
    """

    def __init__(self, template: Template, links: Links, context: dict[str, Any]) -> None:
        super().__init__(height="640px")
        self._document = template
        self._links = links
        self._context = context

    def render(self, **kwargs: Any) -> str:  # noqa: ANN401
        """Write the document.

        Raises
        ------
        AssetError
            ``unknown-asset`` if an element needs a script or style that is not ours.
        """
        for child in list(self._children.values()):
            child.render(**kwargs)
        # Safe: folium renders numbers, ids and JSON with escaped brackets. Elements that users add
        # may contain any text, but must not end the script.
        script = _SCRIPT_END.sub(r"<\\", self.script.render(**kwargs))
        return self._document.render(
            links=Markup("\n").join(self._markup(child) for child in self._header_elements()),
            html=self._html(of_map=True),
            additions=self._html(of_map=False),
            script=Markup(script),  # noqa: S704
            **self._context,
        )

    def save(
        self,
        outfile: str | bytes | Path | BinaryIO,
        close_file: bool = True,  # noqa: FBT001, FBT002  (as in branca)
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        """Write the document to a file; the file is unchanged if the document is rejected."""
        document = self.render(**kwargs).encode()
        if isinstance(outfile, str | bytes | Path):
            Path(os.fsdecode(outfile)).write_bytes(document)
            return
        outfile.write(document)
        if close_file:
            outfile.close()

    def _html(self, *, of_map: bool) -> Markup:
        """Markup of the map, or of all other elements of the document."""
        own_names = {child.get_name() for child in self._children.values()}
        elements = self.html._children.items()  # noqa: SLF001
        texts = [child.render() for name, child in elements if (name in own_names) == of_map]
        return Markup("".join(f"\n    {text}" for text in texts))  # noqa: S704

    def _header_elements(self) -> list[Element]:
        return [child for name, child in self.header._children.items() if name != "meta_http"]  # noqa: SLF001

    def _markup(self, child: Element) -> Markup:
        if isinstance(child, JavascriptLink):
            return self._links.script(own_asset(child.url))
        if isinstance(child, CssLink):
            return self._links.style(own_asset(child.url))
        return Markup(child.render())  # noqa: S704  (text of folium)


def is_own(asset: str) -> bool:
    """Whether a name is a file of ours for maps."""
    return asset in _OWN_ASSETS


def own_asset(url: str) -> str:
    """Our file for a URL of a script or style in folium.

    Raises
    ------
    AssetError
        ``unknown-asset`` if we have no such file.
    """
    if is_own(url):
        return url
    leaflet = _LEAFLET_CDN.search(url)
    if leaflet is not None:
        return LEAFLET_JS if leaflet[1].endswith(".js") else LEAFLET_CSS
    raise AssetError(
        "unknown-asset",
        f"An element of the map needs {url}, which is not part of this project. Leave it out, or "
        "add its file to the page assets: maps here load nothing from other sites.",
        indonesian=f"Sebuah elemen peta memerlukan {url}, yang bukan bagian proyek ini. Hapus dari "
        "peta, atau tambahkan berkasnya ke aset halaman: peta di sini tidak memuat apa pun "
        "dari situs lain.",
    )


def _to_data_url(match: "re.Match[str]") -> str:
    picture = (FOLDER / "vendor" / "leaflet" / "images" / match[1]).read_bytes()
    return f"url(data:image/png;base64,{base64.b64encode(picture).decode()})"
