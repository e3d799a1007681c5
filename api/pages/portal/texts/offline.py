"""Texts of the manifest and of the service worker."""

from typing import Final

from geodata.language import Bilingual

TEXTS: Final = {
    "description": Bilingual(
        "Warna setiap RT, kewajibannya, dan tempat bantuan terdekat.",
        "The colour of every RT, its duties, and the nearest help.",
    ),
    "kept": Bilingual(
        "Tidak ada sambungan. Halaman ini disimpan di ponsel pada {when}.",
        "No connection. This page was kept on the phone on {when}.",
    ),
    "offline": Bilingual("Tidak ada sambungan", "No connection"),
    "not_kept": Bilingual(
        "Halaman ini tidak disimpan di ponsel. Coba lagi jika ada sambungan, atau buka halaman "
        "yang disimpan.",
        "This page is not kept on the phone. Try again with a connection, or open a kept page.",
    ),
}
