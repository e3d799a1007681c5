"""The document a map is written into: complete without any other site, whatever was added to it.

Folium's own figure loads a dozen scripts from elsewhere. This one knows a file of ours for every
script and style it lets through, and refuses the others.
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
_OURS: Final = frozenset(
    {LEAFLET_JS, LEAFLET_CSS, ZONES_CSS, ADDED_JS, ADDED_CSS, JQUERY_JS, *OWN_JS.values()}
)
_ELSEWHERE: Final = re.compile(r"/leaflet@1\.9\.\d+/dist/(leaflet\.(?:js|css))$")
_ENDS_SCRIPT: Final = re.compile("<(?=/script|!--)", re.IGNORECASE)
_PICTURE: Final = re.compile(r"url\(images/([a-z0-9-]+\.png)\)")


class Links(Protocol):
    """How a page comes by its scripts and styles."""

    def script(self, asset: str) -> Markup:
        """Markup that brings a script."""

    def style(self, asset: str) -> Markup:
        """Markup that brings a style."""


class Inlined:
    """Scripts and styles are part of the page, which then needs nothing else."""

    def script(self, asset: str) -> Markup:
        """Write a script out."""
        text = asset_text(asset)
        if "</script" in text.lower():
            raise AssetError(
                "asset-unsafe",
                f"{asset} holds an end of script; it cannot be inlined.",
                indonesian=f"{asset} memuat penutup script; aset itu tidak dapat disisipkan ke "
                "halaman.",
            )
        return Markup(f"<script>{text}</script>")  # noqa: S704  (a file of ours)

    def style(self, asset: str) -> Markup:
        """Write a style out, with its pictures."""
        text = _PICTURE.sub(_as_data, asset_text(asset))
        return Markup(f"<style>{text}</style>")  # noqa: S704  (a file of ours)


class PageFigure(Figure):
    """A figure whose document is ``template``, with every link mapped to a file of ours.

    Parameters
    ----------
    template
        Template of the document; it places ``html``, ``links`` and ``script``, and
        what else was added to the document in ``beside``.
    links
        Where scripts and styles come from.
    context
        What else the template names.
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
            ``unknown-asset`` if something on the map wants a script or style that is not ours.
        """
        for child in list(self._children.values()):
            child.render(**kwargs)
        # Rendered by folium from numbers, ids and JSON with its brackets escaped; what people add
        # to a notebook's map is theirs, but ends no script.
        script = _ENDS_SCRIPT.sub(r"<\\", self.script.render(**kwargs))
        return self._document.render(
            links=Markup("\n").join(self._markup(child) for child in self._wanted()),
            html=self._html(of_map=True),
            beside=self._html(of_map=False),
            script=Markup(script),  # noqa: S704
            **self._context,
        )

    def save(
        self,
        outfile: str | bytes | Path | BinaryIO,
        close_file: bool = True,  # noqa: FBT001, FBT002  (as branca has it)
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        """Write the document to a file, which stays as it was where the document is refused."""
        document = self.render(**kwargs).encode()
        if isinstance(outfile, str | bytes | Path):
            Path(os.fsdecode(outfile)).write_bytes(document)
            return
        outfile.write(document)
        if close_file:
            outfile.close()

    def _html(self, *, of_map: bool) -> Markup:
        """Markup of the map itself, or of what else was added to the document."""
        own = {child.get_name() for child in self._children.values()}
        parts = self.html._children.items()  # noqa: SLF001
        texts = [child.render() for name, child in parts if (name in own) == of_map]
        return Markup("".join(f"\n    {text}" for text in texts))  # noqa: S704

    def _wanted(self) -> list[Element]:
        return [child for name, child in self.header._children.items() if name != "meta_http"]  # noqa: SLF001

    def _markup(self, child: Element) -> Markup:
        if isinstance(child, JavascriptLink):
            return self._links.script(own_asset(child.url))
        if isinstance(child, CssLink):
            return self._links.style(own_asset(child.url))
        return Markup(child.render())  # noqa: S704  (folium's own text)


def is_own(asset: str) -> bool:
    """Whether something is the name of a file of ours that a map may bring."""
    return asset in _OURS


def own_asset(url: str) -> str:
    """Our file for a script or style that folium wants.

    Raises
    ------
    AssetError
        ``unknown-asset`` if there is none.
    """
    if is_own(url):
        return url
    leaflet = _ELSEWHERE.search(url)
    if leaflet is not None:
        return LEAFLET_JS if leaflet[1].endswith(".js") else LEAFLET_CSS
    raise AssetError(
        "unknown-asset",
        f"Something on the map wants {url}, which is not part of this project. Leave it out, or "
        "add its file to the page assets: maps here load nothing from other sites.",
        indonesian=f"Sesuatu di peta memerlukan {url}, yang bukan bagian proyek ini. Hapus dari "
        "peta, atau tambahkan berkasnya ke aset halaman: peta di sini tidak memuat apa pun "
        "dari situs lain.",
    )


def _as_data(found: "re.Match[str]") -> str:
    picture = (FOLDER / "vendor" / "leaflet" / "images" / found[1]).read_bytes()
    return f"url(data:image/png;base64,{base64.b64encode(picture).decode()})"
