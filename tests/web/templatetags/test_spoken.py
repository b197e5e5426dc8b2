from django.template import Context, Template
from django.utils import translation


def test_a_template_names_a_value_in_the_readers_language() -> None:
    template = Template("{{ role|capfirst|spoken }}")
    with translation.override("de"):
        assert template.render(Context({"role": "owner"})) == "Eigentümer"
    assert template.render(Context({"role": "owner"})) == "Owner"
