"""The one judgement on the tables of a profile, whether they come from a file or from an administrator's form."""

from collections.abc import Mapping

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from queue_server.config.board_schema import COLOUR_PATTERN
from queue_server.config.checks import findings
from queue_server.config.codes import Code
from queue_server.config.problems import Finding, wrong
from queue_server.config.rows import Row
from queue_server.config.schema import ProfileTable
from queue_server.config.tables import ID_PATTERN, PHONE_PATTERN, PREFIX_PATTERN, PRINTER_PATTERN, TEXT_PATTERN

_PATTERNS = {
    ID_PATTERN: Code.BAD_ID,
    TEXT_PATTERN: Code.BAD_TEXT,
    PREFIX_PATTERN: Code.BAD_PREFIX,
    PHONE_PATTERN: Code.BAD_PHONE,
    PRINTER_PATTERN: Code.BAD_PRINTER,
    COLOUR_PATTERN: Code.BAD_COLOUR,
}
_TYPES = {
    "missing": Code.MISSING,
    "extra_forbidden": Code.UNKNOWN_KEY,
    "model_type": Code.NOT_TABLE,
    "dict_type": Code.NOT_TABLE,
    "list_type": Code.NOT_LIST,
    "string_type": Code.NOT_TEXT,
    "string_unicode": Code.NOT_TEXT,
    "string_too_long": Code.TOO_LONG,
    "int_type": Code.NOT_INTEGER,
    "float_type": Code.NOT_NUMBER,
    "finite_number": Code.NOT_NUMBER,
    "bool_type": Code.NOT_SWITCH,
    "too_short": Code.EMPTY_LIST,
    "greater_than_equal": Code.TOO_SMALL,
    "greater_than": Code.NOT_MORE_THAN,
    "less_than_equal": Code.TOO_LARGE,
    "enum": Code.UNKNOWN_CHOICE,
    "literal_error": Code.UNKNOWN_CHOICE,
    "multiple_of": Code.NOT_MULTIPLE,
}
"""The codes of pydantic's own errors; the schema's readers raise ours under their own names."""
_VALUES = {
    "ge": "limit",
    "gt": "limit",
    "le": "limit",
    "multiple_of": "limit",
    "max_length": "limit",
    "expected": "choices",
}
"""What a sentence calls the values that pydantic gives."""


def examine(tables: Mapping[str, object]) -> tuple[ProfileTable | None, list[Finding]]:
    """The profile that the tables are, and everything that is wrong with them, between the tables first.

    The profile may be used only where nothing is wrong; it is None where the schema does not hold.
    """
    found = list(findings(Row((), tables)))
    try:
        return ProfileTable.model_validate(tables), found
    except ValidationError as error:
        return None, found + [_finding(detail) for detail in error.errors(include_url=False, include_input=False)]


def _finding(detail: ErrorDetails) -> Finding:
    path, kind, context = detail["loc"], detail["type"], detail.get("ctx", {})
    if kind == "string_pattern_mismatch":
        return wrong(path, _PATTERNS[context["pattern"]])
    code = _TYPES.get(kind)
    if code is None:
        return wrong(path, Code(kind), **context)
    return wrong(path, code, **{_VALUES[name]: _plain(value) for name, value in context.items() if name in _VALUES})


def _plain(value: str | float) -> str | int:
    return value if isinstance(value, str) else int(value)
