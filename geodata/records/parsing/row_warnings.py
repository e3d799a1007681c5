"""Warnings about accepted rows: a stable code, and a phrase that follows a count of rows."""

from collections.abc import Mapping
from typing import Final

from geodata.language import Bilingual

WARNINGS: Final[Mapping[str, Bilingual]] = {
    "status-assumed": Bilingual(
        "tidak ada kolom status; baris dengan tanggal konfirmasi dianggap terkonfirmasi",
        "there is no column of status; rows with a date of confirmation count as confirmed",
    ),
    "erased": Bilingual(
        "milik orang yang datanya telah dihapus; tidak ada yang disimpan",
        "they are of persons whose data were erased; nothing was stored",
    ),
    "withdrawn": Bilingual(
        "status menarik catatan ini; mulai sekarang catatan ini tidak ikut dihitung",
        "the status withdraws the record; from now on the record is not counted",
    ),
    "confirmed-on-assumed": Bilingual(
        "tidak ada tanggal konfirmasi; dipakai tanggal spesimen atau laporan, mana yang lebih "
        "akhir",
        "there is no date of confirmation; the later date of specimen and report was used",
    ),
    "outcome-unknown": Bilingual(
        "hasil akhir bukan kata yang dikenal dan tidak dimuat",
        "the outcome is not a known word and was not loaded",
    ),
    "outcome-without-date": Bilingual(
        "sembuh atau meninggal tanpa tanggal; kasus ditutup menurut aturan jumlah hari",
        "recovered or died without a date; the case is closed after the number of days in the rule",
    ),
    "outcome-before-confirmed": Bilingual(
        "meninggal sebelum tanggal konfirmasi",
        "died before the date of confirmation",
    ),
    "onset-after-confirmed": Bilingual(
        "gejala mulai lebih dari 14 hari setelah konfirmasi",
        "the onset is more than 14 days later than the confirmation",
    ),
    "date-order-unsure": Bilingual(
        "kolom ini memuat tanggal dengan hari lebih dahulu dan dengan bulan lebih dahulu: "
        "tanggal ini dapat berarti keduanya. Tanggal dibaca dengan hari lebih dahulu kecuali "
        "sumber menyebut month_first; tulis seperti 2021-07-31",
        "the column has dates with the day first and dates with the month first: these dates may "
        "be either. They were read with the day first unless the source says month_first; write "
        "them as 2021-07-31",
    ),
    "area-mangled": Bilingual(
        "program lembar kerja memotong angka terakhir kode wilayah; kode itu tidak menunjuk "
        "wilayah",
        "a spreadsheet has cut the last digits of the code of the area; that code is no area",
    ),
    "rows-hidden": Bilingual(
        "tersembunyi atau tersaring di lembar kerja; baris itu dibaca seperti yang lain",
        "hidden or filtered in the spreadsheet; they were read like the others",
    ),
    "columns-hidden": Bilingual(
        "terletak di lembar dengan kolom tersembunyi, yang ikut dibaca",
        "are in a sheet with hidden columns, which were read too",
    ),
    "sheets-hidden": Bilingual(
        "dari lembar tersembunyi dengan daftar seperti itu; tidak dibaca. Muat dengan --sheet",
        "of hidden sheets with such a list; they were not read. Load them with --sheet",
    ),
    "specimen-after-confirmed": Bilingual(
        "tanggal spesimen sesudah tanggal konfirmasinya",
        "the specimen is later than its confirmation",
    ),
    "test-result-unknown": Bilingual(
        "hasil tes bukan kata yang dikenal dan tidak dimuat",
        "the test result is not a known word and was not loaded",
    ),
    "health-letter-unknown": Bilingual(
        "isian surat kesehatan bukan kata yang dikenal dan tidak dimuat",
        "the entry for the health letter is not a known word and was not loaded",
    ),
    "origin-risk-unknown": Bilingual(
        "risiko daerah asal bukan kata yang dikenal dan tidak dimuat",
        "the risk of the origin is not a known word and was not loaded",
    ),
    "reporter-unknown": Bilingual(
        "pelapor bukan kantor yang dikenal dan tidak dimuat",
        "the reporter is not a known office and was not loaded",
    ),
    "count-unreadable": Bilingual(
        "jumlah bukan bilangan bulat mulai dari nol; tidak dimuat",
        "the count is not a whole number from zero; it was not loaded",
    ),
    "stock-unreadable": Bilingual(
        "persediaan tidak menyebut angka dan tidak dimuat. Tulis oxygen: 12; masks: 300",
        "the stock has no numbers and was not loaded. Write oxygen: 12; masks: 300",
    ),
    "over-capacity": Bilingual(
        "yang terpakai lebih banyak daripada kapasitas",
        "more is in use than the capacity",
    ),
    "nik-mangled": Bilingual(
        "program lembar kerja memotong angka terakhir NIK; tidak dimuat",
        "a spreadsheet has cut the last digits of the NIK; it was not loaded",
    ),
    "nik-unusable": Bilingual(
        "NIK tidak terdiri dari enam belas angka, atau hanya satu angka yang berulang; tidak "
        "dimuat",
        "the NIK does not have sixteen digits, or repeats one digit; it was not loaded",
    ),
    "kk-mangled": Bilingual(
        "program lembar kerja memotong angka terakhir KK; tidak dimuat",
        "a spreadsheet has cut the last digits of the KK; it was not loaded",
    ),
    "kk-unusable": Bilingual(
        "KK tidak terdiri dari enam belas angka, atau hanya satu angka yang berulang; tidak dimuat",
        "the KK does not have sixteen digits, or repeats one digit; it was not loaded",
    ),
    "rt-unreadable": Bilingual(
        "nomor RT tidak dapat dibaca; tidak dimuat",
        "the number of the RT cannot be read; it was not loaded",
    ),
    "rw-unreadable": Bilingual(
        "nomor RW tidak dapat dibaca; tidak dimuat",
        "the number of the RW cannot be read; it was not loaded",
    ),
    "rows-left-out": Bilingual(
        "bukan catatan, misalnya jumlah, tanda tangan atau judul kolom yang berulang; tidak dimuat",
        "no records, such as totals, signatures or repeated headings; they were not loaded",
    ),
    "sheets-left-out": Bilingual(
        "dari lembar lain yang bentuknya berbeda; muat dengan --sheet",
        "of other sheets with another form; load them with --sheet",
    ),
    "coordinates-swapped": Bilingual(
        "bujur dan lintang tertukar; sudah dibetulkan",
        "longitude and latitude were swapped; this was corrected",
    ),
    "coordinates-sign": Bilingual(
        "lintang tidak punya tanda minus; sudah dibetulkan",
        "the latitude had no minus sign; this was corrected",
    ),
    "coordinates-scaled": Bilingual(
        "titik desimal hilang; sudah dikembalikan",
        "the decimal point was lost; this was corrected",
    ),
    "coordinates-metres": Bilingual(
        "koordinat dalam meter UTM atau Web Mercator, bukan derajat; sudah diubah",
        "the coordinates were metres of UTM or Web Mercator, not degrees; they were converted",
    ),
    "coordinates-minutes": Bilingual(
        "koordinat dalam derajat, menit dan detik; sudah diubah",
        "the coordinates were degrees, minutes and seconds; they were converted",
    ),
    "coordinates-zero": Bilingual(
        "koordinat nol; tidak dipakai",
        "the coordinates are zero; they were not used",
    ),
    "coordinates-not-numbers": Bilingual(
        "koordinat bukan angka; tidak dimuat",
        "the coordinates are not numbers; they were not loaded",
    ),
    "coordinates-impossible": Bilingual(
        "koordinat tidak ada di Bumi (bujur terletak antara -180 dan 180, lintang antara -90 dan "
        "90); tidak dimuat. Tulis derajat, seperti 110.4203 dan -6.9932",
        "the coordinates are not on Earth (a longitude lies between "
        "-180 and 180, a latitude between -90 and 90); they were not loaded. Write degrees, like "
        "110.4203 and -6.9932",
    ),
    "coordinates-incomplete": Bilingual(
        "salah satu dari dua koordinat tidak ada; keduanya tidak dimuat",
        "one of the two coordinates is missing; both were not loaded",
    ),
    "coordinates-rough": Bilingual(
        "koordinat punya kurang dari empat desimal dan tidak dapat menunjukkan RT",
        "the coordinates have fewer than four decimals and cannot show the RT",
    ),
    "coordinates-middle": Bilingual(
        "koordinat adalah titik tengah kelurahan, kecamatan atau kota dan tidak dapat "
        "menunjukkan RT",
        "the coordinates are the middle of a kelurahan, kecamatan or the city "
        "and cannot show the RT",
    ),
    "coordinates-piled": Bilingual(
        "banyak alamat memakai koordinat yang persis sama, yang tidak dapat menunjukkan RT",
        "many addresses have exactly these coordinates, which cannot show the RT",
    ),
    "coordinates-outside": Bilingual(
        "koordinat tidak terletak di wilayah mana pun; alamat yang dipakai",
        "the coordinates are in no area; the address was used instead",
    ),
    "superseded-left-out": Bilingual(
        "baris berikutnya di berkas asal sudah menggantikannya, dan baris itu datang lagi tanpa "
        "perubahan; tidak dimuat",
        "a later row of the original file had replaced them, and they came again unchanged; they "
        "were not loaded",
    ),
    "ids-restarted": Bilingual(
        "nomor di berkas ini milik orang lain: daftar ini tampaknya memberi nomor baru pada "
        "setiap pengiriman. Muat dengan --without-numbers (setiap catatan lalu dikenali dari NIK "
        "dan tanggal), atau buat nomornya unik",
        "the numbers of this file belong to other persons: the list seems to get new numbers each "
        "time. Load it with --without-numbers (then NIK and date identify each record), or make "
        "the numbers unique",
    ),
    "numbers-alike": Bilingual(
        "nomor hanya berbeda dari nomor yang dikenal karena nol di depan, dan tidak ada bukti "
        "bahwa orangnya sama; dianggap catatan lain",
        "the number differs from a known number only by leading zeros, and nothing shows "
        "that the person is the same; it counts as another record",
    ),
    "dates-corrected": Bilingual(
        "hari kasus yang sudah dikenal berbeda di berkas ini",
        "the day of a known case is different in this file",
    ),
    "double": Bilingual(
        "orang yang sama punya kasus yang sudah dikenal dalam jangka hari satu kasus, dengan "
        "nomor lain; baris ini disimpan dan tidak dihitung sampai ada yang memutuskan: `records "
        "duplicates`",
        "the same person has a known case within the days of one case, under another number; "
        "the row is stored and not counted until somebody decides: `records duplicates`",
    ),
    "moved": Bilingual(
        "catatan ini terletak di RT lain daripada sebelumnya",
        "the record lies in another RT than before",
    ),
    "place-lost": Bilingual(
        "catatan ini dahulu terletak di sebuah RT, dan sekarang tidak",
        "the record lay in an RT before, and in none now",
    ),
}
"""Phrases for the author of a file, by code."""
