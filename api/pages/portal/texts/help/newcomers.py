"""Texts of the page for newcomers."""

from typing import Final

from geodata.language import Bilingual

TEXTS: Final = {
    "title": Bilingual("Pendatang", "Newcomers"),
    "description": Bilingual(
        "Aturan karantina, cara melapor, dan jumlah pendatang per minggu.",
        "Rules of quarantine, how to report an arrival, and newcomers by week.",
    ),
    "report": Bilingual("Melapor saat tiba", "Report your arrival"),
    "report_none": Bilingual(
        "Kota ini belum mencantumkan cara melapor di sini. Melaporlah kepada ketua RT.",
        "This city has not listed here how to report. Report to the head of the RT.",
    ),
    "rules": Bilingual("Aturan karantina menurut hari tiba", "Quarantine by day of arrival"),
    "in_force": Bilingual("berlaku pada {day}", "in force on {day}"),
    "days": Bilingual("{n} hari", "{n} days"),
    "since": Bilingual("tiba mulai {since}", "arrivals from {since}"),
    "since_until": Bilingual("tiba {since} sampai {until}", "arrivals {since} to {until}"),
    "letter": Bilingual(
        "Dengan surat sehat tidak perlu karantina.", "With a health letter no quarantine is needed."
    ),
    "no_letter": Bilingual(
        "Berlaku juga dengan surat sehat.", "Also for newcomers with a health letter."
    ),
    "end": Bilingual("Tiba pada {day}: selesai pada {end}.", "Arrival on {day}: ends on {end}."),
    "continued": Bilingual(
        "Akhir aturan terakhir tidak diketahui; kota dapat menetapkan aturan lain.",
        "The end of the last rule is unknown; a city may set another rule.",
    ),
    "rule_source": Bilingual("Dasar: {law}", "Source: {law}"),
    "no_rule": Bilingual(
        "Pada {day} tidak ada aturan karantina yang diketahui.",
        "No rule of quarantine is known for {day}.",
    ),
    "weeks": Bilingual("Pendatang per minggu", "Newcomers by week"),
    "weeks_none": Bilingual(
        "Kota ini belum menerbitkan jumlah pendatang.",
        "This city does not publish the number of newcomers yet.",
    ),
    "weeks_why": Bilingual(
        "Angka ditulis sebagai rentang, Senin sampai Minggu, supaya tidak ada orang yang dapat "
        "dikenali.",
        "Numbers are ranges, Monday to Sunday, so that nobody can be recognised.",
    ),
    "choose": Bilingual("Pilih kecamatan", "Choose a kecamatan"),
    "kelurahan": Bilingual("Kelurahan", "Kelurahan"),
    "week": Bilingual("Minggu {first} sampai {last}", "Week {first} to {last}"),
    "whole_city": Bilingual("Seluruh kota", "The whole city"),
    "range": Bilingual("{least}-{most}", "{least}-{most}"),
    "range_aloud": Bilingual("{least} sampai {most}", "{least} to {most}"),
    "zero": Bilingual("nol", "zero"),
    "suppressed": Bilingual("angka kecil disembunyikan", "small number, hidden"),
    "no_data": Bilingual("tidak ada data", "no data"),
    "signs": Bilingual("Tanda", "Signs"),
}
