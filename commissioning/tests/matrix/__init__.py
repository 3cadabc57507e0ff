"""The access matrix: who may see what, stated apart from the application's code, and tried on every address."""
