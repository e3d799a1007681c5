"""Texts of the page of a city, a kecamatan, a kelurahan or an RW."""

from typing import Final

from geodata.language import Bilingual

LEVELS: Final = {
    "kota": Bilingual("Kota", "City"),
    "kecamatan": Bilingual("Kecamatan", "Kecamatan"),
    "kelurahan": Bilingual("Kelurahan", "Kelurahan"),
    "rw": Bilingual("RW", "RW"),
}
"""Names of levels: before the name of an area, and as a heading."""
TEXTS: Final = {
    "title": Bilingual("{name}: warna setiap {zone}", "{name}: the colour of every {zone}"),
    "description": Bilingual(
        "{name} pada {day}: {counts}.",
        "{name} on {day}: {counts}.",
    ),
    "on_day": Bilingual("{n} {zone} pada {day}", "{n} {zone} on {day}"),
    "within": Bilingual("Terletak di", "Lies within"),
    "only_zones": Bilingual(
        "Aturan memberi warna pada {zone} saja, tidak pada {level}.",
        "The rule gives a colour to {zone} only, not to a {level}.",
    ),
    "parts": Bilingual("Menurut {level}", "By {level}"),
    "name": Bilingual("Nama", "Name"),
    "list": Bilingual("Daftar {zone} menurut warna", "List of {zone} by colour"),
    "list_of": Bilingual("Daftar {zone} {colour}", "List of {colour} {zone}"),
    "number_of": Bilingual("{n} {zone} {colour}", "{n} {colour} {zone}"),
    "none_of": Bilingual("Tidak ada {zone} {colour}.", "There is no {colour} {zone}."),
    "show": Bilingual("Tampilkan {n} {zone} {colour}", "Show {n} {colour} {zone}"),
    "all_colours": Bilingual("Semua warna", "All colours"),
    "choose": Bilingual("Warna yang ditampilkan", "Colours shown"),
    "too_many": Bilingual(
        "{n} {zone} terlalu banyak untuk satu halaman. Pilih bagiannya, atau unduh daftarnya:",
        "{n} {zone} are too many for one page. Choose a part, or download the list:",
    ),
    "empty": Bilingual("Tidak ada {zone} di sini.", "There is no {zone} here."),
    "rule_link": Bilingual("Arti warna dan kewajibannya", "What the colours mean and require"),
}
