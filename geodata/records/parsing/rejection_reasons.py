"""Reasons to reject a row: a stable code, and a sentence in both languages."""

from collections.abc import Mapping
from typing import Final

from geodata.language import Bilingual
from geodata.records.parsing.coded_values import describe_vocabulary

REASONS: Final[Mapping[str, Bilingual]] = {
    "misaligned-row": Bilingual(
        "Baris ini punya lebih banyak sel daripada judul kolom, sehingga tidak diketahui sel "
        "mana milik kolom mana. Beri tanda kutip pada sel yang memuat koma.",
        "The row has more cells than there are headings, so it is unknown "
        "which cell belongs to which heading. Put quotation marks around cells that hold a comma.",
    ),
    "status-missing": Bilingual(
        "Status kosong. Tulis confirmed, suspect, probable, contact atau discarded, atau kata "
        "Indonesianya.",
        "The status is blank. Write confirmed, suspect, probable, contact or "
        "discarded, or the Indonesian word.",
    ),
    "status-unknown": Bilingual(
        "Status bukan kata yang dikenal. Yang dikenal, tersendiri atau dengan kata "
        f"tentang gejala, perawatan dan hasil akhir: {describe_vocabulary('status')}.",
        "The status is not a known word. Known words, alone or with words on "
        f"symptoms, care and outcome, are: {describe_vocabulary('status')}.",
    ),
    "confirmed-on-missing": Bilingual(
        "Kasus terkonfirmasi memerlukan tanggal konfirmasi, atau setidaknya tanggal spesimen "
        "atau laporan.",
        "A confirmed case needs the date of confirmation, or at least of the specimen or report.",
    ),
    "arrived-on-missing": Bilingual(
        "Pendatang memerlukan tanggal kedatangan.",
        "A newcomer needs the date of arrival.",
    ),
    "date-impossible": Bilingual(
        "Isi ini bukan hari dalam kalender. Tulis 2021-09-09, 9/9/2021 (hari lebih dahulu, kecuali "
        "berkas sumber menyebut month_first) atau 9 September 2021.",
        "This is not a day of the calendar. Write 2021-09-09, 9/9/2021 (the day "
        "first, unless a source file says month_first) or 9 September 2021.",
    ),
    "count-negative": Bilingual(
        "Jumlah orang atau barang tidak dapat kurang dari nol. Tulis jumlah itu sendiri; untuk "
        "membetulkan, tulis jumlah baru hari itu.",
        "A count of people or things cannot be below zero. Write the count itself; "
        "to correct one, write the day's new count.",
    ),
    "quote-open": Bilingual(
        "Tanda kutip di baris ini tidak ditutup, atau terletak di dalam sel berkutip. Tulis "
        "tanda kutip di dalam sel dua kali, atau hapus.",
        "A quotation mark in the row does not close, or stands inside a quoted cell. "
        "Write a mark inside a cell twice, or delete it.",
    ),
    "cell-too-long": Bilingual(
        "Satu sel di baris ini lebih panjang dari 2.000 karakter. Persingkat, lalu muat baris ini "
        "lagi.",
        "A cell of the row is longer than 2,000 characters. Shorten it and load the row again.",
    ),
    "not-an-object": Bilingual(
        "Isian ini bukan catatan: catatan berupa objek dengan nama-nama kolomnya.",
        "This entry is no record: a record is an object with the names of its columns.",
    ),
    "headings-changed": Bilingual(
        "Judul kolom muncul lagi di atas baris ini dalam bentuk lain, yang tidak memuat isian "
        "wajib atau tidak dikenal. Taruh baris di bawahnya di berkas tersendiri.",
        "The headings repeat above this row in another form, which lacks a required field or is "
        "not known. Put the rows below these headings into a separate file.",
    ),
    "date-in-future": Bilingual(
        "Tanggal ini sesudah hari ini.",
        "The date is after today.",
    ),
    "date-too-early": Bilingual(
        "Tanggal ini sebelum Desember 2019, saat wabah dimulai.",
        "The date is before December 2019, when the epidemic began.",
    ),
    "dates-out-of-order": Bilingual(
        "Tanggal ini lebih awal daripada tanggal yang harus mendahuluinya.",
        "The date is before a date that must come first.",
    ),
    "no-identity": Bilingual(
        "Baris ini tidak menyebut orang atau tempat: tidak ada nomor, nama, alamat, wilayah, "
        "maupun koordinat.",
        "The row identifies no person and no place: no number, no name, no address, no area, no "
        "coordinates.",
    ),
    "name-missing": Bilingual(
        "Tempat memerlukan nama.",
        "A place needs a name.",
    ),
    "coordinates-impossible": Bilingual(
        "Koordinat ini tidak ada di Bumi: bujur terletak antara -180 dan 180, lintang antara -90 "
        "dan 90. Tulis derajat, seperti 110.4203 dan -6.9932, atau kosongkan keduanya dan isi "
        "alamatnya.",
        "These coordinates are not on Earth: a longitude lies between "
        "-180 and 180, a latitude between -90 and 90. Write degrees, like 110.4203 and -6.9932, or "
        "leave both blank and give the address.",
    ),
    "place-kind-missing": Bilingual(
        "Tempat memerlukan jenis: hospital, puskesmas, isolation, vaccination atau post, atau "
        "kata Indonesianya.",
        "A place needs a kind: hospital, puskesmas, isolation, vaccination or "
        "post, or the Indonesian word.",
    ),
    "place-kind-unknown": Bilingual(
        f"Jenis tempat bukan kata yang dikenal. Yang dikenal: {describe_vocabulary('place_kind')}.",
        "The kind of place is not a known word. Known words are: "
        f"{describe_vocabulary('place_kind')}.",
    ),
    "indicator-missing": Bilingual(
        "Baris ini tidak menyebut nama indikator.",
        "The row has no name of an indicator.",
    ),
    "area-missing": Bilingual(
        "Indikator memerlukan wilayah: kode atau namanya.",
        "An indicator needs an area: its code or its name.",
    ),
    "day-missing": Bilingual(
        "Indikator memerlukan hari.",
        "An indicator needs a day.",
    ),
    "value-missing": Bilingual(
        "Indikator memerlukan angka.",
        "An indicator needs a number.",
    ),
    "number-unreadable": Bilingual(
        "Isi ini bukan angka. Tulis 1234 atau 12.5.",
        "This is not a number. Write 1234 or 12.5.",
    ),
    "number-ambiguous": Bilingual(
        "Isi ini dapat berarti ribuan atau desimal; tidak ada petunjuk di kolom itu. Tulis "
        "angka tanpa pemisah ribuan, atau dengan semua desimalnya.",
        "This has a separator of thousands or of decimals, and the column does not show which. "
        "Write the number without a thousands separator, or with all its decimals.",
    ),
    "superseded-in-file": Bilingual(
        "Baris berikutnya di berkas yang sama punya nomor yang sama dan isi yang lain; baris itu "
        "yang dimuat.",
        "A later row of the same file has the same number and other content; the later row was "
        "loaded.",
    ),
    "id-reused": Bilingual(
        "Nomor ini milik orang lain di basis data: NIK-nya berbeda, atau nama, KK, tempat dan hari "
        "semuanya berbeda. Jika baris ini orang lain, beri nomor sendiri, atau muat berkas "
        "dengan --without-numbers. Jika orangnya sama dan NIK yang dahulu salah, muat baris ini "
        "dengan --replace; jika itu juga ditolak, tarik catatan itu (`records withdraw`), lalu "
        "muat baris ini lagi.",
        "The number belongs to another person in the database: the NIK differs, or name, family "
        "card, place and day all differ. If the row is another person, give the row a new number, "
        "or load the file with --without-numbers. If it is the same person and the NIK was "
        "wrong, load the row with --replace; if that is rejected too, withdraw the record "
        "(`records withdraw`) and load the row again.",
    ),
}
"""Sentences for the author of a file, by code."""
