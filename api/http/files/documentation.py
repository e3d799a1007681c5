"""The files of the documentation site: `make docs` builds them, ``/docs/guide`` serves them."""

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Final

from fastapi import Depends, Request
from starlette.responses import Response
from starlette.types import Scope

from api.http.files.asset_files import ValidatedFiles
from api.pages.policy import page_policy, script_hashes
from geodata.errors import NotFoundError

FOLDER: Final = Path(__file__).resolve().parents[2] / "pages" / "documentation_site"
"""`make docs` writes the site to this folder. The folder is in a wheel, but not in git."""
INDEX: Final = "index.html"


class DocumentationFiles(ValidatedFiles):
    """Pages of the documentation with their scripts, styles and pictures.

    Parameters
    ----------
    folder
        The built site; by default `FOLDER`.
    """

    def __init__(self, folder: Path | None = None) -> None:
        folder = folder or FOLDER
        super().__init__(directory=folder, check_dir=False)
        self._index = folder / INDEX

    async def file(self, path: str, scope: Scope) -> Response:
        """The response with a file of the site; an empty path means the first page.

        Raises
        ------
        NotFoundError
            ``guide-not-built`` if the site does not exist.
        """
        if not self._index.is_file():
            raise NotFoundError(
                "guide-not-built",
                "The documentation of this server is not built. Run `make docs` in the folder of "
                "the project, then load this page again.",
                indonesian="Dokumentasi belum dibuat untuk server ini. Jalankan `make docs` di "
                "folder proyek, lalu muat ulang halaman ini.",
            )
        return await self.get_response(path or INDEX, scope)

    def content_policy(self, path: Path, modified_at: int) -> str | None:
        """A page may run and load only files of the site."""
        return _policy(path, modified_at) if path.suffix == ".html" else None


@lru_cache(maxsize=256)
def _policy(page: Path, _modified_at: int) -> str:
    """Policy of a page: the theme of the site writes styles and short scripts into its pages."""
    return page_policy(
        script_hashes(page.read_text("utf-8")),
        ("'self'",),
        None,
        styles=("'unsafe-inline'",),
    )


async def _documentation(request: Request) -> DocumentationFiles:
    files: DocumentationFiles = request.app.state.documentation
    return files


CurrentDocumentation = Annotated[DocumentationFiles, Depends(_documentation)]
"""The documentation of the application that answers."""
