"""The commands ``boundaries load`` and ``boundaries mend``."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Final

import geopandas as gpd
import typer

from api.cli.boundaries.column_options import with_columns
from api.cli.boundaries.file_options import (
    AllowFar,
    File,
    OutsideIndonesia,
    codes_of,
    settled,
    with_reading,
)
from api.cli.terminal.language import LANGUAGE, localised, number
from api.cli.terminal.output import (
    DEFAULT_DATABASE,
    Database,
    Json,
    progress,
    say,
    say_json,
    say_table,
    spoken_errors,
    stepper,
)
from api.cli.terminal.words import word
from geodata.boundaries import (
    GAP_WIDTH,
    MAX_CHANGE,
    Changes,
    Columns,
    Prepared,
    Reading,
    check_output,
    far_remarks,
    prepare,
    read_file,
    read_smallest_zone,
    repair,
    required,
    save_boundaries,
    timeline,
    with_city,
    write_polygons,
)
from geodata.language import Bilingual
from geodata.store import check_url, open_store
from zoning.phrases import no_rt_city

_READING: Final = Bilingual("Membaca", "Reading")
_MENDING: Final = Bilingual("Merapikan", "Mending")
_KEEPING: Final = Bilingual("Menyimpan", "Keeping")
_SHOWN: Final = 10

MaxChange = Annotated[
    float,
    typer.Option(
        min=0,
        help=localised(
            "Bagian luas yang boleh berubah saat dirapikan.",
            "Share of the ground that mending may change.",
        ),
    ),
]
GapWidth = Annotated[
    float,
    typer.Option(
        min=0,
        help=localised(
            "Meter; celah yang lebih lebar adalah kolam dan sungai, dan tetap.",
            "Metres; wider gaps are ponds and rivers, and stay.",
        ),
    ),
]


@with_columns
@with_reading
def load(  # noqa: PLR0913, PLR0917 - a command's parameters are its options
    file: File,
    columns: Columns,
    reading: Reading,
    database: Database = DEFAULT_DATABASE,
    smallest_zone: Annotated[
        str,
        typer.Option(
            metavar=localised("JENIS", "KIND"),
            help=localised(
                "Apa poligonnya bila RT tidak digambar: rw, dusun, atau sls. Aturan berbicara "
                "tentang RT; setiap keluaran menyebut hal itu.",
                "What the polygons are where RT are not drawn: rw, dusun or sls. The law means "
                "RT; every output then says so.",
            ),
        ),
    ] = "rt",
    max_change: MaxChange = MAX_CHANGE,
    gap_width: GapWidth = GAP_WIDTH,
    outside_indonesia: OutsideIndonesia = False,  # noqa: FBT002 - an option
    allow_far: AllowFar = False,  # noqa: FBT002 - an option
    in_force: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help=localised(
                "Hari pertama berlaku; bila tidak disebut, semua hari.",
                "First day they are in force; without it, all days.",
            ),
        ),
    ] = None,
    json: Json = False,  # noqa: FBT002 - an option of the command line
) -> None:
    """Mend polygons of the RT into a coverage and keep them, with all areas above."""
    with spoken_errors():
        check_url(database)
        smallest = read_smallest_zone(smallest_zone)
        with progress() as bar:
            tell = stepper(bar)
            tell(_READING, 0, 3)
            found = read_file(file, reading, columns)
            place = settled(
                found, reading, columns, outside_indonesia=outside_indonesia, allow_far=allow_far
            )
            columns = with_city(found.frame, columns)
            tell(_MENDING, 1, 3)
            prepared = prepare(
                found.frame,
                columns,
                max_change=max_change,
                gap_width=gap_width,
                smallest=smallest,
            )
            prepared = replace(
                prepared,
                remarks=(
                    place.sentence(),
                    *found.remarks,
                    *far_remarks(found.frame, codes_of(found, columns)),
                    *prepared.remarks,
                ),
            )
            tell(_KEEPING, 2, 3)
            with open_store(database, create=True) as store:
                since = None if in_force is None else in_force.date()
                before = [each for each in timeline(store) if each.since == since]
                kept = save_boundaries(
                    store, prepared.boundaries, file.name, prepared.summary(), in_force=since
                )
            tell(_KEEPING, 3, 3)
        status = "new" if kept else "unchanged"
        if json:
            say_json({**prepared.summary(), "status": status, "in_force": since})
        else:
            _tell_loaded(file, prepared, status, since)
            if kept and before:
                say(
                    f"Batas ini menggantikan batas dari {before[-1].source} untuk semua hari itu. "
                    "Untuk mengubah batas mulai satu hari, muat dengan --in-force TANGGAL.",
                    f"They take the place of those of {before[-1].source} for all these days. To "
                    "change boundaries from a day on, load them with --in-force DATE.",
                )


@with_reading
def mend(  # noqa: PLR0913, PLR0917 - a command's parameters are its options
    file: File,
    output: Annotated[
        Path,
        typer.Option(
            help=localised(
                "Berkas yang ditulis: .gpkg, .geojson, atau .parquet.",
                "Where to write: .gpkg, .geojson or .parquet.",
            )
        ),
    ],
    reading: Reading,
    code: Annotated[
        str | None,
        typer.Option(help=localised("Kolom yang menyebut wilayah.", "Column that names an area.")),
    ] = None,
    max_change: MaxChange = MAX_CHANGE,
    gap_width: GapWidth = GAP_WIDTH,
    outside_indonesia: OutsideIndonesia = False,  # noqa: FBT002 - an option
    allow_far: AllowFar = False,  # noqa: FBT002 - an option
    json: Json = False,  # noqa: FBT002 - an option of the command line
) -> None:
    """Mend polygons of any level into a coverage and write them, with all their columns."""
    with spoken_errors():
        check_output(output)
        found = read_file(file, reading, Columns(kelurahan_code=code or "kelurahan_code"))
        place = settled(found, reading, outside_indonesia=outside_indonesia, allow_far=allow_far)
        with progress() as bar:
            bar.add_task(_MENDING.text(LANGUAGE), total=None)
            mended, changes = _mended(found.frame, code, max_change, gap_width)
        write_polygons(mended, output)
        remarks = [place.sentence(), *found.remarks, *far_remarks(found.frame)]
        if json:
            about = {
                "read": len(found.frame),
                "written": len(mended),
                "remarks": [remark.en for remark in remarks],
            }
            say_json({**about, **changes.summary()})
        else:
            for remark in remarks:
                say(*remark)
            _tell_changes(changes)
            say(
                f"{len(mended)} wilayah ditulis ke {output}.",
                f"Wrote {len(mended)} areas to {output}.",
            )


def _mended(
    frame: gpd.GeoDataFrame, code: str | None, max_change: float, gap_width: float
) -> tuple[gpd.GeoDataFrame, Changes]:
    """The same rows and columns, mended; ``code`` names them in what is said."""
    named = gpd.GeoDataFrame(geometry=frame.geometry)
    if code is not None:
        named["code"] = required(frame, Columns(code=code), "code")
    shapes, changes = repair(named, max_change=max_change, gap_width=gap_width)
    return frame.loc[shapes.index].set_geometry(shapes.geometry), changes


def _tell_loaded(file: Path, prepared: Prepared, status: str, since: date | None) -> None:
    say_table(
        Bilingual(
            f"{file.name}: {prepared.read} poligon dibaca",
            f"{file.name}: {prepared.read} polygons read",
        ),
        ("level", "areas"),
        [(kind, number(count)) for kind, count in prepared.counts().items()],
    )
    for remark in prepared.remarks:
        say(*remark)
    _tell_changes(prepared.changes)
    for code, rows in prepared.merged.items():
        say(
            f"{code} digambar dalam {rows} baris; sekarang menjadi satu wilayah. Adakah yang salah "
            "label?",
            f"{code} is drawn in {rows} rows; they are one area now. Is one of them mislabelled?",
        )
    for name in prepared.unread:
        say(
            f"Label {name!r} tidak menyebut RT atau RW yang dapat dibaca; wilayah itu tidak akan "
            "berwarna. --labels memberi label seperti itu nomor.",
            f"The label {name!r} names no RT or RW that can be read; the area will never be "
            "coloured. --labels gives such labels numbers.",
        )
    zone = prepared.boundaries.smallest_zone
    if zone != "rt":
        say(*no_rt_city(zone))
    if status == "unchanged":
        say(
            f"Tetap: batas ini sudah berlaku ({prepared.boundaries.id}).",
            f"Unchanged: these boundaries are in force already ({prepared.boundaries.id}).",
        )
    else:
        days = _from(since)
        say(
            f"Batas {prepared.boundaries.id} berlaku {days.id}.",
            f"Boundaries {prepared.boundaries.id} are in force {days.en}.",
        )


def _from(since: date | None) -> Bilingual:
    if since is None:
        return Bilingual(
            "pada semua hari, sampai batas lain mulai", "on all days, until others begin"
        )
    return Bilingual(f"mulai {since}", f"from {since}")


def _tell_changes(changes: Changes) -> None:
    if changes.changed_m2:
        say_table(
            _title(changes),
            ("what", "count", "m2"),
            [
                (
                    word("rings that crossed themselves"),
                    len(changes.rings),
                    _m2(changes.rings["m2"]),
                ),
                (word("overlaps"), len(changes.given), _m2(changes.given["m2"])),
                (word("gaps filled"), len(changes.filled_m2), _m2(changes.filled_m2)),
            ],
        )
        say_table(
            Bilingual("Wilayah yang paling berubah", "Areas that changed most"),
            ("area", "gained m2", "lost m2"),
            [
                (code, number(gained), number(lost))
                for code, gained, lost in changes.per_area.head(_SHOWN).to_numpy()
            ],
        )
    else:
        say(
            "Poligon sudah rapi tanpa celah dan tumpang tindih; tidak ada yang diubah.",
            "The polygons are a coverage already; none was changed.",
        )
    for m2, width in changes.open_gaps.head(_SHOWN).to_numpy():
        say(
            f"Celah {number(m2)} m2, lebarnya sampai {number(width)} m, tetap ada. --gap-width "
            "mengisinya.",
            f"A gap of {number(m2)} m2, up to {number(width)} m wide, stays. --gap-width fills it.",
        )
    if changes.pieces > 1:
        say(
            f"Kota ini terdiri dari {changes.pieces} bagian yang tidak bersambung.",
            f"The city lies in {changes.pieces} pieces that share no edge.",
        )


def _m2(sizes: Any) -> str:  # noqa: ANN401 - a column or an array of square metres
    return number(float(sizes.sum()))


def _title(changes: Changes) -> Bilingual:
    m2, share = number(changes.changed_m2), number(100 * changes.share, 3)
    return Bilingual(
        f"{m2} m2 dirapikan, {share}% dari luas", f"Mended {m2} m2, {share}% of the ground"
    )
