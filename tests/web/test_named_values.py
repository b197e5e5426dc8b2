from django.utils import translation

from tickfolio.web.named_values import named


def test_a_value_has_a_name_in_every_language() -> None:
    with translation.override("de"):
        assert (named("trading"), named("Owner")) == ("Handel", "Eigentümer")
    assert (named("trading"), named("Owner")) == ("trading", "Owner")
