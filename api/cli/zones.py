"""Commands on zones: judge days, write a day to a file, list the rules."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

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
)
from geodata.areas import Level
from geodata.boundaries import load_boundaries
from geodata.store import open_store
from zoning.city import City
from zoning.daily import Run, every_day, run_days
from zoning.export import Format, export_zones
from zoning.risk import RISKS
from zoning.rules import Rule, all_rules

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
        with open_store(database) as store:
            boundaries = load_boundaries(store)
            with progress() as bar:
                task = bar.add_task("judging days", total=len(days))
                ran = run_days(
                    store,
                    boundaries,
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
def export(
    output: Annotated[Path, typer.Option("--output", help="The file to write.")],
    form: Annotated[Format, typer.Option("--format", help="CSV and XLSX are without shapes.")],
    database: Database = DEFAULT_DATABASE,
    day: Annotated[date | None, _day("--date", "The newest published where not given.")] = None,
    level: Annotated[Level, typer.Option(help="Level of the areas.")] = "rt",
    json: Json = False,  # noqa: FBT002
) -> None:
    """Write the published zones of a day, with their counts: a file for officials."""
    with spoken_errors(), open_store(database) as store:
        city = City(store)
        judged = city.day(day)
        found = city.zones(judged.date, level)
        export_zones(found, output, form)
    if json:
        summary = {"date": judged.date, "run": judged.run, "rule": judged.rule, "level": level}
        say_json({**summary, "format": form, "output": str(output), "zones": len(found)})
    else:
        say(f"{len(found):,} zones of {judged.date} (run {judged.run}) are in {output}.")


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
    say(f"{summary['published']} days published, {summary['unchanged']} unchanged.")


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
