"""A server whose disk is full reads on, says so, and writes again when there is room."""

from pathlib import Path

from fastapi.testclient import TestClient
from pydantic import SecretStr

from api.app import create_app
from api.settings import Settings
from tests.full_disk import files_at_most
from tests.zoning import ward
from tests.zoning.ward import Case

_TOKEN = "a-token-of-sixteen-or-more"
_ROWS = "no,alamat,status,tgl konfirmasi\n" + "".join(
    f"k{n},Jl Mawar {n} RT 1 RW 1,konfirmasi,2021-06-03\n" for n in range(300)
)


def test_records_that_find_no_room_are_refused_and_kept_when_there_is(tmp_path: Path) -> None:
    with ward.open_ward(tmp_path, [Case((0, 1, 1), "a", 3, 9)]) as store:
        url = store.url
    settings = Settings(database=url, token=SecretStr(_TOKEN))
    send = {
        "content": _ROWS.encode(),
        "headers": {"Authorization": f"Bearer {_TOKEN}", "Content-Type": "text/csv"},
    }
    with TestClient(create_app(settings)) as client:
        for size in (0, 1_000, 20_000):
            with files_at_most(size):
                refused = client.post("/records/cases", **send)  # type: ignore[arg-type]
            assert (refused.status_code, refused.json()["code"]) == (503, "disk-full")
            listed = client.get("/records/cases/rejected", headers=send["headers"])  # type: ignore[arg-type]
            assert listed.status_code == 200
        kept = client.post("/records/cases", **send)  # type: ignore[arg-type]
        assert kept.status_code == 200, kept.text
        assert kept.json()["new"] == 300
        again = client.post("/records/cases", **send)  # type: ignore[arg-type]
        assert again.json()["new"] == 0
