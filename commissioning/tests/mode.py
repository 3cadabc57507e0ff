"""A pytest plug-in, loaded first: tests run in test mode whatever the shell says, and fixtures may import models."""

import os

import django

os.environ["COMMISSIONING_MODE"] = "test"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commissioning.settings")
# Playwright's driver runs an event loop in the main thread, which Django would take for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
django.setup()
