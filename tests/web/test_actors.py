import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory

from tickfolio.identity.models import User
from tickfolio.persistence.tenancy import Person
from tickfolio.web.actors import actor_of


def test_the_actor_is_who_is_signed_in(rf: RequestFactory) -> None:
    request = rf.get("/")
    request.user = User(pk=7)
    assert actor_of(request) == Person(user_id=7)


def test_nobody_is_no_actor(rf: RequestFactory) -> None:
    request = rf.get("/")
    request.user = AnonymousUser()
    with pytest.raises(PermissionDenied):
        actor_of(request)
