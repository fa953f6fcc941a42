from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            "Customer",
            [
                ("id", models.AutoField(primary_key=True)),
                ("tenant_id", models.IntegerField()),
                ("email", models.CharField(max_length=50)),
                ("fax", models.TextField(null=True)),
                ("note", models.TextField(null=True)),
            ],
            options={"db_table": "customers"},
        ),
        migrations.CreateModel(
            "Fax",
            [
                ("id", models.AutoField(primary_key=True)),
                ("tenant_id", models.IntegerField()),
                ("page", models.TextField(null=True)),
            ],
            options={"db_table": "faxes"},
        ),
    ]
