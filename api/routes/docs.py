"""Swagger UI over the OpenAPI description, from files of this project."""

from fastapi import APIRouter, Request
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse

from api.http.links import base_path
from api.pages.policy import page_policy, script_hashes

router = APIRouter()


@router.get("/docs", include_in_schema=False)
def docs(request: Request) -> HTMLResponse:
    """Swagger UI: every address with its parameters and answers."""
    return swagger_page(request, f"{base_path(request)}/openapi.json", "mikrozonasi")


def swagger_page(request: Request, openapi_url: str, title: str) -> HTMLResponse:
    """Swagger UI over the OpenAPI description at a URL."""
    vendor = f"{base_path(request)}/assets/vendor/swagger-ui-dist"
    page = get_swagger_ui_html(
        openapi_url=openapi_url,
        title=title,
        swagger_js_url=f"{vendor}/swagger-ui-bundle.js",
        swagger_css_url=f"{vendor}/swagger-ui.css",
        swagger_favicon_url="data:,",
    )
    # Swagger UI needs inline styles; no other page does.
    policy = page_policy(
        script_hashes(bytes(page.body).decode()), ("'self'",), None, styles=("'unsafe-inline'",)
    )
    page.headers["Content-Security-Policy"] = policy
    return page
