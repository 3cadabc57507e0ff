"""How far a load is, for the page that follows it.

A load is one transaction, and what it writes is unseen until it ends; so progress is written by a connection of
its own.
"""

from django.db import connections

from commissioning.interchange.loading import Progress
from commissioning.interchange.models import Upload


def followed_by(upload: Upload) -> Progress:
    """Progress that the upload's page shows at once."""

    def say(words: str) -> None:
        own = connections.create_connection("default")
        try:
            with own.cursor() as cursor:
                table = Upload._meta.db_table
                cursor.execute(f'UPDATE "{table}" SET progress = %s WHERE id = %s', [words[:200], upload.pk])  # noqa: S608
        finally:
            own.close()

    return say
