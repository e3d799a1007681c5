"""The documentation, as a site of its own below ``/docs/guide``."""

from fastapi import APIRouter, Request, Response

from api.pages.documentation import Documentation

router = APIRouter()


@router.get("/docs/guide/{path:path}", include_in_schema=False)
async def documentation(request: Request, path: str) -> Response:
    """A file of the documentation; the site's first page where no file is named."""
    files: Documentation = request.app.state.documentation
    return await files.file(path, request.scope)
