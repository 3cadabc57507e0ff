"""What the reader takes away from itself before it looks at the file."""

import os
import resource
import sys

NOBODY = 65534


def confine(*, memory: int, seconds: int) -> None:
    """From here on this process opens no file and no socket, starts no process, writes no file, leaves no core dump,
    and ends when it has used `memory` bytes or `seconds` of processor time. What it has open stays open.
    """
    _stop_being_root()
    limits = {
        resource.RLIMIT_CORE: (0, 0),
        resource.RLIMIT_FSIZE: (0, 0),
        resource.RLIMIT_NPROC: (0, 0),
        resource.RLIMIT_AS: (memory, memory),
        resource.RLIMIT_CPU: (seconds, seconds + 1),
        # A socket is an open file too, so this is what keeps the reader off the network.
        resource.RLIMIT_NOFILE: (_first_free(), _first_free()),
    }
    for kind, limit in limits.items():
        try:
            resource.setrlimit(kind, limit)
        except (ValueError, OSError):
            if sys.platform == "linux":  # elsewhere (a developer's Mac) some limits are not there
                raise


def _stop_being_root() -> None:
    """Root is exempt from some limits. A container may forbid the change; the other limits hold all the same."""
    if os.geteuid() == 0:
        try:
            os.setgroups([])
            os.setresgid(NOBODY, NOBODY, NOBODY)
            os.setresuid(NOBODY, NOBODY, NOBODY)
        except OSError:
            return


def _first_free() -> int:
    """One more than the highest descriptor in use."""
    used = [number for number in range(64) if _is_open(number)]
    return max(used) + 1


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True
