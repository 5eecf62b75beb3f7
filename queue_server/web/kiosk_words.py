"""How staff read what kiosks report."""

from flask_babel import gettext

from queue_server.domain.kiosks import PrinterState
from queue_server.snapshot import View

_TROUBLES = frozenset(state.value for state in PrinterState) - {PrinterState.READY.value} | {"silent"}


def state_key(kiosk: View) -> str:
    """The key of the state of a kiosk of the desk view, as the pages' scripts have it too."""
    if not kiosk["heard"]:
        return "unheard"
    return "silent" if kiosk["silent"] else kiosk["printer"] or "no_printer"


def trouble_keys(kiosk: View) -> list[str]:
    """The keys of that for which somebody has to go there: paper, printer or line, and the disk."""
    state = [key] if (key := state_key(kiosk)) in _TROUBLES else []
    disk = kiosk["heard"] and not kiosk["silent"] and not kiosk["recording"]
    return [*state, "disk"] if disk else state


def state_words(kiosk: View) -> str:
    """How a kiosk is, in words."""
    words = messages()
    keys = trouble_keys(kiosk) or [state_key(kiosk)]
    return str(gettext("、")).join(words[f"kiosk_{key}"] for key in keys)


def messages() -> dict[str, str]:
    """The state of a kiosk in words, one for each state of its printer, with {places}."""
    return {
        "kiosk_ready": gettext("異常なし"),
        "kiosk_no_printer": gettext("印刷なしで使用中"),
        "kiosk_paper_low": gettext("用紙が残り少なくなっています"),
        "kiosk_paper_out": gettext("用紙がありません"),
        "kiosk_cover_open": gettext("プリンターのカバーが開いています"),
        "kiosk_off": gettext("プリンターの電源か配線が切れています"),
        "kiosk_error": gettext("プリンターに異常があります"),
        "kiosk_disk": gettext("発券機のディスクに異常があります"),
        "kiosk_silent": gettext("発券機と通信できません"),
        "kiosk_unheard": gettext("まだ連絡がありません"),
        "kiosk_news": gettext("{name}: {state}"),
        "kiosk_since": gettext("{time}から"),
        "kiosk_waiting": gettext("通信断中に発券し、まだ届いていない番号 {count}件"),
        "kiosk_left": gettext("通信断に備えた番号の残り {numbers}"),
        "ticket_offline": gettext("通信断中の発券"),
    }
