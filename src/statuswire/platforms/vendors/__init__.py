"""One vendor's own status page each: what a cloud or a product serves that no other does."""
