"""Texts that every page of the portal has."""

from typing import Final

from geodata.language import Bilingual

TEXTS: Final = {
    "service": Bilingual("Zonasi {disease}", "{disease} zones"),
    "skip": Bilingual("Langsung ke isi", "Skip to the content"),
    "language": Bilingual("Bahasa", "Language"),
    "pages": Bilingual("Halaman", "Pages"),
    "home_page": Bilingual("Beranda", "Home"),
    "map_page": Bilingual("Peta", "Map"),
    "areas_page": Bilingual("Wilayah", "Areas"),
    "places_page": Bilingual("Tempat bantuan", "Places that help"),
    "referral_page": Bilingual("Rujukan", "Referral"),
    "vaccination_page": Bilingual("Vaksinasi", "Vaccination"),
    "aid_page": Bilingual("Bantuan dan donasi", "Aid and donations"),
    "equipment_page": Bilingual("Alat kesehatan", "Equipment"),
    "newcomers_page": Bilingual("Pendatang", "Newcomers"),
    "doctor_page": Bilingual("Dokter dan nomor penting", "Doctor and numbers"),
    "rules_page": Bilingual("Aturan", "Rules"),
    "about_page": Bilingual("Tentang", "About"),
    "stale": Bilingual(
        "Data terakhir adalah data {day}. Warna hari ini belum terbit.",
        "The newest data is of {day}. Today's colours are not published yet.",
    ),
    "newest_data": Bilingual("Data terakhir: {day}", "Newest data: {day}"),
    "past": Bilingual(
        "Ini warna pada {day}, bukan hari terbaru.",
        "These are the colours of {day}, not of the newest day.",
    ),
    "newest": Bilingual("Lihat hari terbaru", "See the newest day"),
    "picture": Bilingual(
        "Peta RT {city} menurut warna, {day}.", "Map of the RT of {city} by colour, {day}."
    ),
    "picture_most": Bilingual(
        "{colour}: {total} RT, terbanyak di Kecamatan {name} ({n} RT).",
        "{colour}: {total} RT, most of them in kecamatan {name} ({n} RT).",
    ),
    "picture_calm": Bilingual("Semua RT {colour}.", "Every RT is {colour}."),
    "map_link": Bilingual("Lihat di peta", "See on the map"),
    "emergency": Bilingual("Darurat", "Emergency"),
    "hotline": Bilingual("Pusat informasi", "Information line"),
    "call": Bilingual("Telepon {phone}", "Call {phone}"),
    "open": Bilingual("Buka", "Open"),
}
