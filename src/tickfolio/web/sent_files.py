"""Files that came with a form, to be attached to a transaction."""

from __future__ import annotations

from django.http import HttpRequest

from tickfolio.services.attachments import MAX_BYTES, NewFile, too_large


def sent_files(request: HttpRequest) -> list[NewFile]:
    """The files in the field `files`, read whole.

    Raises:
        InvalidValue: one is larger than any that is kept; none was read then.
    """
    sent = request.FILES.getlist("files")
    for file in sent:
        if (file.size or 0) > MAX_BYTES:
            raise too_large(file.name or "")
    return [NewFile(file.name or "", file.read()) for file in sent]
