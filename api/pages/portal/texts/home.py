"""Texts of the first page."""

from typing import Final

from geodata.language import Bilingual

TEXTS: Final = {
    "title": Bilingual("Apa warna RT saya hari ini?", "What colour is my RT today?"),
    "description": Bilingual(
        "Warna setiap RT, kewajibannya, dan tempat bantuan terdekat.",
        "The colour of every RT, its duties, and the nearest help.",
    ),
    "city_today": Bilingual("Kota pada {day}", "The city on {day}"),
    "by_area": Bilingual("Menurut wilayah", "By area"),
    "doctor": Bilingual("Bicara dengan dokter", "Talk to a doctor"),
}
