"""The documentation as a site below ``/docs/guide``."""

from fastapi import APIRouter, Request, Response

from api.http.files.documentation import CurrentDocumentation

router = APIRouter()


@router.get("/docs/guide/{path:path}", include_in_schema=False)
async def documentation(request: Request, path: str, files: CurrentDocumentation) -> Response:
    """A file of the documentation; the first page of the site for an empty path."""
    return await files.file(path, request.scope)
