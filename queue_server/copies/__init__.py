"""Copies of a data directory: backups, a journal that goes on between them, the way back, exports and archives.

All of it runs in processes of its own, beside the server; nothing here ever makes a command wait.
"""
