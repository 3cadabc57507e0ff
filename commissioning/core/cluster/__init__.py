"""The application's private PostgreSQL: found or unpacked, started, shared, stopped. Standard library only."""

from commissioning.core.cluster.account import ClusterError
from commissioning.core.cluster.binaries import Binaries, find_binaries
from commissioning.core.cluster.server import Cluster

__all__ = ["Binaries", "Cluster", "ClusterError", "find_binaries"]
