"""The sentences of an explanation, and of days that are not published.

Sentences with counts are for officials.
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
"""What the smallest zones of a city are called, by kind."""
NO_RT: Final = Bilingual(
    "Wilayah ini bukan RT, jadi tidak diberi warna.",
    "This area is no RT, so it has no colour.",
)
RETROSPECTIVE: Final = Bilingual(
    "Pada hari itu belum ada aturan yang mewarnai RT; aturan ini dipakai surut.",
    "No rule coloured RT yet on that day; this one is applied in retrospect.",
)
NOT_COVERED: Final = Bilingual(
    "Tidak ada aturan yang berlaku pada hari itu; aturan ini dipakai karena diminta.",
    "No rule was in force on that day; this one was asked for.",
)
_NEAR: Final = Bilingual("di wilayah kelurahan ini", "of this kelurahan or area")
_FAR: Final = Bilingual("yang hanya diketahui kotanya", "of which only the city is known")
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


def written(day: date) -> Bilingual:
    """A date as people write it."""
    month = _MONTHS[day.month - 1]
    return Bilingual(f"{day.day} {month.id} {day.year}", f"{day.day} {month.en} {day.year}")


def not_in_force(law: Rule) -> Bilingual:
    """Judged by another rule than the one in force."""
    return Bilingual(
        f"Aturan yang berlaku pada hari itu lain: {law.title.id}.",
        f"The rule in force on that day is another: {law.title.en}.",
    )


def law(rule: Rule, rules: Rulebook, day: date) -> Bilingual | None:
    """Where a day is judged by another rule than the law's of that day; None where it is not."""
    by_law = rules.find_in_force(day)
    if by_law is None:
        return NOT_COVERED
    if by_law.retrospective:
        return RETROSPECTIVE
    return None if by_law.rule.id == rule.id else not_in_force(by_law.rule)


def range_of(rule: Rule, risk: int, day: date) -> Bilingual:
    """The range of a colour, its unit and days, and the law; for everyone, so without a count."""
    name, known = rule.classes[risk].name, rule.range_of(risk)
    what, by = _what(rule, day), _by(rule, day)
    return Bilingual(
        f"{known.id[:1].upper()}{known.id[1:]} {what.id}: {name.id}. Aturan: {by.id}.",
        f"{known.en[:1].upper()}{known.en[1:]} {what.en}: {name.en}. Rule: {by.en}.",
    )


def count_of(rule: Rule, risk: int, count: int, day: date) -> Bilingual:
    """The count, its unit and days, the range of the colour, and the law; for officials."""
    name, known = rule.classes[risk].name, rule.range_of(risk)
    what, by = _what(rule, day), _by(rule, day)
    unit = rule.unit_of(count)
    return Bilingual(
        f"{count} {unit.id} {what.id}; {name.id} berarti {known.id}. Aturan: {by.id}.",
        f"{count} {unit.en} {what.en}; {name.en} means {known.en}. Rule: {by.en}.",
    )


def still_active(active: int) -> Bilingual:
    """A zone of the lowest class with active cases from before the window; for officials."""
    return Bilingual(
        f"Masih ada {active} kasus aktif yang terkonfirmasi sebelumnya.",
        f"There {'is' if active == 1 else 'are'} still {active} active "
        f"case{'' if active == 1 else 's'}, confirmed earlier.",
    )


def unknown_houses(rule: Rule, at_least: int, at_most: int) -> Bilingual:
    """Cases whose house is not certain: the bounds, and the colour at the lower; for officials."""
    lower, risk = rule.risks_of(np.array([at_least, at_most])).tolist()
    said = Bilingual(
        f"Rumah sebagian kasus tidak pasti: antara {at_least} dan {at_most} rumah.",
        f"The house of some cases is not certain: between {at_least} and {at_most} houses.",
    )
    if lower == risk:
        return said
    name = rule.classes[lower].name
    return joined(
        said,
        Bilingual(
            f"Dengan {at_least} rumah warnanya {name.id}.",
            f"With {at_least} it would be {name.en}.",
        ),
    )


def unplaced(near: int, far: int) -> list[Bilingual]:
    """Cases that are in no RT: of the kelurahan, and of the city alone; for officials."""
    return [
        Bilingual(
            f"{count} kasus {where.id} belum dapat ditempatkan di RT.",
            f"{count} case{'' if count == 1 else 's'} {where.en} could not be placed in an RT.",
        )
        for count, where in ((near, _NEAR), (far, _FAR))
        if count
    ]


def no_rt_zone(kind: str) -> Bilingual:
    """Of a zone that is no RT: what the law means, and what that does to its colour."""
    name = ZONE_NAMES[kind]
    return Bilingual(
        f"Zona ini {name}, bukan RT. Aturan menetapkan ambangnya untuk RT, jadi warna di sini bisa "
        "lebih tinggi daripada warna RT di dalamnya.",
        f"This zone is {_article(name)} {name}, not an RT. The law sets its thresholds for an RT, "
        "so the colour here may be higher than that of the RT in it.",
    )


def no_rt_city(kind: str) -> Bilingual:
    """Of a city whose smallest zones are no RT, for its areas above and its maps."""
    name = ZONE_NAMES[kind]
    return Bilingual(
        f"Zona terkecil kota ini {name}, bukan RT; ambang dalam aturan berlaku untuk RT.",
        f"The smallest zones of this city are {name}, not RT; the law sets its thresholds for RT.",
    )


def _article(name: str) -> str:
    return "a" if name == "dusun" else "an"


def highest(classes: Classes, coloured: Sequence[int], zone: str = "rt") -> Bilingual:
    """The zones of an area by colour; its own colour is the highest of them."""
    name = ZONE_NAMES[zone]
    listed = [
        Bilingual(f"{number} {one.name.id}", f"{number} {one.name.en}")
        for one, number in reversed(list(zip(classes, coloured, strict=True)))
        if number
    ]
    every = Bilingual(
        ", ".join(one.id for one in listed) or f"tidak ada {name}",
        ", ".join(one.en for one in listed) or f"no {name}",
    )
    return Bilingual(
        f"Warna tertinggi di antara {name}-nya: {every.id}. Yang diberi warna oleh aturan hanya "
        "RT.",
        f"The highest colour among its {name}: {every.en}. The rule itself colours only RT.",
    )


def _by(rule: Rule, day: date) -> Bilingual:
    law = rule.instrument_on(day)
    if law is None or rule.title.id.startswith(f"{law}:"):
        return Bilingual(rule.title.id, rule.title.en)
    return Bilingual(f"{law} ({rule.title.id})", f"{law} ({rule.title.en})")


def _what(rule: Rule, day: date) -> Bilingual:
    last = written(day)
    first = written(day - timedelta(days=rule.window - 1))
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


def joined(first: Bilingual, second: Bilingual) -> Bilingual:
    """One sentence after another."""
    return Bilingual(f"{first.id} {second.id}", f"{first.en} {second.en}")


def nothing_published() -> NotFoundError:
    """The error where no day is published."""
    return NotFoundError(
        "nothing-published",
        "No day is published yet. Run one: `mikrozonasi zones run --date 2021-07-15`.",
        indonesian="Belum ada hari yang diterbitkan. Hitung satu hari: `mikrozonasi zones run "
        "--date 2021-07-15`.",
    )


def as_of(moment: datetime | None) -> Bilingual:
    """The moment that was asked for, to follow a day; empty where none was."""
    if moment is None:
        return Bilingual("", "")
    return Bilingual(
        f" menurut keadaan {moment:%Y-%m-%d %H:%M} UTC", f" as of {moment:%Y-%m-%d %H:%M} UTC"
    )


def not_published(day: date, then: Bilingual) -> NotFoundError:
    """The error where a day is not published.

    Parameters
    ----------
    then
        The version or moment that was asked for, like `` as of 2021-07-15 12:00 UTC``; else empty.
    """
    return NotFoundError(
        "no-run",
        f"There are no published zones of {day}{then.en}. Ask for a published day, or run it: "
        f"`mikrozonasi zones run --date {day}`.",
        indonesian=f"Zona tanggal {written(day).id}{then.id} tidak diterbitkan. Pilih hari yang "
        f"lain, atau hitung hari itu: `mikrozonasi zones run --date {day}`.",
    )
