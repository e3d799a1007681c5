"""Files that a browser validates at each use; the page assets, with a policy for worker scripts."""

import os
from pathlib import Path
from typing import Final

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

WORKER_POLICY: Final = "default-src 'none'; connect-src 'self'; script-src 'self'"


class ValidatedFiles(StaticFiles):
    """Files whose names are the same in every version: a new page must not use old files."""

    def content_policy(self, _path: Path, _modified_at: int) -> str | None:
        """The Content-Security-Policy of a file; None for the policy of every response."""
        return None

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """Serve a file; the browser must validate its copy."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Cache-Control"] = "no-cache"
        policy = self.content_policy(Path(full_path), stat_result.st_mtime_ns)
        if policy is not None:
            response.headers["Content-Security-Policy"] = policy
        return response


class Assets(ValidatedFiles):
    """Scripts, styles and pictures, from the first folder that has the file."""

    def __init__(self, *folders: Path) -> None:
        super().__init__()
        self.all_directories = list(folders)

    def content_policy(self, path: Path, _modified_at: int) -> str | None:
        """A worker obeys the policy of its own file; the worker of MapLibre requests tiles."""
        return WORKER_POLICY if path.name.endswith("-worker.mjs") else None
