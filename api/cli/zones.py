"""Commands on zones: compute and publish days, write one day to a file."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo

import typer

from api.cli.terminal.headings import heading
from api.cli.terminal.language import LANGUAGE, format_number, localised
from api.cli.terminal.options import DEFAULT_DATABASE, Database, Json, day_option
from api.cli.terminal.output import (
    bar_for_each_task,
    print_json,
    print_message,
    print_table,
    progress_bar,
    report_errors,
    show_progress,
)
from api.rule_settings import RuleSettings
from api.settings import read_settings
from geodata.areas import Level
from geodata.clock import read_moment
from geodata.language import Bilingual
from geodata.store import open_store
from zoning.city import City
from zoning.days.daily import DayResult, every_day, run_days
from zoning.days.runs import DayZones
from zoning.disclosure.source import public_day
from zoning.export import Format, export_tiles, export_zones
from zoning.phrases import no_rt_city_remark
from zoning.public.areas import smallest_area_risks
from zoning.rules import Rulebook, open_rulebook
from zoning.tiles.day import DayTiles
from zoning.tiles.pyramid import open_pyramid

_DAYS_SHOWN: Final = 14
_RUNNING: Final = Bilingual("Menghitung hari", "Computing days")

RuleId = Annotated[
    str | None,
    typer.Option(
        "--rule",
        help=localised(
            "Pakai aturan ini, bukan yang berlaku; lihat `zones rules`.",
            "Use this rule instead of the rule in force; see `zones rules`.",
        ),
    ),
]

FileFormat = Annotated[
    Literal[Format, "pmtiles"],
    typer.Option(
        "--format",
        help=localised(
            "CSV dan XLSX tanpa bentuk wilayah. PMTiles adalah tile vektor publik hari itu, semua "
            "tingkat dalam satu berkas dan tanpa jumlah.",
            "CSV and XLSX have no shapes. PMTiles hold the public vector tiles of the day: all "
            "levels in one file, without counts.",
        ),
    ),
]
KnownAt = Annotated[
    str | None,
    typer.Option(
        "--known-at",
        metavar="MOMENT",
        help=localised(
            "Seperti diketahui saat itu: 2021-07-05T18:00 adalah UTC; untuk waktu kota tulis "
            "2021-07-05T18:00+07:00.",
            "As known at this moment: 2021-07-05T18:00 is UTC; write 2021-07-05T18:00+07:00 for "
            "the time of the city.",
        ),
    ),
]


def run(
    database: Database = DEFAULT_DATABASE,
    day: Annotated[
        date | None, day_option("--date", "Satu hari yang dihitung.", "One day to compute.")
    ] = None,
    first: Annotated[
        date | None, day_option("--from", "Hari pertama.", "First day of a range.")
    ] = None,
    last: Annotated[
        date | None, day_option("--to", "Hari terakhir.", "Last day of a range.")
    ] = None,
    rule: RuleId = None,
    json: Json = False,  # noqa: FBT002  (typer's way to say --json)
) -> None:
    """The command ``zones run``."""
    bounds = _first_and_last(day, first, last)
    with report_errors():
        days = every_day(*bounds)
        book = open_rulebook(RuleSettings().rules)
        with open_store(database) as store, show_progress(_RUNNING) as report:
            runs = run_days(store, None, days, rule_id=rule, progress=report, rules=book)
    if json:
        print_json(_summary(runs))
    else:
        _print_runs(runs, book)


def export(  # noqa: PLR0913, PLR0917 - a command's parameters are its options
    output: Annotated[
        Path, typer.Option("--output", help=localised("Berkas yang ditulis.", "The file to write."))
    ],
    form: FileFormat,
    database: Database = DEFAULT_DATABASE,
    day: Annotated[
        date | None,
        day_option(
            "--date",
            "Hari; bila tidak disebut, hari terbaru yang terbit.",
            "The day; by default the newest published day.",
        ),
    ] = None,
    level: Annotated[
        Level,
        typer.Option(
            help=localised(
                "Tingkat wilayah; PMTiles memuat semua tingkat.",
                "Level of the areas; PMTiles hold all levels.",
            )
        ),
    ] = "rt",
    known_at: KnownAt = None,
    anew: Annotated[  # noqa: FBT002
        bool,
        typer.Option(
            "--anew",
            help=localised(
                "Hitung hari itu sekarang, walaupun sudah diterbitkan.",
                "Compute the day now, even if it is already published.",
            ),
        ),
    ] = False,
    json: Json = False,  # noqa: FBT002
) -> None:
    """The command ``zones export``."""
    if form == "pmtiles" and level != "rt":
        raise typer.BadParameter(
            localised(
                "PMTiles memuat semua tingkat dalam satu berkas. Hapus --level, atau pilih "
                "--format lain.",
                "PMTiles hold all levels in one file. Leave --level out, or choose another "
                "--format.",
            )
        )
    with report_errors(), open_store(database) as store:
        city = City(store, rules=open_rulebook(RuleSettings().rules))
        moment = None if known_at is None else read_moment(known_at)
        zones = _zones_of_day(city, day, moment, anew=anew)
        smallest_zone = city.smallest_zone(zones)
        if form == "pmtiles":
            unit, count = "tiles", _export_tiles(city, database, zones, output)
        else:
            frame = city.zones_for_officials(zones, level, moment)
            export_zones(frame, output, form, city.rules.classes)
            unit, count = "zones", len(frame)
    if json:
        print_json(
            {
                "date": zones.date,
                "run": zones.public_id,
                "input_digest": zones.run,
                "rule": zones.rule,
                "level": None if unit == "tiles" else level,
                "known_at": moment and f"{moment.isoformat()}Z",
                "published": zones.published,
                "format": form,
                "output": str(output),
                unit: count,
            }
        )
    else:
        counted = f"{format_number(count)} {heading(unit)}"
        print_message(
            f"{counted} untuk {zones.date} (hitungan {zones.public_id}) ada di {output}.",
            f"{counted} of {zones.date} (run {zones.public_id}) are in {output}.",
        )
        if smallest_zone != "rt":
            print_message(*no_rt_city_remark(smallest_zone))
        if not zones.published:
            known = _moment_known(moment, city.store.settings.timezone)
            print_message(
                f"Zona itu belum diterbitkan: isinya menurut data yang diketahui {known.id}.",
                "These zones are not published. They are computed from the records known "
                f"{known.en}.",
            )


def _export_tiles(city: City, database: str, zones: DayZones, output: Path) -> int:
    """Write the tiles of a day to one file; returns the number of tiles."""
    day, ground = public_day(zones), city.ground(zones)
    with progress_bar() as bar:
        folder = read_settings(database).tiles_path
        pyramid = open_pyramid(ground, folder, bar_for_each_task(bar), city.rules.classes)
    return export_tiles(DayTiles(pyramid, smallest_area_risks(ground.boundaries, day)), day, output)


def _zones_of_day(city: City, day: date | None, moment: datetime | None, *, anew: bool) -> DayZones:
    if anew:
        return city.compute_day(day or city.published(known_at=moment).date, moment)
    return city.day(day, moment)


def _moment_known(moment: datetime | None, timezone: ZoneInfo) -> Bilingual:
    """The moment of the known records, as a part of a sentence."""
    if moment is None:
        return Bilingual("sekarang", "now")
    local = moment.replace(tzinfo=UTC).astimezone(timezone)
    return Bilingual(
        f"pada {moment:%Y-%m-%d %H:%M} UTC, {local:%H:%M} waktu kota",
        f"at {moment:%Y-%m-%d %H:%M} UTC, {local:%H:%M} in the city,",
    )


def _first_and_last(day: date | None, first: date | None, last: date | None) -> tuple[date, date]:
    if day is not None and first is None and last is None:
        return day, day
    if day is None and first is not None and last is not None:
        return first, last
    raise typer.BadParameter(
        localised(
            "Isi --date, atau --from dan --to keduanya.",
            "Give either --date, or both --from and --to.",
        )
    )


def _summary(runs: list[DayResult]) -> dict[str, Any]:
    states = [run.state for run in runs]
    return {
        "published": states.count("published"),
        "unchanged": states.count("unchanged"),
        "days": [run.to_dict() for run in runs],
    }


def _print_runs(runs: list[DayResult], book: Rulebook) -> None:
    shown = runs[-_DAYS_SHOWN:]
    class_names = [risk_class.name.text(LANGUAGE) for risk_class in book.classes]
    print_table(
        _title(len(shown), len(runs)),
        ["date", *class_names, "rule"],
        [[run.date, *run.counts.values(), _rule_name(run)] for run in shown],
    )
    summary = _summary(runs)
    published, unchanged = summary["published"], summary["unchanged"]
    print_message(
        f"Hari diterbitkan: {published}; tetap: {unchanged}.",
        f"Days published: {published}; unchanged: {unchanged}.",
    )


def _title(shown: int, days: int) -> Bilingual:
    if days == shown:
        return Bilingual("Hari", "Days")
    return Bilingual(f"{shown} hari terakhir dari {days}", f"The last {shown} of {days} days")


def _rule_name(run: DayResult) -> str:
    if run.retrospective:
        return localised(f"{run.rule} (surut)", f"{run.rule} (in retrospect)")
    return run.rule
