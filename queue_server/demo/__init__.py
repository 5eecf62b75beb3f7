"""A living hall for visitors: a real server, with residents and clerks who use its ordinary API."""
