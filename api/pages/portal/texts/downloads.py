"""Texts of the links to files with the colours."""

from typing import Final

from geodata.language import Bilingual

TEXTS: Final = {
    "downloads": Bilingual("Unduh", "Download"),
    "download_day_csv": Bilingual(
        "Warna setiap {zone} pada {day}, tabel CSV", "The colour of every {zone} on {day}, CSV"
    ),
    "download_day_geojson": Bilingual(
        "Warna setiap {zone} pada {day} dengan batasnya, GeoJSON",
        "The colour of every {zone} on {day} with its borders, GeoJSON",
    ),
    "download_days_csv": Bilingual(
        "Jumlah {zone} setiap warna per hari, tabel CSV",
        "Number of {zone} of every colour by day, CSV",
    ),
    "download_days_json": Bilingual(
        "Jumlah {zone} setiap warna per hari, JSON", "Number of {zone} of every colour by day, JSON"
    ),
}
