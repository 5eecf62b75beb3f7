"""What the public reads answer, as examples for the OpenAPI document, by the name of their schema."""

from typing import Any

Json = dict[str, Any]

_STATUS: Json = {
    "open": True,
    "label": "受付中です。",
    "phase": "open",
    "reason": None,
    "opens": "2026-11-24T08:30:00+09:00",
    "closes": "2026-11-24T17:15:00+09:00",
    "next_open": None,
    "ended_early": False,
}
_CALL: Json = {
    "label": "503",
    "counter": "6",
    "counter_name": "6番窓口",
    "at": "2026-11-24T09:12:05+09:00",
    "call_seq": 41,
    "stage": None,
}
_SERVICE: Json = {
    "id": "mynumber",
    "name": "マイナンバー関係",
    "reading": "まいなんばーかんけい",
    "series": "s500",
    "series_label": "500番台",
    "accepting": True,
    "full": False,
    "paused": False,
    "paused_since": None,
    "ended_today": False,
    "waiting": ["504", "505"],
    "waiting_count": 2,
    "calling": [_CALL],
    "last_call": _CALL,
    "serving": [],
    "held": [],
    "no_show": ["501"],
    "level": {"key": "free", "label": "混雑していません"},
    "estimate": {"low": 15, "high": 35},
    "note": "",
}
_SITE: Json = {"id": "honchosha", "name": "厚木市役所本庁舎1階市民課"}

EXAMPLES: Json = {
    "Sites": {"sites": [{**_SITE, "status": _STATUS}]},
    "SiteNames": {
        "site": {"en": "Atsugi City Hall, 1F Citizens' Affairs"},
        "categories": {"ido": {"en": "Moving and My Number"}},
        "services": {"mynumber": {"en": "My Number Card procedures"}},
        "counters": {"6": {"en": "Counter 6"}},
        "notes": {},
    },
    "Board": {
        "version": 1795478400000042,
        "seq": 57,
        "as_of": "2026-11-24T09:15:00+09:00",
        "simulated": False,
        "site": _SITE,
        "storage": {"writable": True},
        "status": _STATUS,
        "categories": [{"id": "ido", "name": "異動受付", "reading": "いどううけつけ", "services": [_SERVICE]}],
        "counters": [
            {
                "id": "6",
                "name": "6番窓口",
                "open": True,
                "label": "503",
                "services": ["mynumber"],
                "break_until": None,
            }
        ],
        "calls": [{**_CALL, "service": "mynumber", "state": "called"}],
        "notices": [{"id": "n1", "text": "本日は電算の都合により17時で終了します。", "until": None}],
        "quality": {"called": 120, "within": 109, "share": 0.91},
    },
    "Forecast": {
        "site": "honchosha",
        "service": "mynumber",
        "learned_from_days": 243,
        "days": [
            {
                "day": "2026-11-24",
                "open": True,
                "closed_reason": None,
                "busy": "busy",
                "reasons": [
                    {"kind": "event", "value": "expiry-notices", "name": "有効期限通知書の発送後"},
                    {"kind": "after_closure", "value": "1", "name": None},
                ],
                "hours": [{"hour": 8, "busy": "quiet"}, {"hour": 9, "busy": "busy"}],
            }
        ],
    },
    "QueueMonitors": [
        {
            "id": "urn:ngsi-ld:QueueMonitor:atsugi:honchosha:mynumber",
            "type": "QueueMonitor",
            "dateModified": "2026-11-24T09:15:00+09:00",
            "source": "/api/sites/honchosha/board",
            "dataProvider": "厚木市",
            "name": "厚木市役所本庁舎1階市民課 マイナンバー関係",
            "areaServed": "厚木市",
            "officeName": "厚木市役所本庁舎1階市民課",
            "serviceId": "mynumber",
            "serviceName": "マイナンバー関係",
            "serviceStatus": "Open",
            "serviceStatusNote": "混雑していません",
            "queueLine": "500番台",
            "ticketsToServe": 2,
            "ticketServed": 503,
            "ticketServedLabel": "503",
        }
    ],
}
