"""What an administrator is told of a hall's voice."""

from flask_babel import gettext

from queue_server.announcing import VoicePhase, VoiceState


def voice_words(state: VoiceState) -> str:
    """How the voice of a hall's screens stands, in a sentence or two."""
    match state.phase:
        case VoicePhase.SILENT:
            return str(gettext("この庁舎の表示盤は音を出しません。"))
        case VoicePhase.CHIME:
            return str(gettext("この庁舎の表示盤はチャイムだけを鳴らします。"))
        case VoicePhase.MISSING:
            words = gettext(
                "音声合成のプログラムがサーバーに入っていません（%(packages)s）。"
                "表示盤はチャイムと字幕でお知らせしています。",
                packages=" ".join(state.missing),
            )
            return str(words)
        case VoicePhase.FAILED:
            words = gettext(
                "音声を作りきれませんでした（%(there)s / %(needed)s）。"
                "ディスクの空きとサーバーの記録を確かめてください。",
                there=state.there,
                needed=state.needed,
            )
            return str(words)
        case VoicePhase.MAKING:
            words = gettext("音声を作っています（%(there)s / %(needed)s）。", there=state.there, needed=state.needed)
            return str(words)
        case VoicePhase.READY:
            return str(gettext("音声はすべてそろっています（%(needed)s）。", needed=state.needed))
