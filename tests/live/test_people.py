from tests.live.market import RecordingOutlet
from tests.live.portfolios import ALICE, BOB, MINE, OTHER, visible
from tickfolio.live.connection import Connection
from tickfolio.live.people import RIGHTS_SECONDS, People
from tickfolio.live.session import V1Session
from tickfolio.live.viewer import Rights, Viewer

HERE, THERE = frozenset({"here"}), frozenset({"there"})


def socket(user: int | None = ALICE, *, session: str = "here") -> Connection:
    viewer = None if user is None else Viewer(user, session, (visible(),))
    return Connection(session=V1Session(knows=lambda _symbol: True), outlet=RecordingOutlet(), at=0.0, viewer=viewer)


def joined(people: People, *connections: Connection) -> list[bool]:
    return [people.join(connection) for connection in connections]


def test_person_has_so_many_sockets_and_no_more() -> None:
    people = People(sockets_per_user=2)
    first, second, third = socket(), socket(), socket()
    assert joined(people, first, second, third, socket(BOB)) == [True, True, False, True]
    people.leave(first)
    assert joined(people, third) == [True]


def test_visitors_who_have_not_signed_in_are_not_counted() -> None:
    people = People(sockets_per_user=1)
    assert joined(people, socket(None), socket(None)) == [True, True]
    assert len(people) == 0


def test_socket_that_was_turned_away_takes_nobody_with_it_when_it_leaves() -> None:
    people = People(sockets_per_user=1)
    kept, refused = socket(), socket()
    joined(people, kept, refused)
    people.leave(refused)
    assert people.sessions() == {ALICE: HERE}
    people.leave(kept)
    people.leave(kept)
    assert (len(people), ALICE in people) == (0, False)


def test_all_sockets_of_a_person_know_the_same_portfolios() -> None:
    people = People(sockets_per_user=9)
    first, second = socket(), socket()
    joined(people, first, second)
    people.rights_read(ALICE, Rights((visible(OTHER, name="B"), visible(MINE, name="A")), HERE), asked=HERE, as_of=0.0)
    assert [one.id for one in people.visible(first)] == [MINE, OTHER]
    assert people.visible(first) == people.visible(second)
    assert (people.may_watch(second, OTHER), people.may_watch(socket(BOB), OTHER)) == (True, False)
    assert people.visible(socket(None)) == []


def test_ended_session_takes_its_sockets_and_leaves_those_of_other_sessions() -> None:
    people = People(sockets_per_user=9)
    here, there = socket(session="here"), socket(session="there")
    joined(people, here, there)
    change = people.rights_read(ALICE, Rights((visible(),), THERE), asked=HERE | THERE, as_of=0.0)
    assert change is not None
    assert (change.signed_out, change.staying) == ((here,), (there,))
    assert (change.lost, change.is_news) == (frozenset(), False)


def test_session_that_was_not_asked_about_is_not_judged() -> None:
    people = People(sockets_per_user=9)
    here, new = socket(session="here"), socket(session="new")
    joined(people, here, new)
    change = people.rights_read(ALICE, Rights((visible(),), HERE), asked=HERE, as_of=0.0)
    assert change is not None
    assert change.signed_out == ()


def test_lost_portfolios_are_named() -> None:
    people = People(sockets_per_user=9)
    joined(people, socket())
    change = people.rights_read(ALICE, Rights((visible(OTHER),), HERE), asked=HERE, as_of=0.0)
    assert change is not None
    assert (change.lost, change.is_news) == (frozenset({MINE}), True)


def test_rights_of_somebody_who_has_left_lead_to_nothing() -> None:
    assert People(sockets_per_user=9).rights_read(ALICE, Rights((), HERE), asked=HERE, as_of=0.0) is None


def test_rights_count_for_a_while_from_the_moment_that_they_are_of() -> None:
    people = People(sockets_per_user=9)
    mine, other, visitor = socket(), socket(BOB), socket(None)
    joined(people, mine, other, visitor)
    at = RIGHTS_SECONDS + 1
    people.rights_read(ALICE, Rights((visible(),), HERE), asked=HERE, as_of=1.0)
    assert [people.is_confirmed(each, at=at) for each in (mine, other, visitor)] == [True, False, False]
    assert list(people.unconfirmed(at)) == [other]
    people.rights_read(ALICE, Rights((visible(),), HERE), asked=HERE, as_of=0.5)
    assert people.confirmed_at(mine) == 1.0
    assert list(people.unconfirmed(at + 0.1)) == [mine, other]
