"""Commands on zones: judge days, write a day to a file, list the rules."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import typer

from api.cli.output import (
    DEFAULT_DATABASE,
    Database,
    Json,
    progress,
    say,
    say_json,
    say_table,
    spoken_errors,
    teller,
)
from api.settings import read_settings
from geodata.areas import Level
from geodata.clock import read_moment
from geodata.store import open_store
from zoning.city import City
from zoning.days.daily import Run, every_day, run_days
from zoning.days.runs import DayZones
from zoning.disclosure.source import public_day
from zoning.export import Format, export_tiles, export_zones
from zoning.phrases import no_rt_city
from zoning.public.areas import risks_of_leaves
from zoning.risk import RISKS
from zoning.rules import Rule, all_rules
from zoning.tiles.day import DayTiles
from zoning.tiles.pyramid import open_pyramid

zones = typer.Typer(no_args_is_help=True, help="Zones: judge days, export one, list the rules.")

_DAYS_SHOWN = 14
_SHOWN = ("id", "unit", "yellow", "orange", "red", "in_force")


def iso_day(text: str) -> date:
    """A day as the command line takes it."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is no day. Write year, month and day: 2021-07-15."
        ) from None


def _day(name: str, say_what: str) -> Any:  # noqa: ANN401  (what typer makes is its own)
    return typer.Option(name, parser=iso_day, metavar="YYYY-MM-DD", help=say_what)


RuleId = Annotated[
    str | None,
    typer.Option("--rule", help="Judge by this rule, not the one in force; see `zones rules`."),
]

FileFormat = Annotated[
    Literal[Format, "pmtiles"],
    typer.Option(
        "--format",
        help="CSV and XLSX are without shapes. PMTiles are the day's public vector tiles, all "
        "levels in one file and without counts.",
    ),
]
KnownAt = Annotated[
    str | None,
    typer.Option(
        "--known-at",
        metavar="MOMENT",
        help="As known then: 2021-07-05T18:00 is UTC; write 2021-07-05T18:00+07:00 for the "
        "city's own time.",
    ),
]


@zones.command()
def run(
    database: Database = DEFAULT_DATABASE,
    day: Annotated[date | None, _day("--date", "The one day to judge.")] = None,
    first: Annotated[date | None, _day("--from", "First day of a range.")] = None,
    last: Annotated[date | None, _day("--to", "Last day of the range.")] = None,
    rule: RuleId = None,
    json: Json = False,  # noqa: FBT002  (typer's way to say --json)
) -> None:
    """Judge days by the records as they are now and publish them, all or none."""
    bounds = _range(day, first, last)
    with spoken_errors():
        days = every_day(*bounds)
        with open_store(database) as store, progress() as bar:
            task = bar.add_task("judging days", total=len(days))
            ran = run_days(
                store,
                None,
                days,
                rule_id=rule,
                progress=lambda doing, done, total: bar.update(
                    task, description=doing, completed=done, total=total
                ),
            )
    if json:
        say_json(_summary(ran))
    else:
        _say_runs(ran)


@zones.command()
def export(  # noqa: PLR0913, PLR0917 - a command's parameters are its options
    output: Annotated[Path, typer.Option("--output", help="The file to write.")],
    form: FileFormat,
    database: Database = DEFAULT_DATABASE,
    day: Annotated[date | None, _day("--date", "The newest published where not given.")] = None,
    level: Annotated[Level, typer.Option(help="Level of the areas; PMTiles have all.")] = "rt",
    known_at: KnownAt = None,
    anew: Annotated[  # noqa: FBT002
        bool, typer.Option("--anew", help="Judge the day now, whatever was published of it.")
    ] = False,
    json: Json = False,  # noqa: FBT002
) -> None:
    """Write the zones of a day, with their counts: a file for officials.

    Beside the colours: newcomers and deaths of the rule's days, newcomers in quarantine.

    As they stand published. With --known-at as they stood then, and where nothing of the day was
    published by then, as judged from the records known then.
    """
    if form == "pmtiles" and level != "rt":
        raise typer.BadParameter(
            "PMTiles hold all levels in one file: leave --level out, or choose another --format."
        )
    with spoken_errors(), open_store(database) as store:
        city = City(store)
        moment = None if known_at is None else read_moment(known_at)
        judged = _asked(city, day, moment, anew=anew)
        zone = city.smallest_zone(judged)
        if form == "pmtiles":
            what, many = "tiles", _export_tiles(city, database, judged, output)
        else:
            found = city.zones_for_officials(judged, level, moment)
            export_zones(found, output, form)
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
        say(f"{many:,} {what} of {judged.date} (run {judged.public_id}) are in {output}.")
        if zone != "rt":
            say(no_rt_city(zone).en)
        if not judged.published:
            known_then = _when(moment, city.store.settings.timezone)
            say(f"They were not published: they are what the records known {known_then} say.")


def _export_tiles(city: City, database: str, judged: DayZones, output: Path) -> int:
    day, ground = public_day(judged), city.ground(judged)
    with progress() as bar:
        folder = read_settings(database).tiles_at
        pyramid = open_pyramid(ground, folder, teller(bar))
    return export_tiles(DayTiles(pyramid, risks_of_leaves(ground.boundaries, day)), day, output)


def _asked(city: City, day: date | None, moment: datetime | None, *, anew: bool) -> DayZones:
    if anew:
        return city.judged(day or city.published(known_at=moment).date, moment)
    return city.day(day, moment)


def _when(moment: datetime | None, timezone: ZoneInfo) -> str:
    if moment is None:
        return "now"
    local = moment.replace(tzinfo=UTC).astimezone(timezone)
    return f"at {moment:%Y-%m-%d %H:%M} UTC, {local:%H:%M} in the city,"


@zones.command()
def rules(json: Json = False) -> None:  # noqa: FBT002
    """List the rules that days can be judged by."""
    if json:
        say_json({"rules": [_rule(one) for one in all_rules()]})
    else:
        say_table(
            "Rules",
            ["id", "counts", *(risk.name.id for risk in RISKS[1:]), "in force"],
            [[_rule(one)[key] for key in _SHOWN] for one in all_rules()],
        )


def _range(day: date | None, first: date | None, last: date | None) -> tuple[date, date]:
    if day is not None and first is None and last is None:
        return day, day
    if day is None and first is not None and last is not None:
        return first, last
    raise typer.BadParameter("Give either --date, or both --from and --to.")


def _summary(ran: list[Run]) -> dict[str, Any]:
    states = [one.state for one in ran]
    return {
        "published": states.count("published"),
        "unchanged": states.count("unchanged"),
        "days": [one._asdict() for one in ran],
    }


def _say_runs(ran: list[Run]) -> None:
    shown = ran[-_DAYS_SHOWN:]
    say_table(
        f"The last {len(shown)} of {len(ran)} days" if len(ran) > len(shown) else "Days",
        ["date", *(risk.name.id for risk in RISKS), "rule"],
        [[one.date, one.green, one.yellow, one.orange, one.red, _named(one)] for one in shown],
    )
    summary = _summary(ran)
    say(f"Days published: {summary['published']}; unchanged: {summary['unchanged']}.")


def _named(one: Run) -> str:
    return f"{one.rule} (in retrospect)" if one.retrospective else one.rule


def _rule(one: Rule) -> dict[str, Any]:
    force = one.in_force
    return {
        "id": one.id,
        "title": one.title.id,
        "unit": one.unit,
        "window": one.window,
        "yellow": one.thresholds.yellow,
        "orange": one.thresholds.orange,
        "red": one.thresholds.red,
        "in_force": "on request" if force is None else f"{force.since} to {force.until or 'now'}",
    }
