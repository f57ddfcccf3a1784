"""Getting to care: appointments in general practice, and NHS Talking Therapies, by sub-ICB location and month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from endeavour.pack.compile.context import Context, number
from endeavour.pack.compile.observed import codes_of_areas, month_of, observed, share
from endeavour.pack.compile.sources import Row

_APPOINTMENTS = """
    SELECT CCG_CODE AS code, Appointment_Month AS month,
        sum(n) AS booked,
        sum(n) FILTER (APPT_MODE <> 'Unknown') AS of_known_mode,
        sum(n) FILTER (APPT_MODE = 'Face-to-Face') AS face_to_face,
        sum(n) FILTER (TIME_BETWEEN_BOOK_AND_APPT = 'Same Day') AS same_day,
        sum(n) FILTER (TIME_BETWEEN_BOOK_AND_APPT NOT LIKE 'Unknown%') AS of_known_wait,
        sum(n) FILTER (APPT_STATUS = 'DNA') AS missed,
        sum(n) FILTER (APPT_STATUS IN ('DNA', 'Attended')) AS of_known_status
    FROM (SELECT *, CAST(COUNT_OF_APPOINTMENTS AS BIGINT) AS n FROM source)
    GROUP BY ALL ORDER BY code, month
"""
_SHARES = (
    ("gp_appointments_face_to_face", "face_to_face", "of_known_mode"),
    ("gp_appointments_same_day", "same_day", "of_known_wait"),
    ("gp_appointments_missed", "missed", "of_known_status"),
)
_THERAPIES = {
    "Count_AccessingServices": "talking_therapies_started",
    "Percentage_Recovery": "talking_therapies_recovery",
    "Percentage_AccessingServices6WeeksFinishedCourseTreatment": "talking_therapies_within_6_weeks",
}


def appointments(context: Context) -> Iterator[Row]:
    """Appointments booked, and the shares face to face, on the same day and missed, each of those whose state is known."""
    known = codes_of_areas(context)
    path = context.sources.find("**/*gp_appointments_by_ccg_monthly*")
    for row in context.sources.rows(path, _APPOINTMENTS):
        area = known.get(row["code"])
        if area is None:
            continue
        period = month_of(_named_month(row["month"]))
        yield observed("gp_appointments", area, period, float(row["booked"]))
        for indicator, part, of in _SHARES:
            taken, there = float(row[part] or 0), float(row[of] or 0)
            yield observed(indicator, area, period, share(taken, there), numerator=taken, denominator=there)


def talking_therapies(context: Context) -> Iterator[Row]:
    """People who began NHS Talking Therapies, and the shares who recovered and who began within six weeks."""
    known = codes_of_areas(context)
    path = context.sources.find("**/*talking_therapies_*.csv")
    for row in context.sources.rows(path, "SELECT * FROM source ORDER BY sicbl22_code, name"):
        indicator, area = _THERAPIES.get(row["name"]), known.get(row["sicbl22_code"])
        if indicator is None or area is None:
            continue
        yield observed(indicator, area, month_of(_named_month(row["date"])), number(row["value"], 2))


def _named_month(words: str) -> date:
    """The first day of 'MAR2019' or 'July 2022'."""
    short = words.strip().title()
    pattern = "%b%Y" if " " not in short else "%B %Y"
    return datetime.strptime(short, pattern).date()  # noqa: DTZ007 - a month has no time zone
