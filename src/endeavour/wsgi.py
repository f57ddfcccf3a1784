"""The application an application server runs: `gunicorn endeavour.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "endeavour.settings")
# One visitor's arithmetic is small: threads of its own would cost ten times what they save.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
application = get_wsgi_application()

from django.db import connections  # noqa: E402 - these need Django set up
from django.urls import get_resolver  # noqa: E402

from endeavour.core.accounts import refuse_demo_people_in_production  # noqa: E402
from endeavour.frontdoor.counting import count_together  # noqa: E402

refuse_demo_people_in_production()
count_together()
# Load every view now, so that workers forked from here share them and the first visitor does not wait.
assert get_resolver().url_patterns
# A connection does not survive a fork.
connections.close_all()
