"""Static files under fingerprinted names once they are collected."""

from django.conf import settings
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """WhiteNoise's compressed, fingerprinted files.

    A demonstration or a test that has collected nothing serves the files straight from the apps under plain names;
    production without a manifest fails, as it should.
    """

    def stored_name(self, name: str) -> str:
        if settings.DEMO and not self.hashed_files:
            return name
        return str(super().stored_name(name))
