"""The application an application server runs: `gunicorn endeavour.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "endeavour.settings")
application = get_wsgi_application()

from endeavour.core.accounts import refuse_demo_people_in_production  # noqa: E402 - needs Django set up

refuse_demo_people_in_production()
