"""Addresses of governance."""

from django.urls import path

from endeavour.governance import feeds, views, views_desk

app_name = "governance"
urlpatterns = [
    path("meetings", views.meetings, name="meetings"),
    path("meetings.ics", feeds.meetings_ics, name="meetings_ics"),
    path("meetings/new", views_desk.new_meeting, name="new_meeting"),
    path("meeting/<slug:key>", views.meeting, name="meeting"),
    path("meeting/<slug:key>/notice", views_desk.give_notice, name="give_notice"),
    path("meeting/<slug:key>/agenda", views_desk.draft_agenda, name="draft_agenda"),
    path("meeting/<slug:key>/items/new", views_desk.new_item, name="new_item"),
    path("meeting/<slug:key>/attendance", views_desk.attendance, name="attendance"),
    path("meeting/<slug:key>/minutes", views_desk.minutes, name="minutes"),
    path("meeting/<slug:key>/paper/<slug:sha256>", views.paper, name="paper"),
    path("meeting/<slug:key>/item/<int:number>/decision", views_desk.new_decision, name="new_decision"),
    path("meeting/<slug:key>/item/<int:number>/paper", views_desk.new_paper, name="new_paper"),
    path("decisions", views.decisions, name="decisions"),
    path("decisions.atom", feeds.decisions_atom, name="decisions_atom"),
    path("decision/<slug:key>", views.decision, name="decision"),
    path("decision/<slug:key>/actions/new", views_desk.new_action, name="new_action"),
    path("decision/<slug:key>/action/<int:number>/report", views_desk.report_action, name="report_action"),
    path("register", views.register, name="register"),
    path("register/<slug:duty>/evidence", views_desk.duty_evidence, name="duty_evidence"),
    path("bodies/check", views.map_check, name="map_check"),
    path("bodies.json", feeds.popolo, name="popolo"),
    path("have-your-say", views.have_your_say, name="have_your_say"),
    path("question", views.question, name="question"),
    path("question/follow", views.follow, name="follow"),
    path("question/<str:receipt>", views.contribution, name="contribution"),
    path("question/<str:receipt>/reply", views_desk.reply, name="reply"),
    path("desk/today", views_desk.desk, name="desk"),
]
