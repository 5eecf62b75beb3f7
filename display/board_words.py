"""What stands on a hall's screen besides a board's own values, in each language that the screen speaks."""

from typing import Any

from flask_babel import force_locale, gettext

from display.words import messages
from queue_server.domain.boards import BoardScreen
from queue_server.domain.site import Site
from queue_server.languages import lang_of, locale_of
from queue_server.words import named, stage_named

View = dict[str, Any]


def tongues(site: Site, screen: BoardScreen) -> dict[str, View]:
    """Per language tag of the screen, the main one first: its sentences, titles and names."""
    found = {}
    for tag in screen.languages:
        with force_locale(locale_of(tag)):
            found[tag] = {"lang": lang_of(tag), "messages": messages(), "titles": titles(), "names": names(site)}
    return found


def names(site: Site) -> View:
    """What the site, its services and its counters are called in the language of the moment."""
    return {
        "site": named(site),
        "service": {each.id: named(each) for each in site.services.values()},
        "counter": {each.id: named(each) for each in site.counters.values()},
        "stage": _stages(site),
    }


def names_of_page(site: Site) -> View:
    """What the scripts of a page call services, counters and stages that are not called as a board calls them."""
    found = {
        kind: {each.id: called for each in things.values() if (called := named(each)) != each.name}
        for kind, things in (("service", site.services), ("counter", site.counters))
    }
    return {**found, "stage": {stage: called for stage, called in _stages(site).items() if called != stage}}


def _stages(site: Site) -> dict[str, str]:
    stages = {stage for service in site.services.values() if len(service.stages) > 1 for stage in service.stages}
    return {stage: stage_named(stage) for stage in sorted(stages)}


def titles() -> dict[str, str]:
    """Every fixed word of a hall's screen."""
    return {
        "calls": gettext("お呼び出し中"),
        "serving": gettext("応対中"),
        "no_calls": gettext("ただいまお呼び出ししている番号はありません"),
        "lines": gettext("窓口の混雑状況"),
        "service": gettext("業務"),
        "call": gettext("呼出番号"),
        "people": gettext("待ち人数"),
        "level": gettext("混雑の程度"),
        "range": gettext("待ち時間の目安"),
        "waiting": gettext("お待ち"),
        "no_show": gettext("不在のためお待ちしている番号"),
        "held": gettext("保留中の番号"),
        "none": gettext("ありません"),
        "texts": gettext("お知らせ"),
        "standing": gettext(
            "お呼びしたときにいらっしゃらなかったかたは、お近くの職員に番号札をお見せください。待ち時間は目安です。"
        ),
        "phone": gettext("混雑状況はこちら"),
        "next_numbers": gettext("次の番号"),
        "counter_free": gettext("ご用のかたをお呼びするまでお待ちください"),
        "counter_closed": gettext("この窓口は閉まっています"),
    }
