from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2id(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes, one lane (OWASP's first choice): about 30 ms on one core.

    Django's default of 100 MiB would let eight sign-ins a second fill the machine on the last day.
    """

    time_cost = 2
    memory_cost = 19 * 1024  # KiB
    parallelism = 1
