"""What pages and maps say, in Indonesian and English, and how they write a date and a number."""

from datetime import date
from typing import Final, Literal

from zoning.phrases import written
from zoning.risk import Bilingual

Language = Literal["id", "en"]

WORDS: Final = {
    "title": Bilingual("Zonasi COVID-19 tingkat RT", "COVID-19 zones down to the RT"),
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
    "hint": Bilingual("Ketuk peta untuk keterangan RT", "Tap the map to ask about an RT"),
    "home": Bilingual("Kembali ke peta", "Back to the map"),
    "language": Bilingual("Bahasa", "Language"),
    "kelurahan": Bilingual("Kel.", "Kel."),
    "kecamatan": Bilingual("Kec.", "Kec."),
    "full": Bilingual("Peta lengkap", "Full map"),
}
_DAYS: Final = (
    Bilingual("Senin", "Monday"),
    Bilingual("Selasa", "Tuesday"),
    Bilingual("Rabu", "Wednesday"),
    Bilingual("Kamis", "Thursday"),
    Bilingual("Jumat", "Friday"),
    Bilingual("Sabtu", "Saturday"),
    Bilingual("Minggu", "Sunday"),
)


def written_date(day: date) -> Bilingual:
    """A day in words: ``Kamis, 15 Juli 2021``."""
    name, rest = _DAYS[day.weekday()], written(day)
    return Bilingual(f"{name.id}, {rest.id}", f"{name.en}, {rest.en}")


def written_number(number: int) -> Bilingual:
    """A count with its thousands apart: ``10.628`` in Indonesian, ``10,628`` in English."""
    english = f"{number:,}"
    return Bilingual(english.replace(",", "."), english)
