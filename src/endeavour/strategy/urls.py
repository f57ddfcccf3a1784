"""Addresses of this part."""

from django.urls import path, register_converter

from endeavour.strategy import (
    views,
    views_campaigns,
    views_forms,
    views_forms_shared,
    views_list,
    views_measures,
    views_proposals,
    views_report,
    views_shared,
    views_tensions,
)


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
    path("promise/<statement_ref:ref>/evidence", views_forms.evidence, name="evidence"),
    path(
        "promise/<statement_ref:ref>/evidence/<int:evidence>/withdraw", views_forms.withdraw, name="withdraw"
    ),
    path("promise/<statement_ref:ref>/reason", views_forms.reason, name="reason"),
    path("promise/<statement_ref:ref>/answer", views_forms.answer, name="answer"),
    path("promise/<statement_ref:ref>/resource", views_forms.resource, name="resource"),
    path("promise/<statement_ref:ref>/version", views_forms.version, name="version"),
    path("promise/<statement_ref:ref>/measure", views_forms.choose_measure, name="choose-measure"),
    path(
        "promise/<statement_ref:ref>/measure/<slug:measure>.csv",
        views_measures.measure_csv,
        name="measure-csv",
    ),
    path("promise/<statement_ref:ref>/measure/<slug:measure>", views_measures.measure, name="measure"),
    path(
        "promise/<statement_ref:ref>/measure/<slug:measure>/set", views_forms.set_measure, name="set-measure"
    ),
    path(
        "promise/<statement_ref:ref>/measure/<slug:measure>/decide",
        views_forms.decide_measure,
        name="decide-measure",
    ),
    path("tensions", views_tensions.every, name="tensions"),
    path("tensions.csv", views_tensions.every_csv, name="tensions-csv"),
    path("tension/<slug:key>.csv", views_tensions.one_csv, name="tension-csv"),
    path("tension/<slug:key>", views_tensions.one, name="tension"),
    path("campaigns", views_campaigns.campaign_list, name="campaigns"),
    path("campaigns/new", views_campaigns.keep_campaign, name="new-campaign"),
    path("campaign/<slug:key>.csv", views_campaigns.campaign_csv, name="campaign-csv"),
    path("campaign/<slug:key>", views_campaigns.campaign, name="campaign"),
    path("campaign/<slug:key>/change", views_campaigns.keep_campaign, name="change-campaign"),
    path("campaign/<slug:key>/join", views_campaigns.join, name="join-campaign"),
    path("campaign/<slug:key>/promise", views_campaigns.make_pledge, name="make-pledge"),
    path("campaign/<slug:key>/promises", views_campaigns.pledges_to_read, name="pledges-to-read"),
    path("campaign/<slug:key>/hand-out", views_campaigns.keep_material, name="new-material"),
    path(
        "campaign/<slug:key>/hand-out/<slug:material>.txt",
        views_campaigns.material_text,
        name="material-text",
    ),
    path(
        "campaign/<slug:key>/hand-out/<slug:material>", views_campaigns.keep_material, name="change-material"
    ),
    path(
        "campaign/<slug:key>/hand-out/<slug:material>/version",
        views_campaigns.material_version,
        name="material-version",
    ),
    path("promised", views_campaigns.find_pledge, name="find-pledge"),
    path("promised/<str:receipt>", views_campaigns.pledge, name="pledge"),
    path("promised/<str:receipt>/how", views_campaigns.say_how, name="say-how"),
    path("proposals", views_proposals.proposal_list, name="proposals"),
    path("proposals.csv", views_proposals.proposals_csv, name="proposals-csv"),
    path("proposals/new", views_proposals.propose, name="new-proposal"),
    path("proposal/<slug:key>", views_proposals.proposal, name="proposal"),
    path("proposal/<slug:key>/change", views_proposals.propose, name="change-proposal"),
    path("proposal/<slug:key>/effect", views_proposals.assess_proposal, name="assess-proposal"),
    path("impact/<path:decision>/add", views_forms_shared.assess, name="assess"),
    path("impact/<path:decision>", views_shared.impact_of, name="impact"),
    path("statements", views_list.statements, name="statements"),
    path("honesty", views.honesty, name="honesty"),
    path("plan-on-a-page", views_shared.plan_on_a_page, name="plan-on-a-page"),
    path("theory-of-change", views_shared.theory_of_change, name="theory"),
    path("theory-of-change/new", views_forms_shared.new_theory, name="new-theory"),
    path("theory-of-change/review", views_forms_shared.review, name="review"),
    path("theory-of-change.svg", views_shared.theory_svg, name="theory-svg"),
    path("theory-of-change.csv", views_shared.theory_csv, name="theory-csv"),
    path("partner-plans", views_shared.partner_plans, name="partner-plans"),
    path("partner-plans.csv", views_shared.partner_plans_csv, name="partner-plans-csv"),
    path("partner-plans/new", views_forms_shared.new_plan, name="new-plan"),
    path("partner-plan/<slug:key>", views_shared.partner_plan, name="partner-plan"),
    path("partner-plan/<slug:key>/objectives", views_forms_shared.objectives, name="objectives"),
    path("partner-plans/decide", views_shared.decide_alignment, name="decide-alignment"),
    path("glossary/meanings", views_shared.glossary, name="glossary-meanings"),
    path("glossary/meanings/new", views_forms_shared.meaning, name="meaning"),
    path("report/words", views_forms_shared.report_words, name="report-words"),
    path("report/freeze", views_report.freeze, name="report-freeze"),
    path("report", views_report.report, name="report"),
    path("report.<str:form>", views_report.report_file, name="report-file"),
    # A release's name holds no full stop, so the form is all that follows the first: abc123.large.pdf.
    path("report/<slug:release>.<str:form>", views_report.release_file, name="release-file"),
    path("report/<slug:release>", views_report.release, name="release"),
    path("report/<slug:release>/version", views_forms.report_version, name="report-version"),
    path("resources", views_shared.resources_page, name="resources"),
    path("resources.csv", views_shared.resources_csv, name="resources-csv"),
]
