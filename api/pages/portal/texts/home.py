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
    "compared": Bilingual("Dibanding {day}", "Compared with {day}"),
    "not_compared": Bilingual(
        "Hari sebelumnya tidak diterbitkan.", "The day before is not published."
    ),
    "change_up": Bilingual("bertambah {n}", "{n} more"),
    "change_down": Bilingual("berkurang {n}", "{n} fewer"),
    "change_none": Bilingual("tetap", "unchanged"),
    "count": Bilingual("{n} RT", "{n} RT"),
    "curve": Bilingual("RT berwarna, {n} hari", "Coloured RT, {n} days"),
    "curve_described": Bilingual(
        "Jumlah RT di atas warna terendah, {first} sampai {last}. Terbanyak {most} RT.",
        "Number of RT above the lowest colour, {first} to {last}. At most {most} RT.",
    ),
    "peak": Bilingual("puncak {n} RT", "peak {n} RT"),
    "table": Bilingual("Angka per hari", "Numbers by day"),
    "day": Bilingual("Hari", "Day"),
    "doctor": Bilingual("Bicara dengan dokter", "Talk to a doctor"),
}
