"""Files that come with a report or a verdict, kept with what they support."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.files.base import ContentFile

from hamgara.domain.commitments.models import KeptFile
from hamgara.integrations.storage import SafeFile


def keep(model: type[KeptFile], files: Iterable[SafeFile], **owner: Any) -> list[str]:
    """Keep the files with their owner; return their hashes, by which the ledger knows them."""
    hashes = []
    for safe in files:
        kept = model(kind=safe.kind, sha256=safe.sha256, size=safe.size, width=safe.width, height=safe.height, **owner)
        kept.file.save(f"file.{safe.extension}", ContentFile(safe.content), save=False)
        kept.save()
        hashes.append(safe.sha256)
    return hashes
