"""Texts of the page of contacts: doctor, hotline and emergency numbers."""

from typing import Final

from geodata.language import Bilingual

TEXTS: Final = {
    "title": Bilingual("Dokter dan nomor penting", "Doctor and important numbers"),
    "description": Bilingual(
        "Konsultasi dokter, pusat informasi dan nomor darurat.",
        "Medical advice, information line and emergency numbers.",
    ),
    "doctor": Bilingual("Bicara dengan dokter", "Talk to a doctor"),
    "referral": Bilingual("Sebelum ke rumah sakit", "Before you go to a hospital"),
    "privacy": Bilingual("Pertanyaan tentang data pribadi", "Questions about personal data"),
    "none": Bilingual(
        "Kota ini belum mencantumkan dokter atau nomor telepon di sini.",
        "This city has not listed a doctor or a telephone number here.",
    ),
    "near": Bilingual("Datang langsung", "Go in person"),
    "near_text": Bilingual(
        "Puskesmas dan rumah sakit dengan jam buka dan teleponnya.",
        "Health centres and hospitals with their hours and telephones.",
    ),
    "no_place": Bilingual(
        "Puskesmas dan rumah sakit belum tercatat.",
        "Health centres and hospitals are not recorded yet.",
    ),
}
