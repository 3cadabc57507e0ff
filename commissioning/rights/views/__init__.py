"""The pages of people's rights."""
