"""Pages of accounts: one's own, the administrator's, and the pages anybody may read."""
