"""Texts of the number of zones of each colour and of their curve, on more than one page."""

from typing import Final

from geodata.language import Bilingual

TEXTS: Final = {
    "compared": Bilingual("Dibanding {day}", "Compared with {day}"),
    "not_compared": Bilingual(
        "Hari sebelumnya tidak diterbitkan.", "The day before is not published."
    ),
    "change_up": Bilingual("bertambah {n}", "{n} more"),
    "change_down": Bilingual("berkurang {n}", "{n} fewer"),
    "change_none": Bilingual("tetap", "unchanged"),
    "curve": Bilingual("{zone} berwarna, {n} hari", "Coloured {zone}, {n} days"),
    "curve_described": Bilingual(
        "Jumlah {zone} di atas warna terendah, {first} sampai {last}. Terbanyak {most} {zone}.",
        "Number of {zone} above the lowest colour, {first} to {last}. At most {most} {zone}.",
    ),
    "curve_read": Bilingual("Baca kurva hari demi hari", "Read the curve day by day"),
    "curve_hint": Bilingual(
        "Geser jari di kurva, atau pakai tombol panah.",
        "Move a finger along the curve, or use the arrow keys.",
    ),
    "curve_incomplete": Bilingual(
        "{n} hari terakhir (bergaris) belum lengkap: laporan masih datang.",
        "The last {n} days (hatched) are incomplete: reports are still arriving.",
    ),
    "incomplete": Bilingual("belum lengkap", "incomplete"),
    "peak": Bilingual("puncak {n} {zone}", "peak {n} {zone}"),
    "table": Bilingual("Angka per hari", "Numbers by day"),
    "day": Bilingual("Hari", "Day"),
}
