"""The command ``zones rules``: lists the rules in use, or checks a folder of rules."""

from pathlib import Path
from typing import Annotated, Any, Final

import typer

from api.cli.terminal.language import LANGUAGE, localised
from api.cli.terminal.options import Json
from api.cli.terminal.output import print_json, print_message, print_table, report_errors
from api.rule_settings import RuleSettings
from geodata.errors import InputError
from geodata.language import Bilingual
from zoning.rules import Fault, Rule, check_rules, open_rulebook
from zoning.rules.model import UNIT_NAMES

_STATUS_WITH_FAULTS: Final = 1
_ON_REQUEST: Final = Bilingual("bila diminta", "on request")


def rules(
    folder: Annotated[
        Path | None,
        typer.Argument(
            help=localised(
                "Folder aturan; bila tidak disebut: folder MIKROZONASI_RULES.",
                "Folder of rules; by default the folder of MIKROZONASI_RULES.",
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
                "Show every fault of the folder; the exit status is 1 if there is a fault.",
            ),
        ),
    ] = False,
    json: Json = False,
) -> None:
    """The command ``zones rules``."""
    with report_errors():
        rules_folder = folder or RuleSettings().rules
        if check:
            _check(rules_folder, json=json)
            return
        book = open_rulebook(rules_folder)
        periods = [
            _in_force(rule) if book.can_be_in_force(rule) else _ON_REQUEST for rule in book.rules
        ]
    if json:
        rows = zip(book.rules, periods, strict=True)
        print_json({"rules": [{**_rule(rule), "in_force": period.en} for rule, period in rows]})
        return
    class_names = [risk_class.name.text(LANGUAGE) for risk_class in book.classes[1:]]
    print_table(
        Bilingual("Aturan", "Rules"),
        ["id", "counts", *class_names, "in force"],
        [
            [
                rule.id,
                UNIT_NAMES[rule.unit].text(LANGUAGE),
                *rule.lowest,
                period.text(LANGUAGE),
            ]
            for rule, period in zip(book.rules, periods, strict=True)
        ],
    )


def _check(folder: Path | None, *, json: bool) -> None:
    if folder is None:
        raise InputError(
            "no-rules-folder",
            "No folder of rules is given. Write `mikrozonasi zones rules --check FOLDER`, or set "
            "MIKROZONASI_RULES.",
            indonesian="Folder aturan belum disebut. Tulis `mikrozonasi zones rules --check "
            "FOLDER`, atau isi MIKROZONASI_RULES.",
        )
    checked = check_rules(folder)
    if json:
        ids = [rule.id for rule in checked.rules]
        print_json({"rules": ids, "faults": [_fault(fault) for fault in checked.faults]})
    else:
        for fault in checked.faults:
            print_message(
                f"{fault.file}, baris {fault.line}: {fault.message.id} [{fault.code}]",
                f"{fault.file}, line {fault.line}: {fault.message.en} [{fault.code}]",
            )
        if not checked.faults:
            print_message(*_without_fault(checked.rules))
    if checked.faults:
        raise typer.Exit(_STATUS_WITH_FAULTS)


def _without_fault(rules: list[Rule]) -> Bilingual:
    """The sentence for a folder without a fault."""
    ids = ", ".join(rule.id for rule in rules)
    names = [risk_class.name for risk_class in rules[0].classes]
    sentence = Bilingual(
        f"Aturan tanpa kesalahan: {ids}. Kelas: {', '.join(name.id for name in names)}.",
        f"Rules without a fault: {ids}. Classes: {', '.join(name.en for name in names)}.",
    )
    if any(rule.in_force for rule in rules):
        return sentence
    return Bilingual(
        f"{sentence.id} Tidak ada aturan dengan `in_force`: hari dihitung hanya dengan --rule.",
        f"{sentence.en} No rule has `in_force`: days are computed only with --rule.",
    )


def _fault(fault: Fault) -> dict[str, Any]:
    return {
        "code": fault.code,
        "file": fault.file,
        "line": fault.line,
        "message": fault.message.en,
    }


def _in_force(rule: Rule) -> Bilingual:
    """The days on which a rule is in force."""
    period = rule.in_force
    if period is None:
        return _ON_REQUEST
    return Bilingual(
        f"{period.since} sampai {period.until or 'sekarang'}",
        f"{period.since} to {period.until or 'now'}",
    )


def _rule(rule: Rule) -> dict[str, Any]:
    disease = {} if rule.disease is None else {"disease": rule.disease.id}
    return {
        "id": rule.id,
        "title": rule.title.id,
        **disease,
        "unit": rule.unit,
        "window": rule.window,
        **rule.thresholds,
    }
