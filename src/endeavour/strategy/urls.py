"""Addresses of this part."""

from django.urls import path, register_converter

from endeavour.strategy import views, views_report, views_shared


class RefConverter:
    """The given id of a statement: W16, A2.6, V2020."""

    regex = r"[A-Za-z][A-Za-z0-9.]{0,39}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(RefConverter, "statement_ref")
app_name = "strategy"
urlpatterns = [
    path("promises", views.promises, name="promises"),
    path("promises.csv", views.promises_csv, name="promises-csv"),
    path("promises.csv-metadata.json", views.promises_metadata, name="promises-metadata"),
    path("promise/<statement_ref:ref>", views.promise, name="promise"),
    path("promise/<statement_ref:ref>/evidence", views.evidence, name="evidence"),
    path("promise/<statement_ref:ref>/reason", views.reason, name="reason"),
    path("honesty", views.honesty, name="honesty"),
    path("plan-on-a-page", views_shared.plan_on_a_page, name="plan-on-a-page"),
    path("theory-of-change", views_shared.theory_of_change, name="theory"),
    path("theory-of-change.svg", views_shared.theory_svg, name="theory-svg"),
    path("theory-of-change.csv", views_shared.theory_csv, name="theory-csv"),
    path("partner-plans", views_shared.partner_plans, name="partner-plans"),
    path("partner-plans.csv", views_shared.partner_plans_csv, name="partner-plans-csv"),
    path("partner-plans/decide", views_shared.decide_alignment, name="decide-alignment"),
    path("glossary/meanings", views_shared.glossary, name="glossary-meanings"),
    path("report/words", views_report.words, name="report-words"),
    path("report/freeze", views_report.freeze, name="report-freeze"),
    path("report", views_report.report, name="report"),
    path("report.<str:form>", views_report.report_file, name="report-file"),
    path("report/<str:release>", views_report.release, name="release"),
    path("report/<str:release>.<str:form>", views_report.release_file, name="release-file"),
]
