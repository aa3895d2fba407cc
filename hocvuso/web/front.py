"""The applications that servers load: `hocvuso.web.front:application` (WSGI), and around it `:door` (RSGI)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hocvuso.settings")
_django = get_wsgi_application()

from hocvuso.web.kit.door import Door  # noqa: E402  these need the settings that the line above has set up
from hocvuso.web.kit.front import Front  # noqa: E402
from hocvuso.web.senders import most_bytes  # noqa: E402

application = Front(_django)
door = Door(application, most_bytes)
