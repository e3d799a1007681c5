"""What a rule is: unit, window, thresholds, measures, source, days in force. Checked when made."""

import hashlib
import json
from datetime import date
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from geodata.language import Bilingual

Unit = Literal["houses", "cases", "active"]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
RuleId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]

UNIT_NAMES: Final[dict[Unit, Bilingual]] = {
    "houses": Bilingual("rumah", "houses"),
    "cases": Bilingual("kasus", "cases"),
    "active": Bilingual("kasus aktif", "active cases"),
}


class _Checked(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


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
        return (self.since or date.min) <= day <= (self.until or date.max)


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


class Title(_Checked):
    """A title in Indonesian and English."""

    id: Text
    en: Text


class Source(_Checked):
    """The law, and where it was found published."""

    law: Text
    found: list[Text] = Field(min_length=1)


class Thresholds(_Checked):
    """The lowest count of each colour; below yellow is green."""

    yellow: int = Field(ge=1)
    orange: int
    red: int

    @model_validator(mode="after")
    def _ascending(self) -> Self:
        if not self.yellow < self.orange < self.red:
            raise ValueError("yellow, orange and red must rise")
        return self


class Measures(_Checked):
    """Measures by colour, in the order they are to be read."""

    green: list[Measure] = Field(min_length=1)
    yellow: list[Measure] = Field(min_length=1)
    orange: list[Measure] = Field(min_length=1)
    red: list[Measure] = Field(min_length=1)


class Rule(_Checked):
    """Which count makes which risk, and what is to be done."""

    id: RuleId
    title: Title
    source: Source
    unit: Unit
    window: int = Field(ge=1, le=366)
    """Days counted, the judged day included."""
    thresholds: Thresholds
    measures: Measures
    in_force: InForce | None = None
    """Days it is law; none where it is only judged when asked for."""
    instruments: list[Instrument] = []

    @property
    def digest(self) -> str:
        """16 hex characters that change with anything the rule says."""
        canonical = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()[:16]

    @property
    def lowest(self) -> tuple[int, int, int]:
        """Lowest counts of yellow, orange and red."""
        return self.thresholds.yellow, self.thresholds.orange, self.thresholds.red

    def measures_on(self, risk: int, day: date) -> list[Bilingual]:
        """What a risk obliges one to do on a day."""
        every = (self.measures.green, self.measures.yellow, self.measures.orange, self.measures.red)
        return [Bilingual(one.id, one.en) for one in every[risk] if one.holds(day)]

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
        span = f"{low}-{high}" if low < high else str(low)
        return Bilingual(f"{span} {unit.id}", f"{span} {self.unit_of(high).en}")

    def unit_of(self, count: int) -> Bilingual:
        """What so many of its unit are called."""
        unit = UNIT_NAMES[self.unit]
        return Bilingual(unit.id, unit.en.removesuffix("s")) if count == 1 else unit
