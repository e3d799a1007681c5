"""A server with a full disk still reads, answers an error, and writes again after space is free."""

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


def test_records_are_refused_on_a_full_disk_and_kept_later(tmp_path: Path) -> None:
    with ward.open_ward(tmp_path, [Case((0, 1, 1), "a", 3, 9)]) as store:
        url = store.url
    settings = Settings(database=url, token=SecretStr(_TOKEN))
    request = {
        "content": _ROWS.encode(),
        "headers": {"Authorization": f"Bearer {_TOKEN}", "Content-Type": "text/csv"},
    }
    with TestClient(create_app(settings)) as client:
        for size in (0, 1_000, 20_000):
            with files_at_most(size):
                response = client.post("/records/cases", **request)  # type: ignore[arg-type]
            assert (response.status_code, response.json()["code"]) == (503, "disk-full")
            listed = client.get("/records/cases/rejected", headers=request["headers"])  # type: ignore[arg-type]
            assert listed.status_code == 200
        stored = client.post("/records/cases", **request)  # type: ignore[arg-type]
        assert stored.status_code == 200, stored.text
        assert stored.json()["new"] == 300
        again = client.post("/records/cases", **request)  # type: ignore[arg-type]
        assert again.json()["new"] == 0
