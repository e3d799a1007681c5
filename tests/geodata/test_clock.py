"""The city's day."""

from datetime import UTC, datetime, timedelta

import pytest

from geodata.clock import city_timezone, city_today
from geodata.errors import InputError


def test_a_day_is_jakartas_unless_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MIKROZONASI_TIMEZONE", raising=False)
    evening = datetime(2021, 7, 1, 17, 30, tzinfo=UTC)
    assert evening.astimezone(city_timezone()).date().isoformat() == "2021-07-02"


def test_two_cities_may_have_two_days(monkeypatch: pytest.MonkeyPatch) -> None:
    days = []
    for name in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):  # 25 hours apart
        monkeypatch.setenv("MIKROZONASI_TIMEZONE", name)
        days.append(city_today())
    assert days[0] - days[1] in {timedelta(1), timedelta(2)}


@pytest.mark.parametrize("name", ["Asia/Atlantis", "../etc/passwd", "/"])
def test_a_zone_that_is_none_is_said_so(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIKROZONASI_TIMEZONE", name)
    with pytest.raises(InputError) as caught:
        city_timezone()
    assert caught.value.code == "unknown-timezone"
