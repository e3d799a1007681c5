"""The group ``mikrozonasi boundaries``."""

import typer

from api.cli.terminal.language import localised
from api.cli.terminal.lazy import add_command
from api.cli.unforeseen import SpokenGroup

boundaries = typer.Typer(
    cls=SpokenGroup,
    no_args_is_help=True,
    help=localised(
        "Poligon kota: periksa, rapikan, muat, buat.",
        "Polygons of the city: check, mend, load, make.",
    ),
)
add_command(
    boundaries,
    "check",
    "api.cli.boundaries.check:check",
    "Periksa poligon: tumpang tindih, celah, cincin tidak sah, dan lainnya, beserta letaknya.\n\n"
    "Kesalahan dalam berkas adalah jawaban, bukan kegagalan: status keluar 0 bila berkas dapat "
    "diperiksa.",
    "Say what is wrong with polygons: overlaps, gaps, invalid rings and more, and where.\n\n"
    "Faults are the answer, not a failure: the exit status is 0 where the file could be checked.",
)
add_command(
    boundaries,
    "make",
    "api.cli.boundaries.make:make",
    "Bagi poligon kelurahan, RW, atau dusun menjadi RT tanpa celah dan tumpang tindih.\n\n"
    "Sebutkan jumlah RT, seluruhnya atau untuk setiap poligon, atau letaknya. Garis di antara RT "
    "adalah rekaan: cukup untuk peta pertama, bukan untuk akta. Poligon tidak boleh tumpang "
    "tindih; "
    "celah di antaranya tetap. Untuk poligon RW, sebutkan kolom labelnya dengan --rw; RT lalu "
    "dinomori di dalam setiap RW.",
    "Divide polygons of kelurahan, RW or dusun into RT that tile them exactly.\n\n"
    "Say how many RT there are, in all or in each, or where they are. The lines between them are "
    "invented: fit for a first map, not for a deed. The polygons may not overlap; gaps between "
    "them stay. Of RW, say the column of their labels with --rw; RT are then numbered within them.",
)
add_command(
    boundaries,
    "load",
    "api.cli.boundaries.commands:load",
    "Rapikan poligon RT menjadi cakupan tanpa celah dan simpan bersama semua wilayah di "
    "atasnya.\n\n"
    "Tidak ada yang disimpan bila berkas salah. Berkas yang sama dua kali tidak mengubah apa pun.",
    "Mend polygons of the RT into a coverage and keep them, with all areas above.\n\n"
    "Nothing is kept where the file is at fault. The same file twice changes nothing.",
)
add_command(
    boundaries,
    "mend",
    "api.cli.boundaries.commands:mend",
    "Rapikan poligon tingkat mana pun menjadi cakupan tanpa celah dan tulis ke berkas, dengan "
    "semua "
    "kolomnya.",
    "Mend polygons of any level into a coverage and write them, with all their columns.",
)
add_command(
    boundaries,
    "versions",
    "api.cli.boundaries.versions:versions",
    "Daftar batas wilayah yang berlaku, urut waktu.",
    "List the boundaries in force one after the other.",
)
add_command(
    boundaries,
    "crosswalk",
    "api.cli.boundaries.versions:make_crosswalk",
    "Tulis bagian setiap RT lama yang terletak di setiap RT baru: 1.0 bila tidak berubah.",
    "Write which share of each old RT lies in which new one: 1.0 where nothing changed.",
)
