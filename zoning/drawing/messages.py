"""Texts of pages and maps in Indonesian and English, and the format of dates and numbers."""

import re
from datetime import date
from typing import Final

from geodata.areas import SmallestZone
from geodata.language import Bilingual
from zoning.phrases import ZONE_NAMES, date_in_words
from zoning.portal.places import PlaceKind
from zoning.rules import COVID_19


def map_title(disease: Bilingual) -> Bilingual:
    """Title of a city's maps and pages."""
    return Bilingual(f"Zonasi {disease.id} tingkat RT", f"{disease.en} zones down to the RT")


WORDS: Final = {
    "title": map_title(COVID_19),
    "legend": Bilingual("Warna RT", "Colours of the RT"),
    "rt": Bilingual("RT", "RT"),
    "rule": Bilingual("Aturan", "Rule"),
    "zone": Bilingual("Zona", "Zone"),
    "why": Bilingual("Mengapa", "Why"),
    "measures": Bilingual("Yang dilakukan", "What to do"),
    "other": Bilingual("Bukan wilayah RT, tidak diberi warna", "Not an RT, has no colour"),
    "outside": Bilingual("Di luar wilayah kota", "Outside the city"),
    "failed": Bilingual(
        "Keterangan tidak dapat diambil. Coba lagi.", "The details could not be had. Try again."
    ),
    "loading": Bilingual("Mengambil keterangan", "Getting the details"),
    "tiles_failed": Bilingual(
        "Warna sebagian peta tidak dapat diambil.", "Colours of a part of the map could not be had."
    ),
    "tiles_preparing": Bilingual(
        "Peta sedang disiapkan, masih lambat.",
        "The map is being prepared, still slow.",
    ),
    "days_failed": Bilingual(
        "Daftar hari tidak dapat diambil.", "The list of days could not be had."
    ),
    "again": Bilingual("Coba lagi", "Try again"),
    "script": Bilingual(
        "Peta ini memerlukan JavaScript di peramban Anda.",
        "This map needs JavaScript in your browser.",
    ),
    "as_table": Bilingual("Peta sebagai daftar", "The map as a list"),
    "page": Bilingual("Halaman RT ini", "The page of this RT"),
    "which": Bilingual("RT mana yang Anda maksud?", "Which RT do you mean?"),
    "closer": Bilingual(
        "Banyak RT di bawah jari Anda. Peta diperbesar: ketuk RT Anda.",
        "Many RT are under your finger. The map is now closer: tap your RT.",
    ),
    "moved": Bilingual(
        "Batas RT pada hari ini berbeda. Ini RT di tempat yang sama.",
        "The borders of RT differ on this day. This is the RT at the same place.",
    ),
    "outlines_failed": Bilingual(
        "Batas wilayah tidak dapat diambil.", "The borders could not be had."
    ),
    "position": Bilingual("Di mana saya?", "Where am I?"),
    "locating": Bilingual("Mencari posisi Anda", "Looking for your position"),
    "refused": Bilingual(
        "Posisi tidak diizinkan. Ketuk RT Anda di peta.",
        "The position was not allowed. Tap your RT on the map.",
    ),
    "no_position": Bilingual(
        "Posisi tidak ditemukan. Ketuk RT Anda di peta.",
        "The position was not found. Tap your RT on the map.",
    ),
    "inexact": Bilingual(
        "Posisi terlalu kasar untuk satu RT. Ketuk RT Anda di peta.",
        "The position is too inexact for one RT. Tap your RT on the map.",
    ),
    "told": Bilingual("Keterangan", "Details"),
    "previous": Bilingual("Hari sebelumnya", "Previous day"),
    "next": Bilingual("Hari berikutnya", "Next day"),
    "date": Bilingual("Tanggal", "Date"),
    "show": Bilingual("Tampilkan", "Show"),
    "unpublished": Bilingual("Tanggal ini belum diterbitkan", "This day is not published"),
    "map": Bilingual(
        "Peta zona. Geser dengan tombol panah, perbesar dengan tombol tambah, "
        "Enter untuk keterangan RT di tengah peta.",
        "Map of zones. Pan with the arrow keys, zoom with plus and minus, "
        "Enter for the RT in the middle of the map.",
    ),
    "hint": Bilingual("Ketuk peta untuk keterangan RT", "Tap the map for the details of an RT"),
    "home": Bilingual("Kembali ke peta", "Back to the map"),
    "language": Bilingual("Bahasa", "Language"),
    "kelurahan": Bilingual("Kel.", "Kel."),
    "kecamatan": Bilingual("Kec.", "Kec."),
    "full": Bilingual("Peta lengkap", "Full map"),
    "embed": Bilingual("Pasang peta ini di situs Anda", "Put this map in your site"),
    "layers": Bilingual("Lapisan", "Layers"),
    "places": Bilingual("Tempat", "Places"),
    "borders": Bilingual("Batas dan nama", "Borders and names"),
    "layer_kecamatan": Bilingual("Batas kecamatan", "Borders of kecamatan"),
    "layer_kelurahan": Bilingual("Batas kelurahan", "Borders of kelurahan"),
    "layer_names": Bilingual("Nama wilayah", "Names of areas"),
    "address": Bilingual("Alamat", "Address"),
    "hours": Bilingual("Jam buka", "Opening hours"),
    "contact": Bilingual("Telepon", "Telephone"),
    "room": Bilingual("Tempat tersedia", "Room left"),
    "rough": Bilingual(
        "Letaknya kira-kira: hanya wilayahnya yang diketahui.",
        "Roughly here: only its area is known.",
    ),
    "slide": Bilingual("Geser ke hari lain", "Slide to another day"),
    "play": Bilingual("Putar hari demi hari", "Play day by day"),
    "play_weeks": Bilingual("Putar minggu demi minggu", "Play week by week"),
    "pause": Bilingual("Jeda", "Pause"),
}
PLACE_LETTERS: Final[dict[PlaceKind, str]] = {
    "hospital": "RS",
    "puskesmas": "P",
    "isolation": "I",
    "vaccination": "V",
    "post": "Po",
}
"""Letters in the marker of a place; the shape of the marker shows the kind too."""
_DAYS: Final = (
    Bilingual("Senin", "Monday"),
    Bilingual("Selasa", "Tuesday"),
    Bilingual("Rabu", "Wednesday"),
    Bilingual("Kamis", "Thursday"),
    Bilingual("Jumat", "Friday"),
    Bilingual("Sabtu", "Saturday"),
    Bilingual("Minggu", "Sunday"),
)


def words_for(zone: SmallestZone, disease: Bilingual = COVID_19) -> dict[str, Bilingual]:
    """`WORDS` for the kind of a city's smallest zones and the disease of its rules."""
    texts = WORDS if disease == COVID_19 else {**WORDS, "title": map_title(disease)}
    if zone == "rt":
        return texts
    name = ZONE_NAMES[zone]

    def replace_rt(text: str) -> str:
        article = "a" if zone == "dusun" else "an"
        text = text.replace("an RT", f"{article} {name}").replace("An RT", f"A {name}")
        return re.sub(r"\bRT\b", name, text).replace(f"Not an {name}", f"Not {article} {name}")

    return {
        key: Bilingual(replace_rt(words.id), replace_rt(words.en)) for key, words in texts.items()
    }


def format_date(day: date) -> Bilingual:
    """A day in words: ``Kamis, 15 Juli 2021``."""
    name, date_words = _DAYS[day.weekday()], date_in_words(day)
    return Bilingual(f"{name.id}, {date_words.id}", f"{name.en}, {date_words.en}")


def format_number(number: int) -> Bilingual:
    """A count with thousands separators: ``10.628`` in Indonesian, ``10,628`` in English."""
    english = f"{number:,}"
    return Bilingual(english.replace(",", "."), english)
