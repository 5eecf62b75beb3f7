"""The marker of sentences that are translated elsewhere than they stand."""


def N_(message: str) -> str:  # noqa: N802 - the usual name of gettext's marker
    """Mark a sentence for translation and leave it as it is; whoever shows it translates it."""
    return message
