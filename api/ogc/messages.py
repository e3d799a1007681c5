"""Labels of the pages of OGC API, in Indonesian and English."""

from typing import Final

from geodata.language import Bilingual
from zoning.drawing.messages import map_title

ABOUT: Final = Bilingual(
    "Layanan OGC API: zona per wilayah dan hari serta tempat layanan, untuk QGIS, GDAL dan "
    "aplikasi lain.",
    "OGC API: zones by area and day, and places, for QGIS, GDAL and other applications.",
)
LABELS: Final = {
    "service": Bilingual("Layanan OGC API", "OGC API"),
    "collections": Bilingual("Koleksi", "Collections"),
    "conformance": Bilingual("Kesesuaian standar", "Conformance"),
    "documentation": Bilingual("Dokumentasi", "Documentation"),
    "queryables": Bilingual("Kolom untuk penyaring", "Queryables"),
    "schema": Bilingual("Skema", "Schema"),
    "items": Bilingual("Fitur", "Features"),
    "features": Bilingual("Lihat fitur", "Browse the features"),
    "tiles": Bilingual("Tile", "Tiles"),
    "pictures": Bilingual("Tile gambar", "Picture tiles"),
    "schemes": Bilingual("Skema tile", "Tile matrix sets"),
    "layer": Bilingual("Lapisan", "Layer"),
    "cell": Bilingual("Ukuran piksel", "Size of a pixel"),
    "template": Bilingual("Alamat tile", "Address of a tile"),
    "map": Bilingual("Peta", "Map"),
    "crs": Bilingual("Sistem koordinat", "Coordinate systems"),
    "extent": Bilingual("Cakupan", "Extent"),
    "days": Bilingual("Hari", "Days"),
    "property": Bilingual("Kolom", "Property"),
    "meaning": Bilingual("Arti", "Meaning"),
    "kind": Bilingual("Jenis", "Kind"),
    "matched": Bilingual("cocok", "matched"),
    "shown": Bilingual("di halaman ini", "on this page"),
    "none": Bilingual("Tidak ada yang cocok.", "Nothing matches."),
    "next": Bilingual("Berikutnya", "Next"),
    "prev": Bilingual("Sebelumnya", "Previous"),
    "clients": Bilingual("Dari QGIS, GDAL, Python", "From QGIS, GDAL, Python"),
    "address": Bilingual("Alamat layanan", "Address of the service"),
}


def service_title(city: str, disease: Bilingual) -> Bilingual:
    """Title of the service of a city."""
    title = map_title(disease)
    return Bilingual(f"{title.id}, {city}", f"{title.en}, {city}")


def join_languages(text: Bilingual) -> str:
    """Both languages in one text."""
    return f"{text.id} · {text.en}"
