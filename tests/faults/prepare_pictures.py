"""``python -m tests.faults.prepare_pictures COUNT``: pictures that wait for a look, where ZHUPEI_DATA is."""

import os
import sys

import django


def main(count: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhupei.settings")
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - needs the settings

    from tests import factories  # noqa: PLC0415

    for number in range(count):
        taken = factories.fitted(colour=(number, 140, 110))
        factories.PictureFactory(address=taken.address, thumbnail=taken.thumbnail)
    call_command("recheck_pictures")


if __name__ == "__main__":
    main(int(sys.argv[1]))
