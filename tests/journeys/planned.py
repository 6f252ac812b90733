"""A small site with one rotation as planned, over since yesterday: ``python -m tests.journeys.planned``.

Written into the data folder of the environment; who is in it comes back as JSON. The journey
itself never touches the ORM.
"""

import json
from typing import Any

import django

from zhupei.administration import data_folder


def main() -> None:
    """Migrate, plan, give everybody a password, say who there is."""
    data_folder.make()
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - after setup

    call_command("migrate", verbosity=0)
    print(json.dumps(_plan(), ensure_ascii=False))  # noqa: T201 - its answer


def _plan() -> dict[str, Any]:
    from tests import factories as made  # noqa: PLC0415 - after setup
    from tests.browsing import PASSWORD  # noqa: PLC0415 - after setup
    from zhupei.accounts import actions as accounts  # noqa: PLC0415 - after setup

    enrolment = made.trainee(rotations=0)
    made.season(province=enrolment.base.province)
    rotation = made.process_stories.leaving(enrolment)
    people = {
        "trainee": enrolment.user,
        "teacher": rotation.teacher,
        "head": rotation.head,
        "base": made.reviewer(enrolment.base),
    }
    for person in people.values():
        accounts.set_password(person, password=PASSWORD, by=person)
    return {
        "rotation": str(rotation),
        "first_day": rotation.start_date.isoformat(),
        "enrolment": str(enrolment.pk),
        "people": {
            role: {"name": person.full_name, "username": person.phone, "password": PASSWORD}
            for role, person in people.items()
        },
    }


if __name__ == "__main__":
    main()
