"""A pytest plug-in, loaded first: tests run in test mode whatever the shell says, and fixtures may import models."""

import os

import django

os.environ["COMMISSIONING_MODE"] = "test"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commissioning.settings")
# Playwright's driver runs an event loop in the main thread, which Django would take for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
django.setup()


from commissioning.core import scope  # noqa: E402  settings come first

# What a test sets up and looks at, it does as the application's own upkeep; a request, a task and a command say for
# themselves whose eyes they look through (the fixture `unscoped` takes this away).
scope.enter_for_good(scope.EVERYWHERE)
