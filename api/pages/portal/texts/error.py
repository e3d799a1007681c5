"""Texts of the error page."""

from typing import Final

from geodata.language import Bilingual

TEXTS: Final = {
    "title": Bilingual("Halaman ini tidak dapat ditampilkan", "This page cannot be shown"),
    "description": Bilingual("Alasan dan jalan keluarnya.", "The reason and the remedy."),
    "nearest_days": Bilingual("Hari terdekat yang diterbitkan", "The nearest published days"),
    "nearest_areas": Bilingual("Wilayah dengan kode yang mirip", "Areas with a similar code"),
    "newest_day": Bilingual("Hari terbaru", "The newest day"),
}
FOR_RESIDENTS: Final = {
    "no-run": Bilingual(
        "Warna untuk hari ini tidak diterbitkan. Pilih hari lain.",
        "The colours of this day are not published. Choose another day.",
    ),
    "nothing-published": Bilingual(
        "Belum ada hari yang diterbitkan. Datang lagi nanti.",
        "No day is published yet. Come back later.",
    ),
    "no-area": Bilingual(
        "Tidak ada wilayah dengan kode itu. Cari RT Anda dari beranda.",
        "There is no area of that code. Look for your RT from the first page.",
    ),
    "not-found": Bilingual(
        "Alamat ini tidak ada. Mulai lagi dari beranda.",
        "This address does not exist. Start again from the first page.",
    ),
}
"""Sentences for residents, by the code of the error; other errors have their own sentence."""
