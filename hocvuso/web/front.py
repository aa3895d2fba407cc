"""The WSGI application that servers load: `hocvuso.web.front:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hocvuso.settings")
_django = get_wsgi_application()

from hocvuso.web.kit.front import Front  # noqa: E402  needs the settings that the line above has set up

application = Front(_django)
