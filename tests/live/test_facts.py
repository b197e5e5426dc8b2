from tests.live.market import OPEN
from tickfolio.live.facts import Facts, Instance
from tickfolio.live.session import LIMITS


def test_no_two_sequences_of_frames_have_one_name() -> None:
    facts = Facts(Instance("e1", "b1", is_replay=True), limits=LIMITS, market_now=lambda: OPEN)
    names = [facts.next_epoch() for _ in range(3)]
    facts.epoch = "e2"
    names.append(facts.next_epoch())
    assert len(set(names)) == 4
    assert names[0].startswith("e1")
    assert names[-1].startswith("e2")
