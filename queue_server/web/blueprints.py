"""The rooms of the web: importing this module is what fills blueprints of several modules with their routes."""

from queue_server.web import (
    admin_audit,
    admin_devices,
    admin_kiosks,
    admin_lists,
    admin_notices,
    admin_overview,
    admin_parts,
    admin_people,
    api,
    api_counters,
    api_holder,
    api_kiosks,
    api_line,
    api_open_data,
    api_structure,
    api_supervision,
)
from queue_server.web.account import account
from queue_server.web.admin_answers import admin
from queue_server.web.answers import api as json_api
from queue_server.web.desk import desk
from queue_server.web.health import health
from queue_server.web.oidc import oidc
from queue_server.web.supervisor import supervisor

BLUEPRINTS = (health, account, oidc, json_api, desk, supervisor, admin)

__all__ = [
    "BLUEPRINTS",
    "admin_audit",
    "admin_devices",
    "admin_kiosks",
    "admin_lists",
    "admin_notices",
    "admin_overview",
    "admin_parts",
    "admin_people",
    "api",
    "api_counters",
    "api_holder",
    "api_kiosks",
    "api_line",
    "api_open_data",
    "api_structure",
    "api_supervision",
]
