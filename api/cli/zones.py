"""Commands on zones: judge days, write a day to a file."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import typer

from api.cli.terminal.language import localised, number
from api.cli.terminal.output import (
    DEFAULT_DATABASE,
    Database,
    Json,
    progress,
    say,
    say_json,
    say_table,
    spoken_errors,
    teller,
    tracked,
)
from api.cli.terminal.words import word
from api.rule_settings import RuleSettings
from api.settings import read_settings
from geodata.areas import Level
from geodata.clock import read_moment
from geodata.language import Bilingual
from geodata.store import open_store
from zoning.city import City
from zoning.days.daily import RanDay, every_day, run_days
from zoning.days.runs import DayZones
from zoning.disclosure.source import public_day
from zoning.export import Format, export_tiles, export_zones
from zoning.phrases import no_rt_city
from zoning.public.areas import risks_of_leaves
from zoning.rules import Rulebook, open_rulebook
from zoning.tiles.day import DayTiles
from zoning.tiles.pyramid import open_pyramid

_DAYS_SHOWN = 14

_RUNNING = Bilingual("Menghitung hari", "Running days")


def iso_day(text: str) -> date:
    """A day as the command line takes it."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            localised(
                f"{text!r} bukan tanggal. Tulis tahun, bulan, dan hari: 2021-07-15.",
                f"{text!r} is no day. Write year, month and day: 2021-07-15.",
            )
        ) from None


def _day(name: str, indonesian: str, english: str) -> Any:  # noqa: ANN401  (typer's own)
    return typer.Option(
        name, parser=iso_day, metavar="YYYY-MM-DD", help=localised(indonesian, english)
    )


RuleId = Annotated[
    str | None,
    typer.Option(
        "--rule",
        help=localised(
            "Pakai aturan ini, bukan yang berlaku; lihat `zones rules`.",
            "Judge by this rule, not the one in force; see `zones rules`.",
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
            "CSV and XLSX are without shapes. PMTiles are the day's public vector tiles, all "
            "levels in one file and without counts.",
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
            "As known then: 2021-07-05T18:00 is UTC; write 2021-07-05T18:00+07:00 for the "
            "city's own time.",
        ),
    ),
]


def run(
    database: Database = DEFAULT_DATABASE,
    day: Annotated[
        date | None, _day("--date", "Satu hari yang dihitung.", "The one day to judge.")
    ] = None,
    first: Annotated[date | None, _day("--from", "Hari pertama.", "First day of a range.")] = None,
    last: Annotated[date | None, _day("--to", "Hari terakhir.", "Last day of the range.")] = None,
    rule: RuleId = None,
    json: Json = False,  # noqa: FBT002  (typer's way to say --json)
) -> None:
    """Judge days by the records as they are now and publish them, all or none."""
    bounds = _range(day, first, last)
    with spoken_errors():
        days = every_day(*bounds)
        book = open_rulebook(RuleSettings().rules)
        with open_store(database) as store, tracked(_RUNNING) as tell:
            ran = run_days(store, None, days, rule_id=rule, progress=tell, rules=book)
    if json:
        say_json(_summary(ran))
    else:
        _say_runs(ran, book)


def export(  # noqa: PLR0913, PLR0917 - a command's parameters are its options
    output: Annotated[
        Path, typer.Option("--output", help=localised("Berkas yang ditulis.", "The file to write."))
    ],
    form: FileFormat,
    database: Database = DEFAULT_DATABASE,
    day: Annotated[
        date | None,
        _day(
            "--date",
            "Bila tidak disebut: hari terbaru yang terbit.",
            "The newest published where not given.",
        ),
    ] = None,
    level: Annotated[
        Level,
        typer.Option(
            help=localised(
                "Tingkat wilayah; PMTiles memuat semuanya.", "Level of the areas; PMTiles have all."
            )
        ),
    ] = "rt",
    known_at: KnownAt = None,
    anew: Annotated[  # noqa: FBT002
        bool,
        typer.Option(
            "--anew",
            help=localised(
                "Hitung hari itu sekarang, apa pun yang sudah diterbitkan.",
                "Judge the day now, whatever was published of it.",
            ),
        ),
    ] = False,
    json: Json = False,  # noqa: FBT002
) -> None:
    """Write the zones of a day, with their counts: a file for officials."""
    if form == "pmtiles" and level != "rt":
        raise typer.BadParameter(
            localised(
                "PMTiles memuat semua tingkat dalam satu berkas: hilangkan --level, atau pilih "
                "--format lain.",
                "PMTiles hold all levels in one file: leave --level out, or choose another "
                "--format.",
            )
        )
    with spoken_errors(), open_store(database) as store:
        city = City(store, rules=open_rulebook(RuleSettings().rules))
        moment = None if known_at is None else read_moment(known_at)
        judged = _asked(city, day, moment, anew=anew)
        zone = city.smallest_zone(judged)
        if form == "pmtiles":
            what, many = "tiles", _export_tiles(city, database, judged, output)
        else:
            found = city.zones_for_officials(judged, level, moment)
            export_zones(found, output, form, city.rules.classes)
            what, many = "zones", len(found)
    if json:
        of_level = None if what == "tiles" else level
        summary = {
            "date": judged.date,
            "run": judged.public_id,
            "input_digest": judged.run,
            "rule": judged.rule,
            "level": of_level,
        }
        known = {"known_at": moment and f"{moment.isoformat()}Z", "published": judged.published}
        say_json({**summary, **known, "format": form, "output": str(output), what: many})
    else:
        of_what = word(what)
        say(
            f"{number(many)} {of_what} untuk {judged.date} (hitungan {judged.public_id}) ada di "
            f"{output}.",
            f"{number(many)} {of_what} of {judged.date} (run {judged.public_id}) are in {output}.",
        )
        if zone != "rt":
            say(*no_rt_city(zone))
        if not judged.published:
            when = _when(moment, city.store.settings.timezone)
            say(
                f"Zona itu belum diterbitkan: isinya menurut data yang diketahui {when.id}.",
                "These zones are not published. They are computed from the records known "
                f"{when.en}.",
            )


def _export_tiles(city: City, database: str, judged: DayZones, output: Path) -> int:
    day, ground = public_day(judged), city.ground(judged)
    with progress() as bar:
        folder = read_settings(database).tiles_at
        pyramid = open_pyramid(ground, folder, teller(bar), city.rules.classes)
    return export_tiles(DayTiles(pyramid, risks_of_leaves(ground.boundaries, day)), day, output)


def _asked(city: City, day: date | None, moment: datetime | None, *, anew: bool) -> DayZones:
    if anew:
        return city.judged(day or city.published(known_at=moment).date, moment)
    return city.day(day, moment)


def _when(moment: datetime | None, timezone: ZoneInfo) -> Bilingual:
    if moment is None:
        return Bilingual("sekarang", "now")
    local = moment.replace(tzinfo=UTC).astimezone(timezone)
    return Bilingual(
        f"pada {moment:%Y-%m-%d %H:%M} UTC, {local:%H:%M} waktu kota",
        f"at {moment:%Y-%m-%d %H:%M} UTC, {local:%H:%M} in the city,",
    )


def _range(day: date | None, first: date | None, last: date | None) -> tuple[date, date]:
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


def _summary(ran: list[RanDay]) -> dict[str, Any]:
    states = [one.state for one in ran]
    return {
        "published": states.count("published"),
        "unchanged": states.count("unchanged"),
        "days": [one.plain() for one in ran],
    }


def _say_runs(ran: list[RanDay], book: Rulebook) -> None:
    shown = ran[-_DAYS_SHOWN:]
    say_table(
        _title(len(shown), len(ran)),
        ["date", *(one.name.id for one in book.classes), "rule"],
        [[one.date, *one.counts.values(), _named(one)] for one in shown],
    )
    summary = _summary(ran)
    published, unchanged = summary["published"], summary["unchanged"]
    say(
        f"Hari diterbitkan: {published}; tetap: {unchanged}.",
        f"Days published: {published}; unchanged: {unchanged}.",
    )


def _title(shown: int, days: int) -> Bilingual:
    if days == shown:
        return Bilingual("Hari", "Days")
    return Bilingual(f"{shown} hari terakhir dari {days}", f"The last {shown} of {days} days")


def _named(one: RanDay) -> str:
    if one.retrospective:
        return localised(f"{one.rule} (surut)", f"{one.rule} (in retrospect)")
    return one.rule
