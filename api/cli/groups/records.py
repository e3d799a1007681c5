"""The group ``mikrozonasi records``."""

import typer

from api.cli.terminal.language import localised
from api.cli.terminal.lazy import add_command
from api.cli.unforeseen import SpokenGroup

records = typer.Typer(
    cls=SpokenGroup,
    no_args_is_help=True,
    help=localised(
        "Kasus, pendatang, tempat, indikator: muat berkas, lihat baris yang ditolak.",
        "Cases, newcomers, places, indicators: load a file, list what was rejected.",
    ),
)
add_command(
    records,
    "load",
    "api.cli.records.commands:load",
    "Periksa setiap baris berkas dan simpan yang baru; berkas yang sama dua kali tidak mengubah "
    "apa pun.",
    "Check every row of a file and keep what is new; the same file twice changes nothing.",
)
add_command(
    records,
    "sources",
    "api.cli.records.commands:sources",
    "Daftar bentuk berkas yang dikenal `records load --source`.",
    "List the ready sources: forms of files that `records load --source` knows.",
)
add_command(
    records,
    "rejected",
    "api.cli.records.commands:rejected",
    "Daftar baris yang ditolak, masing-masing dengan alasannya.",
    "List the rows that were turned away, each with its reasons.",
)
add_command(
    records,
    "dismiss",
    "api.cli.records.dismissing:dismiss_rows",
    "Tutup baris yang ditolak dengan alasan: keluar dari daftar tetapi tetap tercatat, semuanya "
    "atau "
    "tidak sama sekali.",
    "Close rejected rows with a reason: they leave the list and stay on record, all or none.",
)
add_command(
    records,
    "list",
    "api.cli.records.listing:list_records",
    "Daftar data dengan id, seperti yang diminta `withdraw`, `history`, dan `erase`.",
    "List records with their ids, as `withdraw`, `history` and `erase` ask for them.",
)
add_command(
    records,
    "history",
    "api.cli.records.corrections:show_history",
    "Tampilkan setiap versi satu data: kapan masuk, dari berkas mana, apa yang berubah.",
    "Show every version of a record: when it came, from which file, what changed.",
)
add_command(
    records,
    "withdraw",
    "api.cli.records.corrections:withdraw_records",
    "Tarik data yang seharusnya tidak ada: mulai sekarang tidak dihitung, semuanya atau tidak sama "
    "sekali.",
    "Withdraw records that should never have been: in no count from now on, all or none.",
)
add_command(
    records,
    "erase",
    "api.cli.records.erase:erase",
    "Hapus orang: datanya hilang dari setiap versi setiap data, jumlah kasus tetap.\n\n"
    "Tidak dapat dibatalkan, dan berkas yang memuat orang itu tidak mengembalikannya. Cadangan "
    "yang "
    "dibuat sebelumnya masih memuatnya: buat cadangan baru dan musnahkan yang lama.",
    "Erase persons: their data goes from every version of every record, the counts stay.\n\n"
    "It cannot be undone, and files that hold them will not bring them back. Backups made before "
    "hold them still: make a new one and destroy the old ones.",
)
add_command(
    records,
    "duplicates",
    "api.cli.records.listing:list_duplicates",
    "Daftar kasus satu orang dalam rentang hari satu kasus; tidak ada yang digabung.\n\n"
    "Satu data dari setiap kelompok dihitung sampai ada keputusan: lihat `records same` dan "
    "`records distinct`.",
    "List cases of one person within the days of one case; nothing is merged.\n\n"
    "One record of each group is counted until somebody decides: see `records same` and `records "
    "distinct`.",
)
add_command(
    records,
    "same",
    "api.cli.records.listing:same_case",
    "Putuskan bahwa beberapa kasus adalah satu: id pertama tetap dan dihitung, yang lain tidak.",
    "Decide that cases are one: the first id stands and is counted, the others are not.",
)
add_command(
    records,
    "distinct",
    "api.cli.records.listing:distinct_cases",
    "Putuskan bahwa kasus-kasus satu orang adalah kasus tersendiri: masing-masing dihitung.",
    "Decide that cases of one person are cases of their own: each is counted.",
)
add_command(
    records,
    "disagreements",
    "api.cli.records.commands:disagreements",
    "Daftar data yang koordinat dan alamatnya menunjuk RT berbeda, dan mana yang dipercaya.",
    "List records whose coordinates and address name different RT, and which was believed.",
)
add_command(
    records,
    "houses",
    "api.cli.records.house_doubts:house_doubts",
    "Daftar kasus yang rumahnya meragukan, dan penyebabnya.",
    "List cases whose houses are in doubt, and what leaves them so.",
)
add_command(
    records,
    "arrivals",
    "api.cli.records.late_arrivals:arrivals",
    "Tampilkan hari mana yang jumlah kasus terkonfirmasinya berubah karena data yang masuk pada "
    "satu "
    "hari.",
    "Show which days' confirmed cases changed by what arrived on a day.",
)
