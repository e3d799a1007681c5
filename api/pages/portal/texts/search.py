"""Texts of the form to find an RT, and of its script."""

from typing import Final

from geodata.language import Bilingual

_SHARED: Final = {
    "which_kelurahan": Bilingual("Kelurahan yang mana?", "Which kelurahan?"),
    "which_rw": Bilingual("RW berapa di {name}?", "Which RW in {name}?"),
    "which_zone": Bilingual("RT yang mana?", "Which RT?"),
    "which_rw_zone": Bilingual("RW yang mana?", "Which RW?"),
    "is_it": Bilingual("Apakah ini RT Anda?", "Is this your RT?"),
    "is_it_rw": Bilingual("Apakah ini RW Anda?", "Is this your RW?"),
    "missing": Bilingual(
        "Nomor itu tidak ada di {name}. Pilih dari yang ada.",
        "{name} has no such number. Choose one that exists.",
    ),
    "missing_here": Bilingual(
        "Nomor itu tidak ada di kelurahan ini. Pilih dari yang ada.",
        "These kelurahan have no such number. Choose one that exists.",
    ),
    "no_match": Bilingual(
        "Tidak ada kelurahan dengan nama itu di {city}. Periksa ejaannya. Contoh: {example}.",
        "{city} has no kelurahan of that name. Check the spelling. Example: {example}.",
    ),
    "no_name": Bilingual(
        "Tulis juga nama kelurahan. Contoh: {example}.",
        "Write the name of the kelurahan, too. Example: {example}.",
    ),
    "not_a_zone": Bilingual("bukan zona", "not a zone"),
}
"""Texts that the page and the script use."""
SCRIPT_TEXTS: Final = {
    **_SHARED,
    "day_colour": Bilingual("{day}: {colour}", "{day}: {colour}"),
    "unknown_colour": Bilingual("tanpa data", "no data"),
    "found": Bilingual("{name}: {colour}.", "{name}: {colour}."),
    "loading": Bilingual("Memuat daftar RT …", "Loading the list of RT …"),
    "failed": Bilingual(
        "Data tidak dapat dimuat. Periksa sambungan internet, lalu coba lagi.",
        "The data cannot be loaded. Check the internet connection, then try again.",
    ),
    "gone": Bilingual(
        "{name}, yang diingat ponsel ini, bukan RT lagi menurut batas hari ini. Cari RT Anda lagi.",
        "{name}, which this phone remembers, is no RT any more in today's boundaries. Find your "
        "RT again.",
    ),
    "forgotten": Bilingual(
        "Ponsel ini tidak lagi mengingat RT Anda.", "This phone no longer remembers your RT."
    ),
    "not_remembered": Bilingual(
        "Peramban ini tidak menyimpan data, jadi RT Anda tidak diingat.",
        "This browser stores no data, so your RT is not remembered.",
    ),
    "locating": Bilingual("Mencari posisi …", "Finding the position …"),
    "locating_within": Bilingual(
        "Mencari posisi … ketelitian {n} m", "Finding the position … within {n} m"
    ),
    "refused": Bilingual(
        "Izin posisi ditolak. Tulis kelurahan, RT dan RW Anda.",
        "The position was refused. Write your kelurahan, RT and RW.",
    ),
    "no_position": Bilingual(
        "Posisi tidak dapat ditentukan. Tulis kelurahan, RT dan RW Anda.",
        "The position cannot be found. Write your kelurahan, RT and RW.",
    ),
    "outside": Bilingual("Posisi Anda di luar {city}.", "Your position is outside {city}."),
    "inexact": Bilingual(
        "Posisi hanya teliti sampai {n} m. Pilih RT Anda; kalau tidak ada, tulis kelurahannya.",
        "The position is exact to {n} m only. Choose your RT; if it is not here, write its "
        "kelurahan.",
    ),
    "too_inexact": Bilingual(
        "Posisi hanya teliti sampai {n} m, terlalu kasar untuk satu RT. Tulis kelurahan, RT dan RW "
        "Anda.",
        "The position is exact to {n} m only, too rough for one RT. Write your kelurahan, RT and "
        "RW.",
    ),
    "at_other": Bilingual(
        "Anda berada di {name}, yang bukan RT.", "You are at {name}, which is no RT."
    ),
}
"""Texts of the script."""
TEXTS: Final = {
    **_SHARED,
    "title": Bilingual("Cari RT", "Find an RT"),
    "description": Bilingual(
        "Cari warna sebuah RT dengan nama kelurahan, RW dan RT.",
        "Find the colour of an RT by kelurahan, RW and RT.",
    ),
    "find_label": Bilingual("Kelurahan, RT dan RW", "Kelurahan, RT and RW"),
    "find_label_rw": Bilingual("Kelurahan dan RW", "Kelurahan and RW"),
    "kelurahan": Bilingual("Kelurahan", "Kelurahan"),
    "example": Bilingual("Contoh: {example}", "Example: {example}"),
    "find": Bilingual("Cari", "Find"),
    "here": Bilingual("Pakai posisi saya", "Use my position"),
    "private_phone": Bilingual(
        "Nama dicari di ponsel ini dan tidak dikirim. Posisi hanya dikirim bila Anda menekan "
        "tombolnya, dan tidak disimpan.",
        "Names are searched on this phone and not sent. The position is sent only if you press its "
        "button, and is not kept.",
    ),
    "private_form": Bilingual(
        "Isian hanya dipakai untuk mencari, dan tidak disimpan.",
        "The form is used only for the search, and is not kept.",
    ),
    "no_code": Bilingual(
        "Tidak ada wilayah dengan kode itu. Yang terdekat:",
        "There is no area of that code. The nearest:",
    ),
    "mine": Bilingual("RT saya", "My RT"),
    "all_measures": Bilingual("Semua {n} kewajiban", "All {n} duties"),
    "page_of_zone": Bilingual(
        "Halaman RT ini dan tetangganya", "The page of this RT, with its neighbours"
    ),
    "remembered": Bilingual("Diingat di ponsel ini saja.", "Remembered on this phone only."),
    "forget": Bilingual("Lupakan RT ini", "Forget this RT"),
    "remember": Bilingual("Ingat sebagai RT saya", "Remember as my RT"),
    "remember_done": Bilingual(
        "Diingat di ponsel ini saja. Beranda menampilkannya lebih dulu.",
        "Remembered on this phone only. The first page shows it first.",
    ),
}
