"""The group ``mikrozonasi database``."""

import typer

from api.cli.terminal.language import localised
from api.cli.terminal.lazy import add_command
from api.cli.unexpected_errors import ErrorReportingGroup

database = typer.Typer(
    cls=ErrorReportingGroup,
    no_args_is_help=True,
    help=localised(
        "Basis data: buat, perbarui, cadangkan, pulihkan.",
        "The database: make, upgrade, back up, restore.",
    ),
)
add_command(
    database,
    "upgrade",
    "api.cli.database:upgrade",
    "Buat tabel untuk basis data baru, atau perbarui tabel versi lama.\n\n"
    "Isinya tetap. Semua atau tidak sama sekali: pembaruan yang terputus tidak mengubah basis "
    "data. Hentikan dulu server yang memakainya, dan siapkan rahasia kota sebagai berkas kunci "
    "atau MIKROZONASI_SECRET. Basis data PostgreSQL harus sudah ada: `createdb NAMA`.",
    "Make the tables of a new database, or upgrade tables of an older version.\n\n"
    "The data stays. All or nothing: an interrupted upgrade does not change the database. First "
    "stop the servers that use the database, and have the city's secret ready, as the key file or "
    "as MIKROZONASI_SECRET. A PostgreSQL database must already exist: `createdb NAME`.",
)
add_command(
    database,
    "backup",
    "api.cli.database:backup",
    "Tulis seluruh isi basis data pada satu saat ke satu berkas.\n\n"
    "Server boleh tetap berjalan. Berkas itu berisi data orang: simpan seperti data itu sendiri. "
    "Rahasia kota tidak ada di dalamnya. Simpan rahasia itu di tempat lain: tanpa rahasia itu "
    "basis data yang dipulihkan tidak dapat menerima data baru.",
    "Write the whole content of the database at one moment into one file.\n\n"
    "Servers may keep running. The file holds data of persons: protect it like the data. The "
    "city's secret is not in the file. Keep the secret in another place: without the secret a "
    "restored database cannot load new records.",
)
add_command(
    database,
    "restore",
    "api.cli.database:restore",
    "Isi basis data kosong dari berkas cadangan, semuanya atau tidak sama sekali.\n\n"
    "Tabel dibuat bila belum ada. Juga untuk pindah dari satu jenis basis data ke jenis lain. Beri "
    "basis data itu rahasia yang dulu dipakainya.",
    "Fill an empty database from a backup, all of it or nothing.\n\n"
    "Tables that do not exist are made. The command also moves a city from one kind of database "
    "to the other kind. Give the restored database its old secret.",
)
