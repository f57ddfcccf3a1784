"""What every page's shell needs."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest

from endeavour.pack import Pack

NAVIGATION = (
    ("Find help", "/find-help", ("/find-help", "/service", "/receipt")),
    (
        "How we’re doing",
        "/progress",
        ("/progress", "/promise", "/honesty", "/plan-on-a-page", "/theory-of-change", "/partner-plans", "/report",
         "/inequality", "/core20", "/measure", "/compare", "/calibration", "/first-5000", "/methods", "/plus-groups",
         "/segments", "/resources", "/statements"),
    ),
    ("Have your say", "/have-your-say", ("/have-your-say", "/thread", "/question", "/influence", "/news")),
    ("Who decides", "/bodies", ("/bodies", "/body", "/meeting", "/decision", "/register", "/consultation", "/paper/", "/partner", "/ways-of-working", "/data-agreement", "/attendance", "/interests")),
    ("Your area", "/area", ("/area",)),
)  # fmt: skip
FOOTER = (
    ("About", "/about"),
    ("Accessibility", "/accessibility"),
    ("Privacy", "/privacy"),
    ("Data sources", "/data-sources"),
    ("Methods", "/methods"),
    ("Glossary", "/glossary"),
    ("Print versions", "/print"),
    ("Contact", "/contact"),
)


def shell(request: HttpRequest) -> dict[str, object]:
    """The mode of the installation, the partnership's name, and the links of header and footer."""
    families = [prefix for _, _, family in NAVIGATION for prefix in family if request.path.startswith(prefix)]
    nearest = max(families, key=len, default="")
    return {
        "demo": settings.DEMO,
        "partnership": _partnership(settings.PACK),
        "navigation": [
            {"text": text, "href": href, "current": _current(request.path, href, nearest in family)}
            for text, href, family in NAVIGATION
        ],
        "footer_links": [{"text": text, "href": href} for text, href in FOOTER],
    }


@lru_cache(maxsize=4)
def _partnership(pack: str) -> str:
    """The system's own name, as its pack gives it."""
    return Pack.open(pack).meta.name


def _current(path: str, href: str, is_below: bool) -> str:
    """The value of `aria-current`: 'page' on the page itself, 'true' on the pages below it."""
    if path.rstrip("/") == href:
        return "page"
    return "true" if is_below else ""
