"""Sealing: what was recorded cannot be changed afterwards without being found.

Audit rows (every history that triggers keep, who looked, what was refused, what was lawfully erased) are sealed in
batches. Each seal's hash covers its rows and the seal before, so seals are a chain, whose head is printed in each
working pack. See decision 13.
"""

from commissioning.audit.sealing.chain import Head, head, seal_what_waits
from commissioning.audit.sealing.checking import Fault, Verification, verify
from commissioning.audit.sealing.erasing import record_erasure
from commissioning.audit.sealing.tables import AuditTable, audit_tables

__all__ = [
    "AuditTable",
    "Fault",
    "Head",
    "Verification",
    "audit_tables",
    "head",
    "record_erasure",
    "seal_what_waits",
    "verify",
]
