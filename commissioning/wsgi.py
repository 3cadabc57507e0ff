"""The web process's entry point. It does not start in production with settings that would be unsafe."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commissioning.settings")
application = get_wsgi_application()

from commissioning.core.deployment import refuse_to_serve_wrongly  # noqa: E402  needs the applications to be ready

refuse_to_serve_wrongly()
