"""Static files by names that hold their hash, also where one script loads another."""

from __future__ import annotations

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage


class HashedFiles(ManifestStaticFilesStorage):
    """Django's, which then also rewrites `import("./later/….js")` in our scripts."""

    support_js_module_import_aggregation = True
