"""`/docs`: the API's description as one page to read, made from the OpenAPI document; no scripts, nothing fetched."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from starlette.responses import HTMLResponse

router = APIRouter(include_in_schema=False)


@router.get("/docs")
async def docs(request: Request) -> HTMLResponse:
    """Every route with its parameters and an example."""
    app: FastAPI = request.app
    return HTMLResponse("\n".join(_page(app.openapi())))


def _page(description: dict[str, Any]) -> Iterator[str]:
    info = description["info"]
    yield '<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>smsgate API</title></head><body>'
    yield f"<h1>smsgate API {escape(info['version'])}</h1><p>{escape(info['description'])}</p>"
    yield '<p><a href="openapi.json">openapi.json</a></p>'
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            yield from _operation(method, path, operation, description["components"]["schemas"])
    yield "</body></html>"


def _operation(method: str, path: str, operation: dict[str, Any], schemas: dict[str, Any]) -> Iterator[str]:
    yield f"<h2><code>{method.upper()} {escape(path)}</code></h2><p>{escape(operation.get('description', ''))}</p>"
    parameters = operation.get("parameters", ())
    if parameters:
        yield "<ul>"
        for one in parameters:
            yield f"<li><code>{escape(one['name'])}</code> {escape(one.get('description', ''))}</li>"
        yield "</ul>"
    example = _example(operation, schemas)
    if example:
        yield f"<pre>{escape(example)}</pre>"


def _example(operation: dict[str, Any], schemas: dict[str, Any]) -> str:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
    schema = schemas.get(name, {})
    found = schema.get("example") or {
        field: told["examples"][0] for field, told in schema.get("properties", {}).items() if told.get("examples")
    }
    return json.dumps(found, ensure_ascii=False, indent=2) if found else ""
