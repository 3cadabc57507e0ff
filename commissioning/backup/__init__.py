"""The whole database into one file and back: each table, its digest, and a manifest that says what was there."""
