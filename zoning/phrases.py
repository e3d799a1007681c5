"""Sentences of explanations, and errors for days that are not published.

Sentences with counts are for officials only.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

import numpy as np

from geodata.errors import NotFoundError
from geodata.language import Bilingual
from zoning.risk import Classes
from zoning.rules import Rule, Rulebook

ZONE_NAMES: Final = {"rt": "RT", "rw": "RW", "dusun": "dusun", "sls": "SLS"}
"""Names of the smallest zones of a city, by kind."""
NO_RT: Final = Bilingual(
    "Wilayah ini bukan RT, jadi tidak diberi warna.",
    "This area is no RT, so it has no colour.",
)
RETROSPECTIVE: Final = Bilingual(
    "Pada hari itu belum ada aturan yang mewarnai RT; aturan ini dipakai surut.",
    "No rule coloured RT yet on that day; this rule is applied in retrospect.",
)
NOT_COVERED: Final = Bilingual(
    "Tidak ada aturan yang berlaku pada hari itu; aturan ini dipakai karena diminta.",
    "No rule was in force on that day; this rule is applied because it was requested.",
)
_IN_AREA: Final = Bilingual("di wilayah kelurahan ini", "of this kelurahan or area")
_IN_CITY_ONLY: Final = Bilingual("yang hanya diketahui kotanya", "of which only the city is known")
_MONTHS: Final = (
    Bilingual("Januari", "January"),
    Bilingual("Februari", "February"),
    Bilingual("Maret", "March"),
    Bilingual("April", "April"),
    Bilingual("Mei", "May"),
    Bilingual("Juni", "June"),
    Bilingual("Juli", "July"),
    Bilingual("Agustus", "August"),
    Bilingual("September", "September"),
    Bilingual("Oktober", "October"),
    Bilingual("November", "November"),
    Bilingual("Desember", "December"),
)


def date_in_words(day: date) -> Bilingual:
    """A date in words: ``15 Juli 2021``."""
    month = _MONTHS[day.month - 1]
    return Bilingual(f"{day.day} {month.id} {day.year}", f"{day.day} {month.en} {day.year}")


def not_in_force(rule_in_force: Rule) -> Bilingual:
    """Remark: the rule in force on the day is another."""
    return Bilingual(
        f"Aturan yang berlaku pada hari itu lain: {rule_in_force.title.id}.",
        f"The rule in force on that day is another: {rule_in_force.title.en}.",
    )


def rule_remark(rule: Rule, rules: Rulebook, day: date) -> Bilingual | None:
    """Remark about the rule of a day; None if the rule is the one in force on the day."""
    rule_in_force = rules.find_in_force(day)
    if rule_in_force is None:
        return NOT_COVERED
    if rule_in_force.retrospective:
        return RETROSPECTIVE
    same_rule = rule_in_force.rule.id == rule.id
    return None if same_rule else not_in_force(rule_in_force.rule)


def range_sentence(rule: Rule, risk: int, day: date) -> Bilingual:
    """The range of a colour, its unit and days, and the law; public, so without a count."""
    name, bounds = rule.classes[risk].name, rule.range_of(risk)
    condition, law_name = _condition(rule, day), _law_name(rule, day)
    return Bilingual(
        f"{bounds.id[:1].upper()}{bounds.id[1:]} {condition.id}: {name.id}. Aturan: {law_name.id}.",
        f"{bounds.en[:1].upper()}{bounds.en[1:]} {condition.en}: {name.en}. Rule: {law_name.en}.",
    )


def count_sentence(rule: Rule, risk: int, count: int, day: date) -> Bilingual:
    """The count, its unit and days, the range of the colour, and the law; for officials."""
    name, bounds = rule.classes[risk].name, rule.range_of(risk)
    condition, law_name = _condition(rule, day), _law_name(rule, day)
    unit = rule.unit_name(count)
    return Bilingual(
        f"{count} {unit.id} {condition.id}; {name.id} berarti {bounds.id}. Aturan: {law_name.id}.",
        f"{count} {unit.en} {condition.en}; {name.en} means {bounds.en}. Rule: {law_name.en}.",
    )


def active_cases_sentence(active: int) -> Bilingual:
    """A zone of the lowest class has active cases from before the window; for officials."""
    return Bilingual(
        f"Masih ada {active} kasus aktif yang terkonfirmasi sebelumnya.",
        f"There {'is' if active == 1 else 'are'} still {active} active "
        f"case{'' if active == 1 else 's'}, confirmed earlier.",
    )


def uncertain_houses_sentence(rule: Rule, at_least: int, at_most: int) -> Bilingual:
    """Some houses are uncertain: lower and upper bound, colour at the lower; for officials."""
    lower, risk = rule.risks_of(np.array([at_least, at_most])).tolist()
    sentence = Bilingual(
        f"Rumah sebagian kasus tidak pasti: antara {at_least} dan {at_most} rumah.",
        f"The house of some cases is not certain: between {at_least} and {at_most} houses.",
    )
    if lower == risk:
        return sentence
    name, unit = rule.classes[lower].name, rule.unit_name(at_least)
    return join_sentences(
        sentence,
        Bilingual(
            f"Dengan {at_least} {unit.id} warnanya {name.id}.",
            f"With {at_least} {unit.en} the colour would be {name.en}.",
        ),
    )


def unplaced_sentences(near: int, far: int) -> list[Bilingual]:
    """Cases without an RT: known kelurahan or area (``near``), only the city (``far``).

    For officials.
    """
    return [
        Bilingual(
            f"{count} kasus {location.id} belum dapat ditempatkan di RT.",
            f"{count} case{'' if count == 1 else 's'} {location.en} could not be placed in an RT.",
        )
        for count, location in ((near, _IN_AREA), (far, _IN_CITY_ONLY))
        if count
    ]


def no_rt_zone_remark(kind: str) -> Bilingual:
    """Remark for a zone that is no RT: the law's thresholds are for an RT."""
    name = ZONE_NAMES[kind]
    return Bilingual(
        f"Zona ini {name}, bukan RT. Aturan menetapkan ambangnya untuk RT, jadi warna di sini bisa "
        "lebih tinggi daripada warna RT di dalamnya.",
        f"This zone is {_article(name)} {name}, not an RT. The law sets its thresholds for an RT, "
        "so the colour here may be higher than that of the RT in it.",
    )


def no_rt_city_remark(kind: str) -> Bilingual:
    """Remark for maps and larger areas of a city whose smallest zones are no RT."""
    name = ZONE_NAMES[kind]
    return Bilingual(
        f"Zona terkecil kota ini {name}, bukan RT; ambang dalam aturan berlaku untuk RT.",
        f"The smallest zones of this city are {name}, not RT; the law sets its thresholds for RT.",
    )


def _article(name: str) -> str:
    return "a" if name == "dusun" else "an"


def highest_sentence(classes: Classes, counts: Sequence[int], zone: str = "rt") -> Bilingual:
    """The highest colour among the zones of an area, and the number of zones of each colour."""
    name = ZONE_NAMES[zone]
    numbers_of_colours = [
        Bilingual(f"{count} {risk_class.name.id}", f"{count} {risk_class.name.en}")
        for risk_class, count in reversed(list(zip(classes, counts, strict=True)))
        if count
    ]
    listing = Bilingual(
        ", ".join(text.id for text in numbers_of_colours) or f"tidak ada {name}",
        ", ".join(text.en for text in numbers_of_colours) or f"no {name}",
    )
    return Bilingual(
        f"Warna tertinggi di antara {name}-nya: {listing.id}. Yang diberi warna oleh aturan hanya "
        "RT.",
        f"The highest colour among its {name}: {listing.en}. The rule itself colours only RT.",
    )


def _law_name(rule: Rule, day: date) -> Bilingual:
    instrument = rule.instrument_for(day)
    if instrument is None or rule.title.id.startswith(f"{instrument}:"):
        return Bilingual(rule.title.id, rule.title.en)
    return Bilingual(f"{instrument} ({rule.title.id})", f"{instrument} ({rule.title.en})")


def _condition(rule: Rule, day: date) -> Bilingual:
    last = date_in_words(day)
    first = date_in_words(day - timedelta(days=rule.window - 1))
    if rule.unit == "active":
        return Bilingual(f"pada {last.id}", f"on {last.en}")
    if rule.unit == "houses":
        return Bilingual(
            f"dengan kasus terkonfirmasi pada {first.id} sampai {last.id}",
            f"with a confirmed case from {first.en} to {last.en}",
        )
    return Bilingual(
        f"terkonfirmasi pada {first.id} sampai {last.id}",
        f"confirmed from {first.en} to {last.en}",
    )


def join_sentences(first: Bilingual, second: Bilingual) -> Bilingual:
    """Two sentences, one after the other."""
    return Bilingual(f"{first.id} {second.id}", f"{first.en} {second.en}")


def nothing_published() -> NotFoundError:
    """The error if no day is published."""
    return NotFoundError(
        "nothing-published",
        "No day is published yet. Run one: `mikrozonasi zones run --date 2021-07-15`.",
        indonesian="Belum ada hari yang diterbitkan. Hitung satu hari: `mikrozonasi zones run "
        "--date 2021-07-15`.",
    )


def as_of(moment: datetime | None) -> Bilingual:
    """Words for the requested moment, to follow a day; empty for None."""
    if moment is None:
        return Bilingual("", "")
    return Bilingual(
        f" menurut keadaan {moment:%Y-%m-%d %H:%M} UTC", f" as of {moment:%Y-%m-%d %H:%M} UTC"
    )


def not_published(day: date, then: Bilingual) -> NotFoundError:
    """The error if a day is not published.

    Parameters
    ----------
    then
        The requested version or moment, like `` as of 2021-07-15 12:00 UTC``; else empty.
    """
    return NotFoundError(
        "no-run",
        f"There are no published zones of {day}{then.en}. Ask for a published day, or run the day: "
        f"`mikrozonasi zones run --date {day}`.",
        indonesian=f"Zona tanggal {date_in_words(day).id}{then.id} tidak diterbitkan. Pilih hari "
        f"yang lain, atau hitung hari itu: `mikrozonasi zones run --date {day}`.",
    )
