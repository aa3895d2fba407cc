"""The applications that servers load: `hocvuso.web.front:application` (WSGI), and around it `:door` (RSGI)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hocvuso.settings")
_django = get_wsgi_application()

from hocvuso.base.unavailable import wait_shortly  # noqa: E402  these need the settings that the line above set up
from hocvuso.web.kit.door import ALIVE_AT, WATCHED, Door  # noqa: E402
from hocvuso.web.kit.fitting import Fitting  # noqa: E402
from hocvuso.web.kit.front import Front  # noqa: E402
from hocvuso.web.senders import most_bytes, name_of_person  # noqa: E402

wait_shortly()
application = Front(Fitting(_django, (ALIVE_AT, *WATCHED)))
door = Door(application, most_bytes, name_of_person)
