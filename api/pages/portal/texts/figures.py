"""Texts of the daily figures: three signs with three words, and what a figure counts."""

from typing import Final

from geodata.language import Bilingual
from zoning.public.figures import FigureName

TITLES: Final[dict[FigureName, Bilingual]] = {
    "cases": Bilingual("Kasus terkonfirmasi", "Confirmed cases"),
    "recovered": Bilingual("Sembuh", "Recovered"),
    "deaths": Bilingual("Meninggal", "Deaths"),
}
TEXTS: Final = {
    "figures": Bilingual("Kasus per hari", "Cases by day"),
    "figures_rt": Bilingual(
        "Orang yang RT-nya diketahui. Angka ditulis sebagai rentang, supaya tidak ada orang yang "
        "dapat dikenali.",
        "People whose RT is known. Numbers are ranges, so that nobody can be recognised.",
    ),
    "figures_city": Bilingual(
        "Semua orang di kota ini. Angka ditulis sebagai rentang, supaya tidak ada orang yang dapat "
        "dikenali.",
        "All people of this city. Numbers are ranges, so that nobody can be recognised.",
    ),
    "figure_bars": Bilingual(
        "Hijau tua: paling sedikit. Hijau muda: paling banyak.",
        "Dark green: at least. Light green: at most.",
    ),
    "figure_range": Bilingual("{least}-{most}", "{least}-{most}"),
    "figure_range_aloud": Bilingual("{least} sampai {most}", "{least} to {most}"),
    "figure_zero": Bilingual("nol", "zero"),
    "figure_suppressed": Bilingual("angka kecil disembunyikan", "small number, hidden"),
    "figure_no_data": Bilingual("tidak ada data", "no data"),
    "figure_incomplete": Bilingual("belum lengkap", "incomplete"),
    "figure_read": Bilingual("Baca {figure} hari demi hari", "Read {figure} day by day"),
    "figure_on": Bilingual("pada {day}", "on {day}"),
    "figure_none": Bilingual("Belum ada hari yang lengkap.", "No day is complete yet."),
    "figures_incomplete": Bilingual(
        "{n} hari terakhir (bergaris) belum lengkap: laporan masih datang.",
        "The last {n} days (hatched) are incomplete: reports are still arriving.",
    ),
    "figure_curve": Bilingual(
        "{figure} per hari, {first} sampai {last}, paling banyak {most}.",
        "{figure} by day, {first} to {last}, at most {most}.",
    ),
    "figures_table": Bilingual("Angka per hari dan minggu", "Numbers by day and week"),
    "figures_by_day": Bilingual("Per hari", "By day"),
    "figures_by_week": Bilingual("Per minggu, Senin sampai Minggu", "By week, Monday to Sunday"),
    "figure_week": Bilingual("{first} sampai {last}", "{first} to {last}"),
    "figure_period": Bilingual("Hari atau minggu", "Day or week"),
    "figure_signs": Bilingual("Tanda", "Signs"),
}
