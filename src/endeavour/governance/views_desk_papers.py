"""The desk's papers: an upload that is refused as it streams in, before anything large is kept."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from endeavour.governance import actions, queries
from endeavour.governance.asking import asked, person_for
from endeavour.governance.choices import body_field, yes_no
from endeavour.governance.definitions_consultees import consulted_topics
from endeavour.governance.forms import Answers, Field, Form
from endeavour.governance.uploads import limited, taken


# The form's token is read from the body, so that check must come after the limit is in place: the outer view sets the
# limit and asks who this is (from the cookie alone), the inner one checks the token.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def new_paper(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Add a paper to an item."""
    person_for(request, "governance.add_paper")
    limited(request)
    answer: HttpResponse = _new_paper(request, key, number)
    return answer


@csrf_protect
def _new_paper(request: HttpRequest, key: str, number: int) -> HttpResponse:
    person = person_for(request, "governance.add_paper")
    item = queries.meeting_item(key, number)
    topics, names = consulted_topics(settings.PACK), queries.body_names()
    form = Form(
        title=f"Add a paper: {item.title}",
        button="Add this paper",
        done="The paper is on the agenda.",
        back=(f"/meeting/{key}", item.meeting.title),
        fields=(
            Field("title", "Its title, in words", heading="The paper", needed="Give the paper a title in words."),
            body_field("author", "Which body wrote it?", empty="Not said"),
            Field("theme", "Which theme that residents spoke of does it answer?", "choice", options=(("", "None"), *queries.themes())),
            Field("recommendation", "What is the board asked to resolve?", "area", hint="The recommendation, in the paper’s words"),
            *(
                yes_no(f"topic-{topic.key}", f"Is it about this: {topic.title[0].lower()}{topic.title[1:]}?", hint=f"Then these are always consulted: {', '.join(names.get(b, b) for b in topic.bodies)}", heading="" if place else "Who is asked before")
                for place, topic in enumerate(topics)
            ),
            *(
                Field(key, f"What does it mean for {words}?", "area", hint="Where it means nothing, say why", needed=f"Say what it means for {words}, or why nothing.", rows=2, heading="" if place else "What it means")
                for place, (key, words) in enumerate(actions.IMPLICATIONS.items())
            ),
            Field("verified_by", "Who verified these four?", hint="A name or a post", most=160, needed="Say who verified what the paper means."),
            Field("file", "The paper", "file", hint="PDF or Word document, at most 25 MB, without scripts. A tagged PDF can be read aloud. A draft keeps your words, not the file.", heading="The file"),
        ),
    )  # fmt: skip

    def work(values: Answers) -> HttpResponse:
        upload = taken(request, request.FILES.get("file"))
        author = queries.body(values["author"]) if values["author"] else None
        actions.add_paper(
            by=person,
            item=item,
            title=values["title"],
            content=upload.chunks(),
            author_body=author,
            theme=values["theme"],
            implications={key: values[key] for key in actions.IMPLICATIONS},
            verified_by=values["verified_by"],
            topics=[topic.key for topic in topics if values.is_yes(f"topic-{topic.key}")],
            recommendation=values["recommendation"],
        )
        return redirect("governance:meeting", key=key)

    return asked(request, form, work)
