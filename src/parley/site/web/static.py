"""Static files under names with their digest, so that browsers keep them for good.

What lives here: the storage. What may not: the files.
"""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage

__all__ = ["StaticFiles"]


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Names with digests once the files were collected (`parley serve` does that), plain names before.

    Tests and single commands need no collected files; a server without them would still find each file, only
    without the digest.
    """

    def stored_name(self, name: str) -> str:
        """Return the name under which a file is served."""
        if not self.hashed_files:
            return str(self.clean_name(name))
        return str(super().stored_name(name))
