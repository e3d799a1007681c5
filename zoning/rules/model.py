"""What a rule is: unit, window, thresholds, measures, source, days in force. Checked when made."""

import hashlib
import json
from datetime import date
from itertools import pairwise
from typing import Annotated, Final, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from geodata.calendar import DayRange
from geodata.language import Bilingual
from zoning.risk import FOUR_COLOURS, Classes, Pattern, RiskClass, keys_of

Unit = Literal["houses", "cases", "active"]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
RuleId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]

FEWEST_CLASSES: Final = 2
MOST_CLASSES: Final = 8
"""Of a rule: more can be told apart neither by colour nor in a legend."""
_ADDED: Final = frozenset({"classes", "disease"})
_TAKEN: Final = frozenset(
    {
        *("code", "name", "level", "kind", "parent", "geometry", "remark", "flag"),
        *("risk", "colour", "date", "rule", "run", "input_digest", "boundaries", "version"),
        *("houses", "houses_at_least", "cases", "active", "unplaced", "counts", "records"),
        *("newcomers", "in_quarantine", "deaths", "retrospective", "state", "known_at"),
        *("id", "title", "unit", "window", "disease", "in_force"),
    }
)
"""Columns beside those of the classes, wherever both stand in one table."""

UNIT_NAMES: Final[dict[Unit, Bilingual]] = {
    "houses": Bilingual("rumah", "houses"),
    "cases": Bilingual("kasus", "cases"),
    "active": Bilingual("kasus aktif", "active cases"),
}


class _Checked(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, validate_by_name=True, validate_by_alias=True
    )


class Period(_Checked):
    """Days from the first to the last, both included; without a last day until further notice."""

    since: date | None = None
    until: date | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.since is not None and self.until is not None and self.until < self.since:
            raise ValueError("until is before since")
        return self

    def holds(self, day: date) -> bool:
        """Whether the day is one of these."""
        return DayRange.between(self.since, self.until).holds(day)


class InForce(Period):
    """Days a rule is law."""

    since: date


class Instrument(Period):
    """The regulation that carried a rule for some days."""

    name: Text
    since: date
    until: date
    confirmed: bool = True
    """False where the number is recalled, not found."""


class Measure(Period):
    """What a colour obliges one to do, in our own words; on some days only where dated."""

    id: Text
    en: Text


class Words(_Checked):
    """A name in Indonesian and English."""

    id: Text
    en: Text


COVID_19: Final = Bilingual("COVID-19", "COVID-19")
"""What a rule is about whose file names no disease."""


class Source(_Checked):
    """The law, and where it was found published."""

    law: Text
    found: list[Text] = Field(min_length=1)


class ClassLook(_Checked):
    """A class of risk: its key, what it is called, and how it is drawn."""

    key: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,23}$")]
    id: Text
    en: Text
    letter: Annotated[str, StringConstraints(pattern=r"^[A-Z]$")]
    fill: Annotated[str, StringConstraints(pattern=r"^#[0-9A-F]{6}$")]
    mark: Annotated[str, StringConstraints(pattern=r"^#[0-9A-F]{6}$")]
    pattern: Pattern

    @field_validator("key")
    @classmethod
    def _no_column_of_ours(cls, value: str) -> str:
        if value in _TAKEN:
            raise ValueError(f"the key {value} is the name of a column already: choose another")
        return value


class Rule(_Checked):
    """Which count makes which risk, and what is to be done.

    Attributes
    ----------
    disease
        What is counted; empty for the rules of COVID-19, the project's own.
    unit, window
        What is counted, and on how many days, the judged day included.
    looks
        The classes, the lowest first; the four colours where the file names none.
    thresholds
        By the key of each class but the lowest: its lowest count.
    measures
        By the key of each class, in the order they are to be read.
    in_force
        Days the rule is law; none where it is only judged when asked for.
    """

    id: RuleId
    title: Words
    source: Source
    disease: Words | None = None
    unit: Unit
    window: int = Field(ge=1, le=366)
    looks: list[ClassLook] = Field(default=[], alias="classes", max_length=MOST_CLASSES)
    thresholds: dict[str, Annotated[int, Field(ge=1)]]
    measures: dict[str, Annotated[list[Measure], Field(min_length=1)]]
    in_force: InForce | None = None
    instruments: list[Instrument] = []

    @model_validator(mode="after")
    def _of_its_classes(self) -> Self:
        keys = keys_of(self.classes)
        if len(keys) < FEWEST_CLASSES or len(set(keys)) < len(keys):
            raise ValueError("classes: name at least two, each with a key of its own")
        for name, found, wanted in (
            ("thresholds", self.thresholds, keys[1:]),
            ("measures", self.measures, keys),
        ):
            for key in found.keys() - set(wanted):
                raise ValueError(f"{name}.{key}: there is no such class; use {', '.join(wanted)}")
            for key in set(wanted) - found.keys():
                raise ValueError(f"{name}: the class {key} is missing; add it")
        if any(low >= high for low, high in pairwise(self.lowest)):
            raise ValueError(f"thresholds: {', '.join(keys[1:])} must rise")
        return self

    @property
    def classes(self) -> Classes:
        """Classes of risk, the lowest first."""
        return (
            tuple(
                RiskClass(
                    one.key, Bilingual(one.id, one.en), one.letter, one.fill, one.mark, one.pattern
                )
                for one in self.looks
            )
            or FOUR_COLOURS
        )

    @property
    def digest(self) -> str:
        """16 hex characters that change with anything the rule says."""
        said = self.model_dump(mode="json", by_alias=True)
        # A rule that says nothing of these has the digest that it always had.
        said = {name: value for name, value in said.items() if name not in _ADDED or value}
        canonical = json.dumps(said, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()[:16]

    @property
    def lowest(self) -> tuple[int, ...]:
        """Lowest count of every class but the first."""
        return tuple(self.thresholds[one.key] for one in self.classes[1:])

    def risks_of(self, counts: NDArray[np.integer]) -> NDArray[np.uint8]:
        """Risk of counts of the rule's unit: the one place where a count becomes a risk."""
        found = np.searchsorted(np.array(self.lowest), counts, side="right")
        return found.astype(np.uint8, copy=False)

    def measures_on(self, risk: int, day: date) -> list[Bilingual]:
        """What a risk obliges one to do on a day."""
        own = self.measures[self.classes[risk].key]
        return [Bilingual(one.id, one.en) for one in own if one.holds(day)]

    def instrument_on(self, day: date) -> str | None:
        """The regulation that carried the rule on a day, where it is known here."""
        return next((one.name for one in self.instruments if one.holds(day)), None)

    def range_of(self, risk: int) -> Bilingual:
        """The counts that make a risk, with their unit: ``3-5 rumah``."""
        unit = UNIT_NAMES[self.unit]
        bounds = (0, *self.lowest)
        if risk == len(bounds) - 1:
            above = bounds[risk] - 1
            return Bilingual(f"lebih dari {above} {unit.id}", f"more than {above} {unit.en}")
        low, high = bounds[risk], bounds[risk + 1] - 1
        known = f"{low}-{high}" if low < high else str(low)
        return Bilingual(f"{known} {self.unit_of(high).id}", f"{known} {self.unit_of(high).en}")

    def unit_of(self, count: int) -> Bilingual:
        """What so many of its unit are called."""
        unit = UNIT_NAMES[self.unit]
        return Bilingual(unit.id, unit.en.removesuffix("s")) if count == 1 else unit
