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
    "quarantine": Bilingual("Aturan karantina menurut hari tiba", "Quarantine by day of arrival"),
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
    "weeks_city": Bilingual(
        "Semua pendatang yang tercatat di kota ini, menurut minggu tiba. Angka ditulis sebagai "
        "rentang, supaya tidak ada orang yang dapat dikenali.",
        "All recorded newcomers of this city, by week of arrival. Numbers are ranges, so that "
        "nobody can be recognised.",
    ),
    "weeks_rt": Bilingual(
        "Pendatang yang RT-nya diketahui, menurut minggu tiba. Angka ditulis sebagai rentang, "
        "supaya tidak ada orang yang dapat dikenali.",
        "Newcomers whose RT is known, by week of arrival. Numbers are ranges, so that nobody can "
        "be recognised.",
    ),
    "weeks_of": Bilingual(
        "{name} per minggu, Senin sampai Minggu", "{name} by week, Monday to Sunday"
    ),
    "weeks_of_parts": Bilingual("{areas}, {first} sampai {last}", "{areas}, {first} to {last}"),
    "weeks_curve": Bilingual(
        "Pendatang per minggu, {first} sampai {last}, paling banyak {most}.",
        "Newcomers by week, {first} to {last}, at most {most}.",
    ),
    "weeks_read": Bilingual("Baca pendatang minggu demi minggu", "Read newcomers week by week"),
    "weeks_incomplete": Bilingual(
        "{n} minggu terakhir (bergaris) belum lengkap: laporan masih datang.",
        "The last {n} weeks (hatched) are incomplete: reports are still arriving.",
    ),
    "figure_period": Bilingual("Minggu", "Week"),
}
