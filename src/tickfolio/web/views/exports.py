"""A portfolio as a file that can be read in again."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Iterator

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from tickfolio.services import exports
from tickfolio.services.exports import Export
from tickfolio.web.actors import actor_of

PIECES_AT_ONCE = 500


@require_safe
def export_csv(request: HttpRequest, portfolio_id: uuid.UUID) -> StreamingHttpResponse:
    """Every transaction, as CSV."""
    return sent(request, exports.export_csv(actor=actor_of(request), portfolio_id=str(portfolio_id)))


@require_safe
def export_json(request: HttpRequest, portfolio_id: uuid.UUID) -> StreamingHttpResponse:
    """Every transaction with accounts and instruments, as JSON."""
    return sent(request, exports.export_json(actor=actor_of(request), portfolio_id=str(portfolio_id)))


@require_safe
def export_zip(request: HttpRequest, portfolio_id: uuid.UUID) -> StreamingHttpResponse:
    """The JSON with the files that are attached, as a ZIP."""
    export = exports.export_zip(actor=actor_of(request), portfolio_id=str(portfolio_id))
    return streamed(request, export.pieces, content_type="application/zip", file_name=export.file_name)


def sent(request: HttpRequest, export: Export) -> StreamingHttpResponse:
    """The file, sent as it comes."""
    return streamed(request, _chunks(export.pieces), content_type=export.content_type, file_name=export.file_name)


def streamed(
    request: HttpRequest, chunks: Iterator[bytes], *, content_type: str, file_name: str
) -> StreamingHttpResponse:
    """A file in pieces; under ASGI they are made in a thread, because they read the database."""
    body = _awaited(chunks) if isinstance(request, ASGIRequest) else chunks
    return StreamingHttpResponse(
        body,
        content_type=content_type,
        headers={"Content-Disposition": content_disposition_header(as_attachment=True, filename=file_name) or ""},
    )


def _chunks(pieces: Iterator[str]) -> Iterator[bytes]:
    """Several pieces at once, so that a line does not cost a turn of the loop."""
    gathered: list[str] = []
    for piece in pieces:
        gathered.append(piece)
        if len(gathered) == PIECES_AT_ONCE:
            yield "".join(gathered).encode()
            gathered.clear()
    yield "".join(gathered).encode()


async def _awaited(chunks: Iterator[bytes]) -> AsyncIterator[bytes]:
    take = sync_to_async(lambda: next(chunks, None))
    while (chunk := await take()) is not None:
        yield chunk
