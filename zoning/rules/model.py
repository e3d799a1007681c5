"""The model of a rule: unit, window, thresholds, measures, source, days in force; with checks."""

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
from zoning.risk import FOUR_COLOURS, Classes, Pattern, RiskClass, class_keys

Unit = Literal["houses", "cases", "active"]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
RuleId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]

FEWEST_CLASSES: Final = 2
MOST_CLASSES: Final = 8
"""Readers cannot distinguish more classes by colour or in a legend."""
_LATER_FIELDS: Final = frozenset({"classes", "disease"})
_COLUMN_NAMES: Final = frozenset(
    {
        *("code", "name", "level", "kind", "parent", "geometry", "remark", "flag"),
        *("risk", "colour", "date", "rule", "run", "input_digest", "boundaries", "version"),
        *("houses", "houses_at_least", "cases", "active", "unplaced", "counts", "records"),
        *("newcomers", "in_quarantine", "deaths", "retrospective", "state", "known_at"),
        *("id", "title", "unit", "window", "disease", "in_force"),
    }
)
"""Columns of tables that also have a column for each class: no key of a class may equal them."""

UNIT_NAMES: Final[dict[Unit, Bilingual]] = {
    "houses": Bilingual("rumah", "houses"),
    "cases": Bilingual("kasus", "cases"),
    "active": Bilingual("kasus aktif", "active cases"),
}


class _StrictModel(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, validate_by_name=True, validate_by_alias=True
    )


class Period(_StrictModel):
    """Days from the first to the last, both included; without a last day, the period is open."""

    since: date | None = None
    until: date | None = None

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        if self.since is not None and self.until is not None and self.until < self.since:
            raise ValueError("until is before since")
        return self

    def holds(self, day: date) -> bool:
        """Whether a day is in the period."""
        return DayRange.between(self.since, self.until).holds(day)


class InForce(Period):
    """Days on which a rule is law."""

    since: date


class Instrument(Period):
    """A regulation that set or extended a rule, and its days."""

    name: Text
    since: date
    until: date
    confirmed: bool = True
    """False if the number of the regulation is not verified in a publication."""


class Measure(Period):
    """A measure that a colour requires, paraphrased; only on its days if dated."""

    id: Text
    en: Text


class BilingualName(_StrictModel):
    """A name in Indonesian and English."""

    id: Text
    en: Text


COVID_19: Final = Bilingual("COVID-19", "COVID-19")
"""The disease of a rule whose file names no disease."""


class Source(_StrictModel):
    """The law, and its publications."""

    law: Text
    found: list[Text] = Field(min_length=1)


class ClassDefinition(_StrictModel):
    """The definition of a class of risk: key, names, letter, colours and pattern."""

    key: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,23}$")]
    id: Text
    en: Text
    letter: Annotated[str, StringConstraints(pattern=r"^[A-Z]$")]
    fill: Annotated[str, StringConstraints(pattern=r"^#[0-9A-F]{6}$")]
    mark: Annotated[str, StringConstraints(pattern=r"^#[0-9A-F]{6}$")]
    pattern: Pattern

    @field_validator("key")
    @classmethod
    def _check_key(cls, value: str) -> str:
        if value in _COLUMN_NAMES:
            raise ValueError(f"the key {value} is the name of a column: choose another key")
        return value


class Rule(_StrictModel):
    """Which count gives which risk, and the measures of each risk.

    Attributes
    ----------
    disease
        The disease of the cases; None for COVID-19, the disease of the project's rules.
    unit, window
        The unit that is counted, and the days in the window, which ends with the day.
    class_definitions
        The classes, the lowest first; empty for the four colours.
    thresholds
        The lowest count of each class except the lowest class, by key.
    measures
        The measures of each class in order, by key.
    in_force
        Days on which the rule is law; None for a rule that applies only on request.
    """

    id: RuleId
    title: BilingualName
    source: Source
    disease: BilingualName | None = None
    unit: Unit
    window: int = Field(ge=1, le=366)
    class_definitions: list[ClassDefinition] = Field(
        default=[], alias="classes", max_length=MOST_CLASSES
    )
    thresholds: dict[str, Annotated[int, Field(ge=1)]]
    measures: dict[str, Annotated[list[Measure], Field(min_length=1)]]
    in_force: InForce | None = None
    instruments: list[Instrument] = []

    @model_validator(mode="after")
    def _check_classes(self) -> Self:
        keys = class_keys(self.classes)
        if len(keys) < FEWEST_CLASSES or len(set(keys)) < len(keys):
            raise ValueError("classes: name at least two classes with different keys")
        for name, entries, expected in (
            ("thresholds", self.thresholds, keys[1:]),
            ("measures", self.measures, keys),
        ):
            for key in entries.keys() - set(expected):
                raise ValueError(f"{name}.{key}: there is no such class; use {', '.join(expected)}")
            for key in set(expected) - entries.keys():
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
                    definition.key,
                    Bilingual(definition.id, definition.en),
                    definition.letter,
                    definition.fill,
                    definition.mark,
                    definition.pattern,
                )
                for definition in self.class_definitions
            )
            or FOUR_COLOURS
        )

    @property
    def digest(self) -> str:
        """Digest of the content of the rule: 16 hex characters."""
        content = self.model_dump(mode="json", by_alias=True)
        # Without these fields, a rule keeps the digest from before the fields existed.
        content = {
            name: value for name, value in content.items() if name not in _LATER_FIELDS or value
        }
        canonical = json.dumps(content, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()[:16]

    @property
    def lowest(self) -> tuple[int, ...]:
        """Lowest count of each class except the lowest class."""
        return tuple(self.thresholds[risk_class.key] for risk_class in self.classes[1:])

    @property
    def count_limits(self) -> tuple[tuple[int, int | None], ...]:
        """Lowest and highest count of each class; None for the highest class, which has none."""
        bounds = (0, *self.lowest)
        highest = [low - 1 for low in self.lowest]
        return tuple(zip(bounds, [*highest, None], strict=True))

    def risks_of(self, counts: NDArray[np.integer]) -> NDArray[np.uint8]:
        """Risk of counts in the unit of the rule: the only place where a count becomes a risk."""
        risks = np.searchsorted(np.array(self.lowest), counts, side="right")
        return risks.astype(np.uint8, copy=False)

    def measures_for(self, risk: int, day: date) -> list[Bilingual]:
        """The measures that a risk requires on a day."""
        measures = self.measures[self.classes[risk].key]
        return [Bilingual(measure.id, measure.en) for measure in measures if measure.holds(day)]

    def instrument_for(self, day: date) -> str | None:
        """The regulation behind the rule on a day, None if unknown."""
        names = (instrument.name for instrument in self.instruments if instrument.holds(day))
        return next(names, None)

    def range_of(self, risk: int) -> Bilingual:
        """The range of counts of a risk, with the unit: ``3-5 rumah``."""
        unit = UNIT_NAMES[self.unit]
        bounds = (0, *self.lowest)
        if risk == len(bounds) - 1:
            most = bounds[risk] - 1
            return Bilingual(f"lebih dari {most} {unit.id}", f"more than {most} {unit.en}")
        low, high = bounds[risk], bounds[risk + 1] - 1
        numbers, unit = f"{low}-{high}" if low < high else str(low), self.unit_name(high)
        return Bilingual(f"{numbers} {unit.id}", f"{numbers} {unit.en}")

    def unit_name(self, count: int) -> Bilingual:
        """The name of the unit for a count: singular or plural."""
        unit = UNIT_NAMES[self.unit]
        return Bilingual(unit.id, unit.en.removesuffix("s")) if count == 1 else unit
