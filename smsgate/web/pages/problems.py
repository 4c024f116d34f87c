"""`/problems/{code}`: what a problem's `type` leads to; a page for people, JSON for programs."""

from __future__ import annotations

from string import Formatter
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from grammar import Code
from smsgate.domain.refusals import Why
from smsgate.web.api.refused import UNREADABLE, status_of
from smsgate.web.language import chosen
from smsgate.web.pages.site import Site
from smsgate.web.pages.speech import Speech
from smsgate.web.problem_table import PROBLEMS
from smsgate.web.problems import Problem


def routes(site: Site) -> APIRouter:
    """The problems' addresses."""
    router = APIRouter()

    @router.get("/problems/{code}")
    async def explained(request: Request, code: str) -> Response:
        is_page = "text/html" in request.headers.get("accept", "")
        speech = site.speech(request)
        if not is_page:
            speech = site.speech_in(chosen(request.headers.get("accept-language", "")))
        told = explanation(speech, code)
        if is_page:
            if told is None:
                return site.page(request, "missing.html", status=404)
            return site.page(request, "problem.html", problem=told)
        if told is None:
            raise Problem("not_found")
        return JSONResponse(told, headers={"Vary": "Accept, Accept-Language"})

    return router


def explanation(speech: Speech, code: str) -> dict[str, Any] | None:
    """Type, title, status and sentence of a problem; None where there is no such."""
    entry = PROBLEMS.get(code)
    if entry is not None:
        zh = speech.language == "zh"
        title, status, words = (
            (entry.title_zh, entry.status, entry.zh) if zh else (entry.title_en, entry.status, entry.en)
        )
        sentence = _without_values(words)
        if sentence != words:
            sentence = f"{sentence} {speech.t('problem.values')}"
    elif code in set(Why):
        title, status, sentence = speech.t(f"why.{code}"), status_of(Why(code)), speech.t("problem.refusal")
    elif code in set(Code):
        title, status, sentence = speech.t(f"why.{code}"), UNREADABLE, speech.t("problem.diagnosis")
    else:
        return None
    return {"type": f"/problems/{code}", "title": title, "status": status, "detail": sentence, "code": code}


def _without_values(words: str) -> str:
    return "".join(text + ("…" if name is not None else "") for text, name, _, _ in Formatter().parse(words))
