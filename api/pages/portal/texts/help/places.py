"""Texts of the pages of places and of hospitals, and of the nearest places on the first page."""

from typing import Final

from geodata.language import Bilingual

TEXTS: Final = {
    "title": Bilingual("Tempat bantuan", "Places that help"),
    "title_kind": Bilingual("Cari {kind}", "Find a {kind}"),
    "description": Bilingual(
        "Rumah sakit, puskesmas, tempat isolasi, sentra vaksinasi dan posko: mana yang ada tempat.",
        "Hospitals, health centres, isolation sites, vaccination centres and posts with room.",
    ),
    "hospital_title": Bilingual("Rujukan pasien", "Referral of patients"),
    "hospital_description": Bilingual(
        "Rumah sakit yang ada tempat sekarang, dan siapa yang ditelepon dahulu.",
        "Hospitals with room now, and whom to call first.",
    ),
    "every_kind": Bilingual("Semua", "All"),
    "kinds": Bilingual("Jenis tempat", "Kind of place"),
    "near": Bilingual("Dekat kelurahan mana?", "Near which kelurahan?"),
    "near_whole": Bilingual("Seluruh kota", "The whole city"),
    "near_kecamatan": Bilingual("Kecamatan {name}", "Kecamatan {name}"),
    "show": Bilingual("Tampilkan", "Show"),
    "from_middle": Bilingual(
        "Jarak lurus dari tengah {name}.", "Straight distance from the middle of {name}."
    ),
    "room": Bilingual("Ada tempat", "With room"),
    "unknown": Bilingual("Tempat kosong tidak dilaporkan", "Room not reported"),
    "full": Bilingual("Penuh", "Full"),
    "room_n": Bilingual("{n} tempat kosong", "{n} free"),
    "room_of": Bilingual("dari {n}", "of {n}"),
    "room_full": Bilingual("0 tempat kosong: penuh", "0 free: full"),
    "room_unknown": Bilingual("tempat kosong: tidak ada data", "free places: no data"),
    "as_of": Bilingual("per {time}", "as of {time}"),
    "time": Bilingual("{day}, pukul {clock}", "{day}, {clock}"),
    "old": Bilingual("Laporan lama: telepon dahulu.", "Old report: call first."),
    "route": Bilingual("Rute", "Directions"),
    "approximate": Bilingual(
        "letak hanya diketahui wilayahnya", "only the area of the place is known"
    ),
    "no_point": Bilingual("letak tidak diketahui", "position unknown"),
    "distance": Bilingual("{n} km", "{n} km"),
    "distance_about": Bilingual("± {n} km", "± {n} km"),
    "show_more": Bilingual("Tampilkan {n} tempat lagi", "Show {n} more places"),
    "more": Bilingual("{n} tempat lain tidak ditampilkan.", "{n} more places are not shown."),
    "none": Bilingual("Belum ada tempat yang tercatat.", "No place is recorded yet."),
    "none_kind": Bilingual(
        "Belum ada tempat jenis ini yang tercatat.", "No place of this kind is recorded yet."
    ),
    "none_stock": Bilingual(
        "Tidak ada rumah sakit yang melaporkan {name}.", "No hospital reports {name}."
    ),
    "now": Bilingual(
        "Daftar ini adalah keadaan terakhir, bukan keadaan pada {day}.",
        "This list is the newest state, not the state on {day}.",
    ),
    "map_title": Bilingual("Letak", "Where"),
    "map_described": Bilingual(
        "Peta kota dengan {n} tempat; nomor di peta sama dengan nomor di daftar.",
        "Map of the city with {n} places; a number on the map is the number in the list.",
    ),
    "map_outside": Bilingual(
        "{n} tempat tidak ada di peta ini.", "{n} places are not on this map."
    ),
    "sort": Bilingual("Urutkan dari posisi saya", "Sort from my position"),
    "first_call": Bilingual("Telepon dahulu", "Call first"),
    "bring": Bilingual("Yang dibawa", "What to bring"),
    "stock": Bilingual("Persediaan", "Stock"),
    "stock_choice": Bilingual("Yang diperlukan", "What is needed"),
    "stock_any": Bilingual("Apa saja", "Anything"),
    "hospitals": Bilingual("Rumah sakit", "Hospitals"),
    "city_room": Bilingual(
        "{n} tempat tidur kosong di {hospitals} rumah sakit.",
        "{n} free beds in {hospitals} hospitals.",
    ),
    "city_full": Bilingual(
        "Tidak ada rumah sakit yang melaporkan tempat kosong.",
        "No hospital reports a free place.",
    ),
    "equipment_link": Bilingual("Semua persediaan alat", "All stock of equipment"),
}
NEAREST: Final = {
    "nearest_private": Bilingual(
        "Posisi Anda tidak dikirim: urutan dihitung di ponsel ini.",
        "Your position is not sent: this phone computes the order.",
    ),
    "nearest_wait": Bilingual("Mencari posisi...", "Looking for the position..."),
    "nearest_done": Bilingual(
        "Terurut dari posisi Anda, tepat sampai ± {n} m.",
        "Sorted from your position, exact to ± {n} m.",
    ),
    "nearest_refused": Bilingual(
        "Posisi tidak diizinkan. Pilih kelurahan.",
        "The position is not permitted. Choose a kelurahan.",
    ),
    "nearest_failed": Bilingual(
        "Posisi tidak ditemukan. Pilih kelurahan.",
        "The position was not found. Choose a kelurahan.",
    ),
    "nearest_inexact": Bilingual(
        "Posisi terlalu kasar (± {n} m). Pilih kelurahan.",
        "The position is too inexact (± {n} m). Choose a kelurahan.",
    ),
    "nearest": Bilingual("Terdekat dan ada tempat", "Nearest, with room"),
    "nearest_of": Bilingual("{n} tempat kosong di {places} tempat", "{n} free in {places} places"),
    "nearest_room": Bilingual("{n} tempat kosong", "{n} free"),
    "nearest_full": Bilingual("0 tempat kosong: penuh", "0 free: full"),
    "nearest_unknown": Bilingual("tempat kosong: tidak ada data", "free places: no data"),
    "nearest_day": Bilingual("laporan {day}", "reports of {day}"),
    "nearest_days": Bilingual("laporan {first} sampai {last}", "reports of {first} to {last}"),
    "nearest_all": Bilingual("Semua tempat", "All places"),
    "nearest_button": Bilingual("Terdekat dari posisi saya", "Nearest to my position"),
    "nearest_none": Bilingual("Belum ada tempat yang tercatat.", "No place is recorded yet."),
    "nearest_help": Bilingual("Bantuan di dekat sini", "Help near here"),
    "nearest_distance": Bilingual("{n} km", "{n} km"),
}
"""Texts of the nearest places, also on other pages."""
