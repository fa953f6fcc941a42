from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_first")]
    operations = [
        migrations.AddField("Customer", "ssn", models.TextField(null=True)),
        migrations.AlterField("Customer", "email", models.CharField(max_length=400)),
        migrations.RemoveField("Customer", "fax"),
        migrations.DeleteModel("Fax"),
    ]
