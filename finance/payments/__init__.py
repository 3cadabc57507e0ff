"""Published spending as files: reading them, which expense types are support, and what makes two rows the same row.

No module here touches the database: what is stored is written by `finance.actions` and read by `finance.queries`.
"""
