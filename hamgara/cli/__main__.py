"""`python -m hamgara.cli`: the same as the `hamgara` command."""

import sys

from hamgara.cli import main

sys.exit(main())
