"""How somebody sees holdings: what the forms and the heads of the table send."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.views.decorators.http import require_POST

from tickfolio.errors import InvalidDraft
from tickfolio.services.holdings_view import holdings_view_change, holdings_view_reset
from tickfolio.web.actors import actor_of
from tickfolio.web.holding_columns import moved
from tickfolio.web.page_before import back


@require_POST
def holdings_view(request: HttpRequest) -> HttpResponseBase:
    """Keeps what was chosen, and goes back to the page that it was chosen on."""
    user_id = actor_of(request).user_id
    try:
        if "reset" in request.POST:
            holdings_view_reset(user_id=user_id)
        else:
            _change(request.POST, user_id)
    except InvalidDraft as error:
        return HttpResponse(str(error), status=HTTPStatus.BAD_REQUEST, content_type="text/plain; charset=utf-8")
    return back(request)


def _change(sent: QueryDict, user_id: int) -> None:
    """A form that has the list of columns says so: with all of them unticked it would send none of their names."""
    holdings_view_change(
        user_id=user_id,
        columns=moved(sent.getlist("column"), sent.get("move", "")) if "columns" in sent else None,
        pinned=sent.get("pinned"),
        group=sent.get("group"),
        sort=sent.get("sort"),
        is_descending="descending" in sent if "ordered" in sent else None,
    )
