"""What lies at a point."""

from fastapi import APIRouter

from api.answers import LocateAnswer
from api.parameters import CurrentCity, Latitude, Longitude, PublishedDay

router = APIRouter(tags=["zones"])


@router.get("/locate", summary="The RT at a point")
def locate(lon: Longitude, lat: Latitude, city: CurrentCity, day: PublishedDay) -> LocateAnswer:
    """The RT at a point and its colour; 200 with nulls outside every area."""
    area = city.locate(lon, lat, day)
    zone = None if area is None else city.zone(area.code, day)
    return LocateAnswer.of((lon, lat), area, zone, day)
