"""The page assets as files; the file of a worker script comes with its own policy."""

import os
from pathlib import Path
from typing import Final

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_WORKER_POLICY: Final = "default-src 'none'; connect-src 'self'; script-src 'self'"


class Assets(StaticFiles):
    """Scripts, styles and pictures, from the first folder that has the file."""

    def __init__(self, *folders: Path) -> None:
        super().__init__(directory=folders[0], check_dir=False)
        self.all_directories = list(folders)

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """Serve a file; a worker obeys the policy of its own file, not the policy of the page."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        # File names are the same in every version: a new page must not run old scripts.
        response.headers["Cache-Control"] = "no-cache"
        if str(full_path).endswith("-worker.mjs"):
            # The worker of MapLibre requests tiles.
            response.headers["Content-Security-Policy"] = _WORKER_POLICY
        return response
