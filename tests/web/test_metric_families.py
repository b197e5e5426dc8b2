from tickfolio.web.metric_families import counter, gauge


def test_samples_have_their_labels() -> None:
    family = gauge("held", "What is held.", ("of",), [(("a",), 1), (("b",), 2.5)])
    assert [(sample.labels, sample.value) for sample in family.samples] == [({"of": "a"}, 1), ({"of": "b"}, 2.5)]


def test_a_counter_gets_its_ending() -> None:
    (sample,) = counter("sent", "What was sent.", (), [((), 3)]).samples
    assert (sample.name, sample.value) == ("sent_total", 3)
