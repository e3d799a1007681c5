"""The documentation site as files: `make docs` builds them, ``/docs/guide`` serves them."""

import os
from functools import lru_cache
from pathlib import Path
from typing import Final

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from api.pages.policy import page_policy, script_hashes
from geodata.errors import NotFoundError

FOLDER: Final = Path(__file__).resolve().parent / "documentation_site"
"""Where `make docs` puts the site; not kept in git, carried by a wheel."""
INDEX: Final = "index.html"


class Documentation(StaticFiles):
    """Pages of the documentation with their scripts, styles and pictures.

    Parameters
    ----------
    folder
        The built site; `FOLDER` where not given.
    """

    def __init__(self, folder: Path | None = None) -> None:
        folder = folder or FOLDER
        super().__init__(directory=folder, check_dir=False)
        self._index = folder / INDEX

    async def file(self, path: str, scope: Scope) -> Response:
        """Answer with a file of the site; an empty path means its first page.

        Raises
        ------
        NotFoundError
            ``guide-not-built`` where there is no site.
        """
        if not self._index.is_file():
            raise NotFoundError(
                "guide-not-built",
                "The documentation was not built for this server. Type `make docs` in the "
                "project's folder, then load this page again.",
                indonesian="Dokumentasi belum dibuat untuk server ini. Jalankan `make docs` di "
                "folder proyek, lalu muat ulang halaman ini.",
            )
        return await self.get_response(path or INDEX, scope)

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """Serve one file; a page may run the scripts of the site and load nothing else."""
        answer = super().file_response(full_path, stat_result, scope, status_code)
        # Addresses are the same in every version: a browser asks whether its copy is still right.
        answer.headers["Cache-Control"] = "no-cache"
        if str(full_path).endswith(".html"):
            policy = _policy(Path(full_path), stat_result.st_mtime_ns)
            answer.headers["Content-Security-Policy"] = policy
        return answer


@lru_cache(maxsize=256)
def _policy(page: Path, _changed: int) -> str:
    """Policy of a page: the theme writes styles and short scripts into it."""
    return page_policy(
        script_hashes(page.read_text("utf-8")),
        ("'self'",),
        None,
        styles=("'unsafe-inline'",),
    )
