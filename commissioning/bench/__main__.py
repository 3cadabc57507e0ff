"""`python -m commissioning.bench [figures] [load] [england]`: all of them unless named."""

import argparse
import sys
from collections.abc import Callable


def main(arguments: list[str]) -> None:
    """Make a database of our own, measure in it, drop it."""
    parser = argparse.ArgumentParser(prog="./run bench", description="How fast the application is, as ratios.")
    names = ("figures", "load", "england")
    parser.add_argument("parts", nargs="*", metavar="part", help=f"any of: {', '.join(names)}; all unless named")
    chosen = parser.parse_args(arguments).parts or list(names)
    if unknown := sorted({*chosen} - {*names}):
        parser.error(f"There is no part {', '.join(unknown)}. Parts are {', '.join(names)}.")

    import django

    django.setup()
    from django.db import connection

    from commissioning.bench import england, figures, loading
    from commissioning.core import scope

    scope.enter_for_good(scope.EVERYWHERE)
    parts: dict[str, Callable[[], None]] = {"figures": figures.run, "load": loading.run, "england": england.run}
    before = connection.settings_dict["NAME"]
    # Not the tests' database, which may be in use.
    connection.settings_dict["TEST"]["NAME"] = f"bench_{before}"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        for name in chosen:
            parts[name]()
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)


if __name__ == "__main__":
    main(sys.argv[1:])
