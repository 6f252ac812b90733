"""Every view of a queue, and the figures of a desk, from an index alone.

``…_submitted``: the view 全部 in its order. ``…_of_a_base``: one base in the queue of a city or the
province, the list of bases of a desk, and the figures of a start page (hence ``round``).
``reviews_of_an_office``: what was decided today. Together about 1 s for 100,000 applications and 150,000
reviews on SQLite (two shared cores). Going back drops them.
"""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("completion", "0003_city_windows_and_extensions"),
        ("organisations", "0001_initial"),
    ]

    operations = [
        *(
            migrations.AddIndex(
                model_name="application",
                index=models.Index(
                    fields=[level, "submitted_at", "id"],
                    condition=Q(submitted_at__isnull=False),
                    name=f"{level}_submitted",
                ),
            )
            for level in ("base", "city", "province")
        ),
        *(
            migrations.AddIndex(
                model_name="application",
                index=models.Index(
                    fields=[level, "base", "stage", "submitted_at", "id", "round"],
                    name=f"{level}_of_a_base",
                ),
            )
            for level in ("city", "province")
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(fields=["organisation", "decided_at"], name="reviews_of_an_office"),
        ),
    ]
