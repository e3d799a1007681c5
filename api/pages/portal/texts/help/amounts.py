"""Texts of the pages of vaccination, aid and equipment: amounts by area, each with its day."""

from typing import Final

from geodata.language import Bilingual

AREAS: Final = {
    "area": Bilingual("Wilayah", "Area"),
    "by_kecamatan": Bilingual("Per kecamatan", "By kecamatan"),
    "by_kelurahan": Bilingual("Per kelurahan di {name}", "By kelurahan of {name}"),
    "back_to": Bilingual("Kembali ke {name}", "Back to {name}"),
}
"""Texts of a page with a table of the areas of the next level."""
TEXTS: Final = {
    **AREAS,
    "vaccination_title": Bilingual("Vaksinasi", "Vaccination"),
    "vaccination_description": Bilingual(
        "Dosis yang diberikan, per kecamatan dan kelurahan, dan sentra vaksinasi.",
        "Doses given, by kecamatan and kelurahan, and vaccination centres.",
    ),
    "aid_title": Bilingual("Bantuan sosial dan donasi", "Social aid and donations"),
    "aid_description": Bilingual(
        "Bantuan kepada warga, donasi yang diterima dan disalurkan.",
        "Aid to residents, donations received and given.",
    ),
    "equipment_title": Bilingual("Persediaan alat kesehatan", "Stock of medical equipment"),
    "equipment_description": Bilingual(
        "Persediaan alat dan tempat tidur, per wilayah, masing-masing dengan harinya.",
        "Stock of equipment and beds, by area, each with its day.",
    ),
    "until": Bilingual("sampai {day}", "until {day}"),
    "on": Bilingual("{day}", "{day}"),
    "since": Bilingual("{first} sampai {last}", "{first} to {last}"),
    "no_data": Bilingual("tidak ada data", "no data"),
    "zero": Bilingual("nol", "zero"),
    "missing": Bilingual(
        "{n} wilayah tidak ada datanya dan tidak terhitung.",
        "{n} areas have no data and are not counted.",
    ),
    "signs": Bilingual("Tanda", "Signs"),
    "centres": Bilingual("Sentra vaksinasi yang ada tempat", "Vaccination centres with room"),
    "centres_full": Bilingual(
        "Tidak ada sentra yang melaporkan tempat kosong.", "No centre reports a free place."
    ),
    "centres_link": Bilingual("Cari sentra vaksinasi terdekat", "Find the nearest centre"),
    "aid_given": Bilingual("Bantuan kepada warga", "Aid to residents"),
    "donations": Bilingual("Donasi", "Donations"),
    "aid_contact": Bilingual("Meminta bantuan atau memberi donasi", "Ask for aid, or donate"),
    "beds": Bilingual("Tempat tidur", "Beds"),
    "stock_title": Bilingual("Alat dan bahan", "Equipment and supplies"),
    "stock_none": Bilingual(
        "Belum ada tempat yang melaporkan persediaan.", "No place reports its stock yet."
    ),
    "stock_places": Bilingual("di {n} tempat", "in {n} places"),
    "stock_days": Bilingual("laporan {first} sampai {last}", "reports of {first} to {last}"),
    "stock_day": Bilingual("laporan {day}", "report of {day}"),
    "stock_by_area": Bilingual("Per wilayah", "By area"),
    "stock_elsewhere": Bilingual("Wilayah tidak diketahui", "Area unknown"),
    "stock_hospitals": Bilingual("Rumah sakit yang memilikinya", "Hospitals that have it"),
    "newest_stock": Bilingual(
        "Persediaan adalah keadaan terakhir, bukan keadaan pada {day}.",
        "Stock is the newest state, not the state on {day}.",
    ),
}
DOSES: Final = {
    "doses": Bilingual("Vaksinasi", "Vaccination"),
    "dose_until": Bilingual("{n} {unit} sampai {day}", "{n} {unit} until {day}"),
    "dose_share": Bilingual(
        "Persen dari {people} penduduk, jika setiap dosis diberikan kepada penduduk.",
        "Percent of {people} residents, if every dose went to a resident.",
    ),
    "dose_share_none": Bilingual(
        "Jumlah penduduk tidak diketahui, jadi tidak ada persen.",
        "The number of residents is unknown, so there is no percentage.",
    ),
    "dose_share_above": Bilingual(
        "Lebih dari jumlah penduduk ({people}): sebagian untuk bukan penduduk, atau laporan "
        "terhitung dua kali. Karena itu tidak ada persen.",
        "More than the number of residents ({people}): some went to others, or reports were "
        "counted twice. So there is no percentage.",
    ),
    "dose_none": Bilingual(
        "Belum ada angka vaksinasi.", "There are no figures of vaccination yet."
    ),
    "dose_link": Bilingual("Per kecamatan dan kelurahan", "By kecamatan and kelurahan"),
    "dose_no_data": Bilingual("tidak ada data", "no data"),
    "dose_zero": Bilingual("0 nol", "0 zero"),
}
"""Texts of the doses of an area, also on the first page."""
