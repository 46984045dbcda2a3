"""Three replicas on one database while everything around them fails in turn, and the account at the end."""
