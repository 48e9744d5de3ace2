"""The HTTP API, under /api/v1: one concept a file. docs/api.md describes every address; a test compares."""

from fastapi import APIRouter

from services.web.api import audit, crawls, export, pages, quarantine, records, search, status, submit, threads
from services.web.api.description import DESCRIPTION, describe

__all__ = ["DESCRIPTION", "describe", "router"]

router = APIRouter(prefix="/api/v1")
for each in (records, pages, threads, search, export, submit, crawls, status, audit, quarantine):
    router.include_router(each.router)
