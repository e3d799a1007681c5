"""The guide for embedding the map in another site: live examples with their code."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal, NamedTuple
from urllib.parse import urlencode

from api.pages.assets import GUIDE_CSS, GUIDE_JS
from api.pages.rendering import TEMPLATES, ServedAssets
from geodata.boundaries import Boundaries
from geodata.errors import NotFoundError
from geodata.language import Bilingual, Language
from zoning.drawing.assets import ZONES_CSS
from zoning.drawing.messages import words_for
from zoning.drawing.palette import INK, MAP_BACKGROUND, class_tints
from zoning.drawing.view import Size
from zoning.risk import Classes

HEIGHT: Final = 600
"""Default height of a frame in pixels."""


class Example(NamedTuple):
    """A map library and its example."""

    name: str
    title: str
    tiles: Bilingual
    """The kind of tiles that the example shows."""
    text: Bilingual


EXAMPLES: Final = (
    Example(
        "leaflet",
        "Leaflet",
        Bilingual("gambar (PNG)", "pictures (PNG)"),
        Bilingual(
            "Gambar tiap zona dengan pola bagi yang buta warna. Klik bertanya ke server: RT mana?",
            "Pictures of the zones, with patterns for the colour-blind. A click asks the server: "
            "which RT?",
        ),
    ),
    Example(
        "maplibre",
        "MapLibre",
        Bilingual("tile vektor (MVT)", "vector tiles (MVT)"),
        Bilingual(
            "Tile vektor berisi nama, kode dan risiko; warnanya Anda tentukan sendiri.",
            "Vector tiles hold name, code and risk; the colours are yours to choose.",
        ),
    ),
    Example(
        "openlayers",
        "OpenLayers",
        Bilingual("tile vektor (MVT)", "vector tiles (MVT)"),
        Bilingual(
            "Tile yang sama; klik dijawab dari tile itu, tanpa bertanya ke server.",
            "The same tiles; a click is answered from them, without asking the server.",
        ),
    ),
)
_PARAMETERS: Final = (
    ("area", "33.74.06", "kode wilayah yang ditonjolkan", "code of the area to highlight"),
    ("lang", "id, en", "bahasa yang didahulukan", "first language"),
    (
        "date",
        "latest, 2021-07-15",
        "hari; terbaru bila tidak ditulis",
        "day; by default the newest day",
    ),
    ("legend", "true, closed, false", "legenda", "legend"),
    ("size", "full, compact", "dengan atau tanpa geser hari", "with or without the slider of days"),
    ("pattern", "true, false", "pola di atas warna", "patterns over the colours"),
)


@dataclass(frozen=True)
class EmbedOptions:
    """Options of the line of HTML that embeds the map."""

    area: str | None = None
    maplang: Language = "id"
    legend: Literal["true", "closed", "false"] = "true"
    size: Size = "full"
    height: int = HEIGHT
    day: date | None = None

    @property
    def query(self) -> str:
        """The query of the address of the map: the options that are not the defaults of the map."""
        defaults = {"lang": "id", "legend": "true", "size": "full"}
        values = {
            "area": self.area,
            "lang": self.maplang,
            "date": None if self.day is None else self.day.isoformat(),
            "legend": self.legend,
            "size": self.size,
        }
        query = {
            name: value
            for name, value in values.items()
            if value is not None and value != defaults.get(name)
        }
        return f"?{urlencode(query)}" if query else ""


class Site(NamedTuple):
    """The application as other sites see it.

    Attributes
    ----------
    path, url
        Path and full address of the application, without a final slash.
    assets
        Path of the page assets of this release.
    frame_ancestors, cors_origins
        Sites that may show the map in a frame, and sites whose scripts may read public answers.
    classes, disease
        Risk classes and disease of the city's rules.
    """

    path: str
    url: str
    assets: str
    frame_ancestors: tuple[str, ...]
    cors_origins: tuple[str, ...]
    classes: Classes
    disease: Bilingual


def guide_page(
    site: Site,
    boundaries: Boundaries,
    days: tuple[date, date],
    options: EmbedOptions,
    language: Language,
) -> str:
    """The page of the guide.

    Parameters
    ----------
    days
        The first and the last published day.

    Raises
    ------
    NotFoundError
        ``no-area`` if the area of `options` does not exist.
    """
    if options.area is not None:
        boundaries.area(options.area)
    links = ServedAssets(site.assets)
    city = " · ".join(boundaries.level("kota")["name"])
    words = words_for("rt", site.disease)
    return TEMPLATES.get_template("guide.html").render(
        links=links.style(ZONES_CSS) + links.style(GUIDE_CSS),
        scripts=links.script(GUIDE_JS),
        language=language,
        words={name: word._asdict() for name, word in words.items()},
        city=city,
        base=site.path,
        options=options,
        src=f"{site.url}/embed{options.query}",
        title=f"{words['title'].text(options.maplang)}, {city}",
        first=days[0],
        last=days[1],
        areas=_areas(boundaries),
        parameters=_PARAMETERS,
        examples=[
            {
                **example._asdict(),
                "code": example_page(example.name, site.url, boundaries, site.classes),
            }
            for example in EXAMPLES
        ],
        addresses=_addresses(site.url),
        frame_ancestors=" ".join(site.frame_ancestors) or "-",
        cors_origins=" ".join(site.cors_origins) or "-",
    )


def example_page(name: str, base: str, boundaries: Boundaries, classes: Classes) -> str:
    """A complete page with a map of one library, which the guide shows as code and as a frame.

    Parameters
    ----------
    base
        Address of the application.
    classes
        Risk classes that the map shows.

    Raises
    ------
    NotFoundError
        ``no-example`` for a name that is not in `EXAMPLES`.
    """
    if name not in {example.name for example in EXAMPLES}:
        raise NotFoundError(
            "no-example",
            "There is no such example. /embed/guide has all examples.",
            indonesian="Tidak ada contoh itu. Semua contoh ada di /embed/guide.",
        )
    west, south, east, north = boundaries.areas.total_bounds.round(4).tolist()
    tints = class_tints(classes)
    return TEMPLATES.get_template(f"examples/{name}.html").render(
        base=base,
        west=west,
        south=south,
        east=east,
        north=north,
        ground=MAP_BACKGROUND,
        ink=INK,
        tints=tints,
        fills=[tint.fill for tint in tints],
        names=[tint.id for tint in tints],
    )


def _areas(boundaries: Boundaries) -> list[dict[str, Any]]:
    """The kecamatan sorted by name, each with its kelurahan."""
    kelurahan = boundaries.level("kelurahan").sort_values("name")
    kecamatan = boundaries.level("kecamatan").sort_values("name")
    return [
        {
            "code": code,
            "name": name,
            "kelurahan": kelurahan.loc[kelurahan["parent"] == code, ["code", "name"]].to_dict(
                "records"
            ),
        }
        for code, name in zip(kecamatan["code"], kecamatan["name"], strict=True)
    ]


def _addresses(base: str) -> list[dict[str, Any]]:
    """Addresses for other programs, each with a name and instructions."""
    addresses = (
        (
            f"{base}/tiles/latest/{{z}}/{{x}}/{{y}}.mvt",
            Bilingual("Tile vektor", "Vector tiles"),
            Bilingual(
                "QGIS: Layer > Tambah Lapisan > Add Vector Tile Layer…, New > New Generic "
                "Connection…, zoom 8 sampai 16, dan alamat gaya sebagai Style URL. Tile tidak "
                "menyebut letaknya: buka dulu satu lapisan OGC API.",
                "QGIS: Layer > Add Layer > Add Vector Tile Layer…, New > New Generic Connection…, "
                "zoom 8 to 16, and the address of the style as Style URL. Tiles do not say where "
                "they lie: open a layer of the OGC API first.",
            ),
        ),
        (
            f"{base}/tilestyle",
            Bilingual("Gaya tile vektor", "Style of the vector tiles"),
            Bilingual(
                "Warna dan batas: Style URL di QGIS, style di MapLibre.",
                "Colours and borders: Style URL in QGIS, style in MapLibre.",
            ),
        ),
        (
            f"{base}/tiles/latest/{{z}}/{{x}}/{{y}}.png?pattern=true",
            Bilingual("Gambar (XYZ)", "Pictures (XYZ)"),
            Bilingual(
                "QGIS: Layer > Tambah Lapisan > Add XYZ Layer…, New, zoom 8 sampai 18; pilih "
                "sambungan itu, lalu Add.",
                "QGIS: Layer > Add Layer > Add XYZ Layer…, New, zoom 8 to 18; choose that "
                "connection, then Add.",
            ),
        ),
        (
            f"{base}/ogc",
            Bilingual("OGC API Features dan Tiles", "OGC API Features and Tiles"),
            Bilingual(
                "QGIS: Layer > Tambah Lapisan > Add WFS Layer… (pada versi baru Add WFS / OGC API "
                "- Features Layer…), New, Connect, pilih lapisan, Add. Hari lain: klik kanan "
                "lapisan > Filter…, \"date\" = '2021-07-15'. Juga untuk GDAL (OAPIF:).",
                "QGIS: Layer > Add Layer > Add WFS Layer… (in newer versions Add WFS / OGC API - "
                "Features Layer…), New, Connect, choose a layer, Add. Another day: right-click "
                "the layer > Filter…, \"date\" = '2021-07-15'. Also for GDAL (OAPIF:).",
            ),
        ),
        (
            f"{base}/tilejson?format=mvt",
            Bilingual("TileJSON", "TileJSON"),
            Bilingual(
                "Untuk pustaka peta; date=2021-07-15 memberi tile hari itu, yang tidak pernah "
                "berubah.",
                "For map libraries; date=2021-07-15 gives that day's tiles, which never change.",
            ),
        ),
    )
    return [
        {"url": url, "name": name._asdict(), "instructions": instructions._asdict()}
        for url, name, instructions in addresses
    ]
