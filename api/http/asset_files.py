"""The page assets as files: what a script of theirs may do in a worker is said with the file."""

import os
from pathlib import Path
from typing import Final

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_WORKER_POLICY: Final = "default-src 'none'; connect-src 'self'; script-src 'self'"


class Assets(StaticFiles):
    """Scripts, styles and pictures, from the first of some folders that has the file."""

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
        """Serve one; a worker obeys the policy its own file came with, not that of the page."""
        answer = super().file_response(full_path, stat_result, scope, status_code)
        # Their addresses are the same in every version: a new page must not run old scripts.
        answer.headers["Cache-Control"] = "no-cache"
        if str(full_path).endswith("-worker.mjs"):
            # MapLibre's asks for tiles.
            answer.headers["Content-Security-Policy"] = _WORKER_POLICY
        return answer
