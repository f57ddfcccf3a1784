"""Static files under fingerprinted names once they are collected."""

from django.conf import settings
from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """WhiteNoise's compressed, fingerprinted files.

    A demonstration or a test that has collected nothing serves the files straight from the apps under plain names;
    production without a manifest fails, as it should.
    """

    def stored_name(self, name: str) -> str:
        if not settings.PRODUCTION and not self.hashed_files:
            return name
        return str(super().stored_name(name))
