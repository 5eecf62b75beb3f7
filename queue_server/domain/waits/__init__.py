"""Estimated waits: an estimator per site that learns as it runs, told of events and asked for ranges."""
