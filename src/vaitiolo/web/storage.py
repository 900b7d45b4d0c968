"""Static files under names made from their content, in modules' imports too.

A module that one page asks for by two names runs twice: then a key is asked for two touches.
"""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):
    """Whitenoise's storage, with imports between modules written as the hashed names."""

    support_js_module_import_aggregation = True
