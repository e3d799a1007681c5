"""Texts of the page about the colours."""

from typing import Final

from geodata.language import Bilingual

UNITS: Final = {
    "houses": Bilingual(
        "Warna menghitung rumah dengan kasus terkonfirmasi, bukan orang yang sakit.",
        "A colour counts houses with a confirmed case, not people who are ill.",
    ),
    "cases": Bilingual(
        "Warna menghitung kasus terkonfirmasi, bukan semua orang yang sakit.",
        "A colour counts confirmed cases, not all people who are ill.",
    ),
    "active": Bilingual(
        "Warna menghitung kasus yang masih aktif, bukan semua orang yang sakit.",
        "A colour counts cases that are still active, not all people who are ill.",
    ),
}
"""What a colour counts, by the unit of the rule."""
TEXTS: Final = {
    "title": Bilingual("Tentang warna dan data ini", "About the colours and the data"),
    "description": Bilingual(
        "Dari mana warna berasal, apa yang tidak dikatakannya, dan apa yang dirahasiakan.",
        "Where the colours come from, what they do not tell, and what is kept private.",
    ),
    "made": Bilingual("Dari mana warna ini", "Where the colours come from"),
    "day": Bilingual("Hari", "Day"),
    "rule": Bilingual("Aturan", "Rule"),
    "law": Bilingual("Dasar hukum", "Law"),
    "run": Bilingual("Hitungan", "Run"),
    "run_why": Bilingual(
        "Id ini berasal dari hari, aturan, batas wilayah dan warnanya. Warna yang sama selalu "
        "mempunyai id yang sama.",
        "This id comes from the day, the rule, the boundaries and the colours. The same colours "
        "always have the same id.",
    ),
    "boundaries": Bilingual("Batas wilayah", "Boundaries"),
    "boundaries_id": Bilingual("versi {id}", "version {id}"),
    "published": Bilingual("Hari yang diterbitkan", "Published days"),
    "published_days": Bilingual("{n} hari, {first} sampai {last}", "{n} days, {first} to {last}"),
    "rule_link": Bilingual("Arti warna dan kewajibannya", "What the colours mean and require"),
    "late": Bilingual("Laporan datang terlambat", "Reports arrive late"),
    "late_case": Bilingual(
        "Sebuah kasus dihitung pada hari konfirmasinya. Laporannya sering baru datang beberapa "
        "hari kemudian.",
        "A case counts on the day of its confirmation. Its report often arrives some days later.",
    ),
    "late_days": Bilingual(
        "Karena itu warna hari-hari terakhir bisa terlalu rendah. Setelah laporan datang, hari itu "
        "dihitung dan diterbitkan lagi.",
        "So the colours of the last days may be too low. When the report has arrived, the day is "
        "computed and published again.",
    ),
    "late_complete": Bilingual(
        "Sampai {day}, sebagian besar laporan biasanya sudah datang.",
        "Up to {day}, most reports have usually arrived.",
    ),
    "cannot": Bilingual("Yang tidak dikatakan warna", "What the colours do not tell"),
    "cannot_who": Bilingual(
        "Siapa yang sakit dan di rumah mana. Jangan mencarinya, jangan mengucilkan tetangga.",
        "Who is ill, and in which house. Do not search for them, and do not shun a neighbour.",
    ),
    "cannot_safe": Bilingual(
        "Bahwa warna terendah aman. Orang tanpa gejala atau tanpa tes tidak terhitung.",
        "That the lowest colour is safe. People without symptoms or without a test do not count.",
    ),
    "cannot_size": Bilingual(
        "Berapa besar bahaya bagi seseorang. {zone} besar dan kecil memakai batas yang sama.",
        "How great the danger is for a person. Large and small {zone} have the same limits.",
    ),
    "cannot_unplaced": Bilingual(
        "Kasus yang alamatnya tidak diketahui: tidak masuk ke {zone} mana pun.",
        "Cases whose address is not known: they belong to no {zone}.",
    ),
    "cannot_visited": Bilingual(
        "Di mana orang tertular. Kasus dihitung di tempat tinggal.",
        "Where people were infected. A case counts where the person lives.",
    ),
    "cannot_larger": Bilingual(
        "Warna kelurahan, kecamatan atau kota. Aturan memberi warna pada {zone} saja.",
        "A colour of a kelurahan, a kecamatan or the city. The rule colours {zone} only.",
    ),
    "privacy": Bilingual("Yang dirahasiakan", "What is kept private"),
    "privacy_small": Bilingual(
        "Setiap {zone} hanya mempunyai warna. Jumlah orang yang kecil disembunyikan, supaya tidak "
        "ada orang yang dapat dikenali.",
        "Each {zone} has a colour only. Small numbers of people are hidden, so that nobody can be "
        "recognised.",
    ),
    "privacy_but": Bilingual(
        "Namun warna saja sudah memberi petunjuk: hari pertama sebuah warna sering sama dengan "
        "hari konfirmasi sebuah kasus.",
        "But a colour alone is a hint: the first day of a colour often is the day on which a case "
        "was confirmed.",
    ),
    "privacy_names": Bilingual(
        "Nama dan nomor telepon orang tidak disimpan. NIK dan nomor KK diganti dengan kode sebelum "
        "disimpan.",
        "Names and telephone numbers of people are not stored. A code replaces NIK and family-card "
        "numbers before they are stored.",
    ),
    "privacy_you": Bilingual(
        "Halaman ini tidak memasang cookie, tidak memakai layanan situs lain, dan sama untuk semua "
        "orang.",
        "These pages set no cookie, use no service of another site, and are the same for everyone.",
    ),
    "privacy_contact": Bilingual("Pertanyaan tentang data pribadi", "Questions on personal data"),
    "download_ogc": Bilingual(
        "Semua hari untuk QGIS dan program lain: OGC API",
        "All days for QGIS and other programs: OGC API",
    ),
    "download_api": Bilingual("Semua alamat data", "All addresses of data"),
    "map_embed": Bilingual("Pasang peta di situs Anda", "Put the map in your site"),
}
