"""The desk's papers: an upload that is refused as it streams in, before anything large is kept."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from endeavour.core.public import Body, today
from endeavour.errors import BadInput
from endeavour.governance import actions, queries
from endeavour.governance.asking import asked, person_for
from endeavour.governance.forms import Field, Form
from endeavour.governance.paper_checks import LARGEST_PAPER


class LimitedUpload(FileUploadHandler):
    """Keeps nothing of a file beyond the limit: each further piece is read and thrown away.

    `StopUpload` would not do: Django then reads the rest line by line, and a file without lines is one line of 2 GB.
    """

    taken = 0
    is_too_large = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Pass a piece on to the handlers that keep it, up to the limit; beyond it pass on nothing."""
        del start
        self.taken += len(raw_data)
        if self.taken > LARGEST_PAPER:
            self.is_too_large = True
            return None
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The handlers behind this one hold the file."""
        del file_size


# The form's token is read from the body, so that check must come after the limit is in place: the outer view sets the
# limit and asks who this is (from the cookie alone), the inner one checks the token.
@csrf_exempt
@require_http_methods(["GET", "POST"])
def new_paper(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Add a paper to an item."""
    person_for(request, "governance.add_paper")
    limit = LimitedUpload(request)
    request.upload_handlers = [limit, *request.upload_handlers]
    answer: HttpResponse = _new_paper(request, key, number, limit)
    return answer


@csrf_protect
def _new_paper(request: HttpRequest, key: str, number: int, limit: LimitedUpload) -> HttpResponse:
    person = person_for(request, "governance.add_paper")
    item = queries.meeting_item(key, number)
    bodies: Any = tuple((b.key, b.name) for b in queries.bodies(today()))
    form = Form(
        title=f"Add a paper to item {number}, {item.title}",
        button="Add this paper",
        back=(f"/meeting/{key}", item.meeting.title),
        fields=(
            Field("title", "Its title, in words", needed="Give the paper a title in words."),
            Field("author", "Which body wrote it?", "choice", options=(("", "Not said"), *bodies)),
            Field("theme", "Which theme that residents spoke of does it answer?", "choice", options=(("", "None"), *queries.themes())),
            Field("file", "The paper", "file", hint="PDF or Word document, at most 25 MB, without scripts. A tagged PDF can be read aloud."),
        ),
    )  # fmt: skip

    def work(values: dict[str, str]) -> HttpResponse:
        upload = request.FILES.get("file")
        if limit.is_too_large:
            raise BadInput("The paper is larger than 25 MB.", hint="Make its pictures smaller.")
        if upload is None:
            raise BadInput("Choose a file.")
        author = Body.objects.filter(key=values["author"]).first() if values["author"] else None
        actions.add_paper(
            by=person,
            item=item,
            title=values["title"],
            content=upload.chunks(),
            author_body=author,
            theme=values["theme"],
        )
        return redirect("governance:meeting", key=key)

    return asked(request, form, work)
