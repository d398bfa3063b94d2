"""What is done for the public log without anybody asking: publishing it, and asking its witnesses."""

from hamgara.domain.publication.jobs.publishing import Behind, Publisher, publisher, require_known, signers
from hamgara.domain.publication.jobs.witnessing import take

__all__ = ["Behind", "Publisher", "publisher", "require_known", "signers", "take"]
