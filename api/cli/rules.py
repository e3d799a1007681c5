"""The command ``zones rules``: the rules in use, and the check of a folder of rules."""

from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli.terminal.language import LANGUAGE, localised
from api.cli.terminal.output import Json, say, say_json, say_table, spoken_errors
from api.rule_settings import RuleSettings
from geodata.errors import InputError
from geodata.language import Bilingual
from zoning.rules import Fault, Rule, check_rules, open_rulebook
from zoning.rules.model import UNIT_NAMES

_FAULTY = 1
"""Status of a check that found a fault."""


def rules(
    folder: Annotated[
        Path | None,
        typer.Argument(
            help=localised(
                "Folder aturan; bila tidak disebut: folder MIKROZONASI_RULES.",
                "Folder of rules; that of MIKROZONASI_RULES where not given.",
            )
        ),
    ] = None,
    *,
    check: Annotated[
        bool,
        typer.Option(
            "--check",
            help=localised(
                "Tampilkan setiap kesalahan dalam folder; status keluar 1 bila ada.",
                "Say every fault of the folder; ends with 1 if any.",
            ),
        ),
    ] = False,
    json: Json = False,
) -> None:
    """List the rules that days can be judged by, or check a folder of rules."""
    with spoken_errors():
        chosen = folder or RuleSettings().rules
        if check:
            _check(chosen, json=json)
            return
        book = open_rulebook(chosen)
        listed = [(one, book.is_own(one)) for one in book.rules]
    if json:
        say_json(
            {"rules": [{**_rule(one), "in_force": _dates(one, own).en} for one, own in listed]}
        )
        return
    say_table(
        Bilingual("Aturan", "Rules"),
        ["id", "counts", *(each.name.text(LANGUAGE) for each in book.classes[1:]), "in force"],
        [
            [
                one.id,
                UNIT_NAMES[one.unit].text(LANGUAGE),
                *one.lowest,
                _dates(one, own).text(LANGUAGE),
            ]
            for one, own in listed
        ],
    )


def _check(folder: Path | None, *, json: bool) -> None:
    if folder is None:
        raise InputError(
            "no-rules-folder",
            "No folder of rules was named. Write `mikrozonasi zones rules --check FOLDER`, or set "
            "MIKROZONASI_RULES.",
            indonesian="Folder aturan belum disebut. Tulis `mikrozonasi zones rules --check "
            "FOLDER`, atau isi MIKROZONASI_RULES.",
        )
    found = check_rules(folder)
    if json:
        rules = [one.id for one in found.rules]
        say_json({"rules": rules, "faults": [_fault(one) for one in found.faults]})
    else:
        for one in found.faults:
            say(
                f"{one.file}, baris {one.line}: {one.said.id} [{one.code}]",
                f"{one.file}, line {one.line}: {one.said.en} [{one.code}]",
            )
        if not found.faults:
            say(*_all_good(found.rules))
    if found.faults:
        raise typer.Exit(_FAULTY)


def _all_good(rules: list[Rule]) -> Bilingual:
    ids = ", ".join(one.id for one in rules)
    classes = ", ".join(one.name.id for one in rules[0].classes)
    said = Bilingual(
        f"Aturan tanpa kesalahan: {ids}. Kelas: {classes}.",
        f"Rules without a fault: {ids}. Classes: {classes}.",
    )
    if any(one.in_force for one in rules):
        return said
    return Bilingual(
        f"{said.id} Tidak ada yang punya `in_force`: hari dihitung hanya dengan --rule.",
        f"{said.en} None has `in_force`: days are judged only with --rule.",
    )


def _fault(one: Fault) -> dict[str, Any]:
    return {"code": one.code, "file": one.file, "line": one.line, "message": one.said.en}


def _dates(one: Rule, own: bool) -> Bilingual:  # noqa: FBT001
    """The days a rule is in force."""
    force = one.in_force
    if force is None or not own:
        return Bilingual("bila diminta", "on request")
    return Bilingual(
        f"{force.since} sampai {force.until or 'sekarang'}",
        f"{force.since} to {force.until or 'now'}",
    )


def _rule(one: Rule) -> dict[str, Any]:
    disease = {} if one.disease is None else {"disease": one.disease.id}
    return {
        "id": one.id,
        "title": one.title.id,
        **disease,
        "unit": one.unit,
        "window": one.window,
        **one.thresholds,
    }
