"""Texts of the page of rules."""

from typing import Final

from geodata.language import Bilingual

COUNTED: Final = {
    "houses": Bilingual(
        "Yang dihitung: rumah dengan kasus terkonfirmasi di satu {zone} dalam {n} hari terakhir, "
        "{first} sampai {last}. Satu rumah dihitung sekali, berapa pun penghuninya yang positif.",
        "What counts: houses of one {zone} with a confirmed case in the last {n} days, {first} to "
        "{last}. A house counts once, however many of its people have tested positive.",
    ),
    "cases": Bilingual(
        "Yang dihitung: kasus terkonfirmasi di satu {zone} dalam {n} hari terakhir, {first} sampai "
        "{last}.",
        "What counts: confirmed cases of one {zone} in the last {n} days, {first} to {last}.",
    ),
    "active": Bilingual(
        "Yang dihitung: kasus di satu {zone} yang masih aktif pada {last}.",
        "What counts: cases of one {zone} that are still active on {last}.",
    ),
}
"""What a rule counts, by its unit."""
TEXTS: Final = {
    "title": Bilingual("Arti warna dan kewajibannya", "What the colours mean and require"),
    "description": Bilingual(
        "Arti setiap warna dan kewajibannya pada {day}, dan aturan sebelumnya.",
        "What each colour means and requires on {day}, and the earlier rules.",
    ),
    "rule_on": Bilingual("Aturan pada {day}", "The rule on {day}"),
    "instrument": Bilingual("Dasar hukum hari itu: {law}", "The law of this day: {law}"),
    "no_instrument": Bilingual(
        "Nomor peraturan untuk hari itu tidak diketahui.",
        "The number of the regulation of this day is not known.",
    ),
    "daily": Bilingual(
        "Setiap {zone} dinilai ulang tiap hari.", "Every {zone} is classified again every day."
    ),
    "zone": Bilingual("Zona {colour}", "{colour} zone"),
    "no_duty": Bilingual("Tidak ada kewajiban pada hari itu.", "No duty on this day."),
    "list": Bilingual("Lihat {zone} {colour}", "See the {colour} {zone}"),
    "other_rules": Bilingual("Semua aturan dan harinya", "All rules and their days"),
    "other_rules_why": Bilingual(
        "Warna suatu hari berasal dari aturan hari itu. Aturan baru tidak mengubah warna hari "
        "sebelumnya.",
        "The colours of a day come from the rule of that day. A new rule does not change the "
        "colours of earlier days.",
    ),
    "since": Bilingual("sejak {first}", "since {first}"),
    "until": Bilingual("sampai {last}", "until {last}"),
    "between": Bilingual("{first} sampai {last}", "{first} to {last}"),
    "shown": Bilingual("aturan halaman ini", "the rule of this page"),
    "instruments": Bilingual("Peraturan", "Regulations"),
    "not_confirmed": Bilingual(
        "harinya diketahui, nomornya belum pasti", "its days are known, its number is not certain"
    ),
    "source": Bilingual("Sumber", "Source"),
    "found": Bilingual("Ditemukan di", "Found in"),
    "paraphrased": Bilingual(
        "Kewajiban ditulis dengan kalimat sendiri. Yang berlaku adalah teks peraturannya.",
        "The duties are paraphrased. The text of the regulation is what counts.",
    ),
}
