from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('persistence', '0023_own_notes_purged_files'),
    ]

    operations = [
        migrations.CreateModel(
            name='Lease',
            fields=[
                ('name', models.CharField(max_length=32, primary_key=True, serialize=False)),
                ('token', models.PositiveBigIntegerField()),
                ('holder', models.CharField(max_length=200)),
                ('expires_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'lease',
            },
        ),
    ]
