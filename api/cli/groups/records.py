"""The group ``mikrozonasi records``."""

import typer

from api.cli.terminal.language import localised
from api.cli.terminal.lazy import add_command
from api.cli.unexpected_errors import ErrorReportingGroup

records = typer.Typer(
    cls=ErrorReportingGroup,
    no_args_is_help=True,
    help=localised(
        "Kasus, pendatang, tempat, indikator: muat berkas, lihat baris yang ditolak.",
        "Cases, newcomers, places, indicators: load a file, list the rejected rows.",
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
    "List the forms of files that `records load --source` knows.",
)
add_command(
    records,
    "rejected",
    "api.cli.records.commands:rejected",
    "Daftar baris yang ditolak, masing-masing dengan alasannya.",
    "List the rejected rows, each with its reasons.",
)
add_command(
    records,
    "dismiss",
    "api.cli.records.dismissing:dismiss_rows",
    "Tutup baris yang ditolak dengan alasan: keluar dari daftar tetapi tetap tercatat, semuanya "
    "atau tidak sama sekali.",
    "Close rejected rows with a reason: they leave the list and stay on record, all or none.",
)
add_command(
    records,
    "list",
    "api.cli.records.listing:list_records",
    "Daftar data dengan id, seperti yang diminta `withdraw`, `history`, dan `erase`.",
    "List records with their ids, which `withdraw`, `history` and `erase` take.",
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
    "Withdraw records that should not exist: from now on no count includes them, all or none.",
)
add_command(
    records,
    "erase",
    "api.cli.records.erase:erase",
    "Hapus orang: datanya hilang dari setiap versi setiap data, jumlah kasus tetap.\n\n"
    "Tidak dapat dibatalkan, dan berkas yang memuat orang itu tidak mengembalikannya. Cadangan "
    "yang dibuat sebelumnya masih memuatnya: buat cadangan baru dan musnahkan yang lama.",
    "Erase persons: every version of every record loses their data, the counts stay.\n\n"
    "This cannot be undone, and a file that names these persons does not bring them back. Earlier "
    "backups still hold these persons: make a new backup and destroy the old ones.",
)
add_command(
    records,
    "duplicates",
    "api.cli.records.listing:list_duplicates",
    "Daftar kasus satu orang dalam rentang hari satu kasus; tidak ada yang digabung.\n\n"
    "Satu data dari setiap kelompok dihitung sampai ada keputusan: lihat `records same` dan "
    "`records distinct`.",
    "List cases of one person within the days of one case; nothing is merged.\n\n"
    "One record of each group counts until somebody decides: see `records same` and "
    "`records distinct`.",
)
add_command(
    records,
    "same",
    "api.cli.records.listing:same_case",
    "Putuskan bahwa beberapa data adalah satu kasus: data dengan id pertama dihitung, data lain "
    "tidak.",
    "Decide that records are one case: the record of the first id counts, the other records do "
    "not.",
)
add_command(
    records,
    "distinct",
    "api.cli.records.listing:distinct_cases",
    "Putuskan bahwa data satu orang adalah kasus yang berbeda: masing-masing dihitung.",
    "Decide that records of one person are different cases: each record counts.",
)
add_command(
    records,
    "disagreements",
    "api.cli.records.commands:disagreements",
    "Daftar data yang koordinat dan alamatnya menunjuk RT berbeda, dan mana yang dipercaya.",
    "List records whose coordinates and address name different RT, and which of the two counts.",
)
add_command(
    records,
    "houses",
    "api.cli.records.house_doubts:house_doubts",
    "Daftar kasus yang rumahnya meragukan, dan penyebabnya.",
    "List cases with a doubtful house, and the reason for the doubt.",
)
add_command(
    records,
    "arrivals",
    "api.cli.records.late_arrivals:arrivals",
    "Tampilkan hari-hari yang jumlah kasus terkonfirmasinya berubah karena data yang masuk pada "
    "satu hari.",
    "Show the days whose number of confirmed cases changed through the records of one day.",
)
