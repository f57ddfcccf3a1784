"""The tables of bodies, written by hand: what they are, who took over from whom, how they answer to each other."""

from __future__ import annotations

from endeavour.pack.schema.codes import CERTAINTIES, LEGAL_FORMS, PARTNER_CLASSES, ROUTE_KINDS
from endeavour.pack.schema.columns import AREA, VALID, Column, Table, code, one_of, text

BODY_TABLES: tuple[Table, ...] = (
    Table(
        "bodies",
        "Organisations, boards, forums, networks and teams; what each may do is data.",
        (
            code("id", "the pack's own id: small letters, digits and hyphens"),
            text("name", "full name"),
            text("short_name", "what people call it", optional=True),
            one_of("legal_form", "what it is in law", LEGAL_FORMS),
            one_of("partner_class", "which kind of partner it is", PARTNER_CLASSES),
            code("ods_code", "NHS organisation code", optional=True),
            code("area", "area it serves", *AREA, optional=True),
            code("parent", "body it is a committee or part of", "bodies.id", optional=True),
            Column("can_commission", "boolean", "may own a contract"),
            Column("can_decide", "boolean", "may take formal decisions"),
            Column("meets_in_public", "boolean", "meets in public"),
            Column("members", "integer", "where the row stands for many alike: how many", optional=True, low=1),
            *VALID,
            one_of("certainty", "how sure the dates are", CERTAINTIES),
            text("purpose", "what it is for, in our words", optional=True),
            text("source", "where the fact was seen"),
            text("note", "what to know", optional=True),
        ),
        key=("id",),
        written_by_hand=True,
        dated=("valid_from", "valid_to"),
    ),
    Table(
        "successions",
        "Which body took over from which, and when.",
        (
            code("predecessor", "the body that ended", "bodies.id"),
            code("successor", "the body that took over", "bodies.id"),
            Column("starts_on", "date", "first day of the successor"),
            one_of("certainty", "how sure", CERTAINTIES),
            text("note", "what passed", optional=True),
        ),
        key=("predecessor", "successor"),
        written_by_hand=True,
    ),
    Table(
        "routes",
        "How bodies answer to each other: the lines of the map.",
        (
            code("from_body", "the body that sends", "bodies.id"),
            code("to_body", "the body that receives", "bodies.id"),
            one_of("kind", "what the line means", ROUTE_KINDS),
            text("owner", "who keeps the line working: a team or post", optional=True),
            Column("cadence_days", "integer", "how often it should be used; empty: not stated", optional=True, low=1),
            *VALID,
            text("source", "where the fact was seen"),
        ),
        key=("from_body", "to_body", "kind"),
        written_by_hand=True,
        dated=("valid_from", "valid_to"),
    ),
    Table(
        "posts",
        "Seats on bodies.",
        (
            code("id", "the pack's own id"),
            code("body", "where the seat is", "bodies.id"),
            text("title", "its name"),
            code("nominated_by", "body that nominates, where that is fixed", "bodies.id", optional=True),
            Column("votes", "boolean", "has a vote"),
            Column("seats", "integer", "how many such seats", low=1),
            *VALID,
            text("source", "where the fact was seen"),
        ),
        key=("id",),
        written_by_hand=True,
        dated=("valid_from", "valid_to"),
    ),
)  # fmt: skip
