"""The site for a WSGI server: ``zhupei serve`` runs granian on this."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhupei.settings")

application = get_wsgi_application()
