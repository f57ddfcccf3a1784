"""An upload that is refused as it streams in, before anything large is kept, from a form and from a program alike."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest

from endeavour.errors import BadInput
from endeavour.governance.paper_checks import LARGEST_PAPER


class LimitedUpload(FileUploadHandler):
    """Keeps nothing of a file beyond the limit: each further piece is read and thrown away.

    `StopUpload` would not do: Django then reads the rest line by line, and a file without lines is one line of 2 GB.
    """

    seen = 0
    is_too_large = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Pass a piece on to the handlers that keep it, up to the limit; beyond it pass on nothing."""
        del start
        self.seen += len(raw_data)
        if self.seen > LARGEST_PAPER:
            self.is_too_large = True
            return None
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The handlers behind this one hold the file."""
        del file_size


def limited(request: HttpRequest) -> None:
    """Limit the files of a request; call it before anything reads its body."""
    request.upload_handlers = [LimitedUpload(request), *request.upload_handlers]


def taken(request: HttpRequest, upload: UploadedFile | None) -> UploadedFile:
    """The file that came with a limited request; `BadInput` where there is none or it is too large."""
    first = request.upload_handlers[0]
    assert isinstance(first, LimitedUpload), "the request was limited before it was read"
    if first.is_too_large:
        raise BadInput("The paper is larger than 25 MB.", hint="Make its pictures smaller.")
    if upload is None:
        raise BadInput("Choose a file.")
    return upload
