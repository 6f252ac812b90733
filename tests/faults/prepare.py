"""``python -m tests.faults.prepare COUNT``: trainees ready to submit, in the site of ZHUPEI_DATA.

Through the real actions, in a process of its own; prints who they are as JSON. No demo: this takes
three seconds.
"""

import json
import os
import sys
from collections.abc import Iterator

import django

ROTATIONS = 3


def main(count: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhupei.settings")
    django.setup()
    print(json.dumps(list(trainees(count))))


def trainees(count: int) -> Iterator[dict[str, object]]:
    from tests import browsing, factories  # noqa: PLC0415 - needs the settings
    from zhupei.accounts.actions import set_password  # noqa: PLC0415

    base = factories.BaseFactory()
    for _ in range(count):
        application = factories.draft(base=base, rotations=ROTATIONS)
        user = application.trainee
        set_password(user, password=browsing.PASSWORD, by=user)
        yield {
            "user": user.phone,
            "password": browsing.PASSWORD,
            "application": str(application.pk),
            "rotations": [str(rotation.pk) for rotation in application.enrolment.rotations.all()],
        }


if __name__ == "__main__":
    main(int(sys.argv[1]))
