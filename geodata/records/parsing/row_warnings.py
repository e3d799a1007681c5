"""What was noticed in rows that are taken all the same: a stable code, and words for it."""

from collections.abc import Mapping
from typing import Final

from geodata.language import Bilingual

WARNINGS: Final[Mapping[str, Bilingual]] = {
    "status-assumed": Bilingual(
        "tidak ada kolom status; baris dengan tanggal konfirmasi dianggap terkonfirmasi",
        "there is no column of status; rows with a date of confirmation were taken as confirmed",
    ),
    "erased": Bilingual(
        "milik orang yang datanya telah dihapus; tidak ada yang disimpan",
        "they are of persons whose data were erased; nothing of them was kept",
    ),
    "withdrawn": Bilingual(
        "status menarik catatan ini; mulai sekarang catatan ini tidak ikut dihitung",
        "the status withdraws the record; it is in no count from now on",
    ),
    "confirmed-on-assumed": Bilingual(
        "tidak ada tanggal konfirmasi; dipakai tanggal spesimen atau laporan, mana yang lebih "
        "akhir",
        "no date of confirmation; the later of specimen and report was taken",
    ),
    "outcome-unknown": Bilingual(
        "hasil akhir bukan kata yang dikenal di sini dan tidak dimuat",
        "the outcome is not a known word and was left out",
    ),
    "outcome-without-date": Bilingual(
        "sembuh atau meninggal tanpa tanggal; kasus ditutup menurut aturan jumlah hari",
        "recovered or died without a date; closed by the rule of days",
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
        "tanggal ini dapat berarti keduanya. Tanggal dibaca apa adanya, dengan hari lebih dahulu "
        "kecuali sumber menyebut month_first; tulis seperti 2021-07-31",
        "the column has days first and months first: these dates may be either. They were read "
        "as they stand, figures with the day first unless the source says month_first; write "
        "them as 2021-07-31",
    ),
    "area-mangled": Bilingual(
        "program lembar kerja memotong angka terakhir kode wilayah; kode itu tidak menunjuk "
        "wilayah",
        "a spreadsheet has cut the last digits of the area's code; it names no area",
    ),
    "rows-hidden": Bilingual(
        "tersembunyi atau tersaring di lembar kerja; baris itu dibaca seperti yang lain",
        "hidden or filtered in the spreadsheet; they were read like the others",
    ),
    "columns-hidden": Bilingual(
        "terletak di lembar dengan kolom tersembunyi, yang ikut dibaca",
        "stand in a sheet with hidden columns, which were read too",
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
        "hasil tes bukan kata yang dikenal di sini dan tidak dimuat",
        "the test result is not a known word and was left out",
    ),
    "health-letter-unknown": Bilingual(
        "ada tidaknya surat kesehatan ditulis dengan kata yang tidak dikenal di sini",
        "whether there is a health letter is not said in a known word",
    ),
    "origin-risk-unknown": Bilingual(
        "risiko daerah asal bukan kata yang dikenal di sini dan tidak dimuat",
        "the risk of the origin is not a known word and was left out",
    ),
    "reporter-unknown": Bilingual(
        "pelapor bukan kantor yang dikenal di sini dan tidak dimuat",
        "who reported is not a known office and was left out",
    ),
    "count-unreadable": Bilingual(
        "jumlah bukan bilangan bulat mulai dari nol; tidak dimuat",
        "the count is not a whole number from zero; it was left out",
    ),
    "stock-unreadable": Bilingual(
        "persediaan tidak menyebut angka dan tidak dimuat. Tulis oxygen: 12; masks: 300",
        "the stock names no numbers and was left out. Write oxygen: 12; masks: 300",
    ),
    "over-capacity": Bilingual(
        "yang terpakai lebih banyak daripada kapasitas",
        "more is in use than the capacity",
    ),
    "nik-mangled": Bilingual(
        "program lembar kerja memotong angka terakhir NIK; tidak dimuat",
        "a spreadsheet has cut the last digits of the NIK; it was left out",
    ),
    "nik-unusable": Bilingual(
        "NIK tidak terdiri dari enam belas angka, atau hanya satu angka yang berulang; tidak "
        "dimuat",
        "the NIK does not have sixteen digits, or repeats one digit; it was left out",
    ),
    "kk-mangled": Bilingual(
        "program lembar kerja memotong angka terakhir KK; tidak dimuat",
        "a spreadsheet has cut the last digits of the KK; it was left out",
    ),
    "kk-unusable": Bilingual(
        "KK tidak terdiri dari enam belas angka, atau hanya satu angka yang berulang; tidak dimuat",
        "the KK does not have sixteen digits, or repeats one digit; it was left out",
    ),
    "rt-unreadable": Bilingual(
        "nomor RT tidak dapat dibaca; tidak dimuat",
        "the number of the RT cannot be read; it was left out",
    ),
    "rw-unreadable": Bilingual(
        "nomor RW tidak dapat dibaca; tidak dimuat",
        "the number of the RW cannot be read; it was left out",
    ),
    "rows-left-out": Bilingual(
        "bukan catatan, misalnya jumlah, tanda tangan atau judul kolom yang berulang; tidak dimuat",
        "no records, such as totals, signatures or headings again; they were left out",
    ),
    "sheets-left-out": Bilingual(
        "dari lembar lain yang bentuknya berbeda; muat dengan --sheet",
        "of other sheets, whose form is another one; load them with --sheet",
    ),
    "coordinates-swapped": Bilingual(
        "bujur dan lintang tertukar; sudah dibetulkan",
        "longitude and latitude were exchanged; they were put right",
    ),
    "coordinates-sign": Bilingual(
        "lintang tidak punya tanda minus; sudah dibetulkan",
        "the latitude lacked its minus sign; it was put right",
    ),
    "coordinates-scaled": Bilingual(
        "titik desimal hilang; sudah dikembalikan",
        "the decimal point was lost; it was put back",
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
        "the coordinates are zero; they were set aside",
    ),
    "coordinates-not-numbers": Bilingual(
        "koordinat bukan angka; tidak dimuat",
        "the coordinates are not numbers; they were left out",
    ),
    "coordinates-impossible": Bilingual(
        "koordinat tidak ada di Bumi (bujur terletak antara -180 dan 180, lintang antara -90 dan "
        "90); tidak dimuat. Tulis derajat, seperti 110.4203 dan -6.9932",
        "the coordinates are no place on Earth (a longitude lies between "
        "-180 and 180, a latitude between -90 and 90); they were left out. Write degrees, like "
        "110.4203 and -6.9932",
    ),
    "coordinates-incomplete": Bilingual(
        "salah satu dari dua koordinat tidak ada; keduanya tidak dimuat",
        "one of the two coordinates is missing; both were left out",
    ),
    "coordinates-rough": Bilingual(
        "koordinat punya kurang dari empat desimal dan tidak dapat menunjukkan RT",
        "the coordinates have fewer than four decimals and cannot tell an RT",
    ),
    "coordinates-middle": Bilingual(
        "koordinat adalah titik tengah kelurahan, kecamatan atau kota dan tidak dapat "
        "menunjukkan RT",
        "the coordinates are the middle of a kelurahan, kecamatan or the city "
        "and cannot tell an RT",
    ),
    "coordinates-piled": Bilingual(
        "banyak alamat memakai koordinat yang persis sama, yang tidak dapat menunjukkan RT",
        "many addresses share these very coordinates, which cannot tell an RT",
    ),
    "coordinates-outside": Bilingual(
        "koordinat tidak terletak di wilayah mana pun; alamat yang dipakai",
        "the coordinates are in no area; the address was used instead",
    ),
    "superseded-left-out": Bilingual(
        "baris berikutnya di berkas asal sudah menggantikannya, dan baris itu datang lagi tanpa "
        "perubahan; tidak dimuat",
        "a later row of their file had taken their place, and they came back as "
        "they were; they were left out",
    ),
    "ids-restarted": Bilingual(
        "nomor di berkas ini milik orang lain: daftar ini tampaknya memberi nomor baru pada "
        "setiap pengiriman. Muat dengan --without-numbers (setiap catatan lalu dikenali dari NIK "
        "dan tanggal), atau buat nomornya unik",
        "the numbers of this file belong to other persons: the list seems to number its rows "
        "anew each time. Load it with --without-numbers (NIK and date name each record then), "
        "or make the numbers unique",
    ),
    "numbers-alike": Bilingual(
        "nomor hanya berbeda dari nomor yang dikenal karena nol di depan, dan tidak ada bukti "
        "bahwa orangnya sama; dianggap catatan lain",
        "the number differs from a known one only by leading zeros, and nothing shows "
        "that it is the same person; it was taken for another record",
    ),
    "dates-corrected": Bilingual(
        "hari kasus yang sudah dikenal berbeda di berkas ini",
        "the day of a known case is another one in this file",
    ),
    "double": Bilingual(
        "orang yang sama punya kasus yang sudah dikenal dalam jangka hari satu kasus, dengan "
        "nomor lain; baris ini disimpan dan tidak dihitung sampai ada yang memutuskan: `records "
        "duplicates`",
        "the same person has a known case within the days of one case, under another "
        "number; the row is kept and not counted until somebody decides: `records duplicates`",
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
"""What was noticed in rows that are taken all the same: words that follow a count of rows."""
