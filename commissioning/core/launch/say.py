"""What `./run` says to the person at the terminal: always on standard error, so that commands keep standard output."""

import sys


class Stop(Exception):
    """End the command with this message and exit status."""

    def __init__(self, message: str, status: int = 1) -> None:
        super().__init__(message)
        self.status = status


def say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)
