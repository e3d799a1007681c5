"""Machine code of kernels on disk is never stale, and is rebuilt if broken."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

_KERNELS = {
    "__init__.py": "",
    "inner.py": (
        "from kernels.compiling import kernel\n@kernel\ndef inner(x):\n    return x + FACTOR\n"
    ),
    "outer.py": (
        "from kernels.compiling import kernel\nfrom kernels.inner import inner\n"
        "@kernel\ndef outer(x):\n    return inner(x) * 10\n"
    ),
}
_RUN_OUTER = (
    "from kernels.outer import outer; print(outer(1), "
    "sum(outer.stats.cache_hits.values()), sum(outer.stats.cache_misses.values()))"
)

_NO_WRITABLE_FOLDER = """
import tempfile
from numba.core.caching import IndexDataCacheFile
def refuse(*_, **__):
    raise PermissionError
tempfile.TemporaryFile = IndexDataCacheFile.save = IndexDataCacheFile.flush = refuse
"""


@pytest.fixture
def kernels(tmp_path: Path) -> Path:
    """A package of two kernels, one calling the other, compiled like those of the engine."""
    folder = tmp_path / "kernels"
    folder.mkdir()
    for name, source in _KERNELS.items():
        (folder / name).write_text(source.replace("FACTOR", "1"))
    ours = Path(__file__).resolve().parents[2] / "zoning" / "kernels" / "compiling.py"
    (folder / "compiling.py").write_bytes(ours.read_bytes())
    return folder


def run_outer(kernels: Path, before: str = "") -> tuple[int, str]:
    """The result of the outer kernel, and whether its code was found on disk or made."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("NUMBA")}
    process = subprocess.run(
        [sys.executable, "-c", before + _RUN_OUTER],
        cwd=kernels.parent,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    answer, hits, misses = map(int, process.stdout.split())
    return answer, {(1, 0): "found", (0, 1): "made"}[hits, misses]


def cache_files(kernels: Path, kind: str) -> list[Path]:
    paths = sorted(kernels.glob(f"__pycache__/*.{kind}"))
    assert paths
    return paths


def test_machine_code_is_cached_and_stale_after_an_edit_in_another_module(
    kernels: Path,
) -> None:
    assert run_outer(kernels) == (20, "made")
    assert run_outer(kernels) == (20, "found")
    (kernels / "inner.py").write_text(_KERNELS["inner.py"].replace("FACTOR", "100"))
    assert run_outer(kernels) == (1010, "made")
    assert run_outer(kernels) == (1010, "found")


@pytest.mark.parametrize("kind", ["nbi", "nbc"])
@pytest.mark.parametrize("length", [0, 7, 60])
def test_a_truncated_cache_file_is_rebuilt(kernels: Path, kind: str, length: int) -> None:
    run_outer(kernels)
    for path in cache_files(kernels, kind):
        path.write_bytes(path.read_bytes()[:length])
    assert run_outer(kernels) == (20, "made")
    assert run_outer(kernels) == (20, "found")


@pytest.mark.parametrize("kind", ["nbi", "nbc"])
def test_a_corrupt_cache_file_is_rebuilt(kernels: Path, kind: str) -> None:
    run_outer(kernels)
    for path in cache_files(kernels, kind):
        path.write_bytes(b"\x80\x04rubbish" * 40)
    assert run_outer(kernels) == (20, "made")
    assert run_outer(kernels) == (20, "found")


def test_without_a_writable_folder_existing_files_are_read_and_others_compiled(
    kernels: Path,
) -> None:
    assert run_outer(kernels, _NO_WRITABLE_FOLDER) == (20, "made")
    assert not list(kernels.rglob("*.nbi"))
    run_outer(kernels)
    assert run_outer(kernels, _NO_WRITABLE_FOLDER) == (20, "found")
