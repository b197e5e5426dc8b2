"""Who has had an account for longest becomes the operator, where an instance has people and no operator yet."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def make_the_first_operator(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    users = apps.get_model("identity", "User").objects.using(schema_editor.connection.alias)
    people = users.filter(is_demo_owner=False)
    if people.filter(is_staff=True).exists():
        return
    oldest = people.order_by("date_joined", "pk").first()
    if oldest is not None:
        people.filter(pk=oldest.pk).update(is_staff=True)


class Migration(migrations.Migration):

    dependencies = [
        ("identity", "0002_people"),
    ]

    operations = [
        # Going back leaves who is the operator: the versions before know none, and ask nobody.
        migrations.RunPython(make_the_first_operator, migrations.RunPython.noop),
    ]
