"""Child processes that end when their parent does, however it ends."""

from __future__ import annotations

import ctypes
import os
import signal

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


def end_with(parent: int, death: signal.Signals) -> None:
    """In a child of `parent`, before or after it execs: have the kernel send us `death` when the parent is gone.

    The kernel means the thread that started us, so parents start their children from a thread that lives.
    """
    _libc.prctl(PR_SET_PDEATHSIG, death)
    if os.getppid() != parent:  # it died before we asked
        os.kill(os.getpid(), death)
