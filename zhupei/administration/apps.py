from importlib import import_module

from django.apps import AppConfig


class AdministrationConfig(AppConfig):
    name = "zhupei.administration"

    def ready(self) -> None:
        import_module("zhupei.administration.checks")  # registers itself
