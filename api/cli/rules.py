"""The command ``zones rules``: the rules that days can be judged by."""

from typing import Any, Final

from api.cli.language import localised
from api.cli.output import Json, say_json, say_table
from geodata.language import Bilingual
from zoning.risk import RISKS
from zoning.rules import Rule, all_rules

_SHOWN: Final = ("id", "unit", "yellow", "orange", "red")


def rules(json: Json = False) -> None:  # noqa: FBT002  (typer's way to say --json)
    """List the rules that days can be judged by."""
    if json:
        say_json({"rules": [_rule(one) for one in all_rules()]})
    else:
        say_table(
            Bilingual("Aturan", "Rules"),
            ["id", "counts", *(risk.name.id for risk in RISKS[1:]), "in force"],
            [[*(_rule(one)[key] for key in _SHOWN), _in_force(one)] for one in all_rules()],
        )


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


def _in_force(one: Rule) -> str:
    """The days a rule is in force, for people."""
    days = one.in_force
    if days is None:
        return localised("bila diminta", "on request")
    return localised(
        f"{days.since} sampai {days.until or 'sekarang'}", f"{days.since} to {days.until or 'now'}"
    )
