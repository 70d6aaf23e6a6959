"""The door for the web server."""

import os

from django.core.wsgi import get_wsgi_application

from namro.web.config.collecting import Collector

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "namro.web.config.settings")
application = get_wsgi_application()
Collector().begin()
