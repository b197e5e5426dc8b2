from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('persistence', '0014_action_dismissals'),
    ]

    operations = [
        migrations.AddField(
            model_name='backfill',
            name='actions_until',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='backfill',
            name='late_since',
            field=models.DateTimeField(null=True),
        ),
    ]
