"""The documentation pages that facts rest on beside the operations' own, and how a finding cites them.
Pages belong to the public documentation of REST API V2; a revision is the date a page last changed for the fact."""

from typing import Final

# page key -> (title of the page, newest revision that changed what passlens takes from it; moves and mended links
# are none)
PAGES: Final[dict[str, tuple[str, str]]] = {
    "x-device-info": ("Header X-Device-Info", "doc-2024-09-30"),
    "ap-device-identifier": ("Header AP-Device-Identifier", "doc-2024-10-01"),
    "ap-partner-framework-status": ("Header AP-Partner-Framework-Status", "doc-2026-01-13"),
    "authorization": ("Header Authorization", "doc-2025-03-05"),
    "ad-service-token": ("Header AD-Service-Token", "doc-2025-03-05"),
    "adobe-subject-token": ("Header Adobe-Subject-Token", "doc-2025-03-05"),
    "ap-temppass-identity": ("Header AP-TempPass-Identity", "doc-2024-10-15"),
    "ap-visitor-identifier": ("Header AP-Visitor-Identifier", "doc-2025-08-21"),
    "enhanced-error-codes": ("Enhanced Error Codes", "doc-2025-09-02"),
    "throttling": ("Throttling mechanism", "doc-2024-10-15"),
    "checklist": ("REST API V2 checklist", "doc-2025-10-24"),
    "partner-flow": ("Single sign-on partner flows", "doc-2025-03-05"),
    "first-screen-flow": ("Basic authentication, primary application", "doc-2025-04-07"),
    "second-screen-flow": ("Basic authentication, secondary application", "doc-2025-04-07"),
    "openapi": ("OpenAPI file restApiV2.json", "oas-2025-10-23"),
    "capture": ("The recording itself", "no page"),
    "scenario": ("The rule file of the scenario", "no page"),
}


def cite(page: str, revision: str | None = None) -> str:
    """Words that name a page and its revision, as the ``source`` of a finding.

    >>> cite("throttling")
    'Throttling mechanism, doc-2024-10-15'
    """
    title, newest = PAGES[page]
    return f"{title}, {revision or newest}"
