import json

from django.template import Context, Template
from django.utils import translation

from tickfolio.words import marked_phrase


def test_a_template_names_a_value_in_the_readers_language() -> None:
    template = Template("{{ role|capfirst|spoken }}")
    with translation.override("de"):
        assert template.render(Context({"role": "owner"})) == "Eigentümer"
    assert template.render(Context({"role": "owner"})) == "Owner"


def test_data_for_a_script_is_said_in_the_readers_language() -> None:
    template = Template("{{ data|json_script:'it' }}")
    context = Context({"data": {"names": (marked_phrase("Owner"), 7)}})
    with translation.override("de"):
        assert json.dumps("Eigentümer") in template.render(context)
    assert '{"names": ["Owner", 7]}' in template.render(context)
