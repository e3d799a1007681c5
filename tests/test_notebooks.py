"""Every notebook runs from top to bottom on the small city."""

from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
import pytest
from nbclient import NotebookClient
from traitlets.config import Config

from tests.databases import copy_of

NOTEBOOKS = sorted((Path(__file__).resolve().parents[1] / "notebooks").glob("*.ipynb"))


def test_there_are_notebooks() -> None:
    assert NOTEBOOKS


# Warnings of the notebook kernel and its client are not ours.
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_notebook_runs(
    path: Path, small_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A copy: only one process can open an embedded database, and this process may have it open.
    monkeypatch.setenv("MIKROZONASI_DATABASE", copy_of(small_database, tmp_path))
    notebook = nbformat.read(path, as_version=4)
    # Sockets in a short path: a free TCP port may be taken before the kernel binds it.
    with TemporaryDirectory(prefix="mz-nb-") as sockets:
        config = Config(KernelManager={"transport": "ipc", "ip": f"{sockets}/kernel"})
        client = NotebookClient(
            notebook,
            config=config,
            timeout=600,
            startup_timeout=300,
            resources={"metadata": {"path": path.parent}},
        )
        client.execute()
    outputs = [
        output.get("data", {}) for cell in notebook.cells for output in cell.get("outputs", [])
    ]
    assert any("image/png" in data for data in outputs), "no curve was drawn"
    assert any("leaflet" in data.get("text/html", "") for data in outputs), "no map was drawn"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_stored_without_outputs(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    assert not any(cell.get("outputs") for cell in notebook.cells)
