"""Words that the pages of a month use."""
