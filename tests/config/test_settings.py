import runpy
from pathlib import Path

import pytest
from gunicorn.config import Config
from hypothesis import given
from hypothesis import strategies as st

from queue_server.cli.serving import gunicorn_configuration
from queue_server.config import DEFAULT_WORKER, Settings, SettingsError, WorkerKind
from queue_server.settings import MailSecurity, child_environment

NEEDED = {"QUEUE_SERVER_DATA": "/var/lib/queue-server", "QUEUE_SERVER_PROFILE": "atsugi"}


def test_data_and_profile_are_enough_and_the_rest_is_careful() -> None:
    settings = Settings.from_environment(NEEDED | {"PATH": "/bin"})
    assert settings == Settings(data_dir=Path("/var/lib/queue-server"), profile="atsugi")
    assert settings.host == "127.0.0.1"
    assert settings.worker is DEFAULT_WORKER
    assert not settings.open_kiosk
    assert settings.clock is None


def test_every_variable_is_read() -> None:
    settings = Settings.from_environment(
        NEEDED
        | {
            "QUEUE_SERVER_HOST": "0.0.0.0",
            "QUEUE_SERVER_PORT": "8443",
            "QUEUE_SERVER_CLOCK": "2026-11-24T09:00",
            "QUEUE_SERVER_WORKER": "gevent",
            "QUEUE_SERVER_OPEN_KIOSK": "yes",
            "QUEUE_SERVER_SECURE_COOKIES": "True",
            "QUEUE_SERVER_LOG_LEVEL": "DEBUG",
            "QUEUE_SERVER_SESSION_HOURS": "8",
            "QUEUE_SERVER_IDLE_MINUTES": "20",
            "QUEUE_SERVER_OIDC_ISSUER": "https://id.city.example/realms/city/",
            "QUEUE_SERVER_OIDC_CLIENT_ID": "hall",
            "QUEUE_SERVER_OIDC_CLIENT_SECRET": "hush",
            "QUEUE_SERVER_OIDC_CLAIM": "employee_number",
            "QUEUE_SERVER_OIDC_LABEL": "職員認証",
            "QUEUE_SERVER_PUBLIC_URL": "https://queue.example.jp/",
            "QUEUE_SERVER_MAKE_VOICE": "0",
            "QUEUE_SERVER_PUSH_CONTACT": "mailto:it@city.example.jp",
            "QUEUE_SERVER_PUSH_SERVICES": "FCM.googleapis.com, push.apple.com",
            "QUEUE_SERVER_SMTP_HOST": "mail.city.example.jp",
            "QUEUE_SERVER_SMTP_PORT": "465",
            "QUEUE_SERVER_SMTP_SECURITY": "tls",
            "QUEUE_SERVER_SMTP_USER": "queue",
            "QUEUE_SERVER_SMTP_PASSWORD": "whisper",
            "QUEUE_SERVER_MAIL_FROM": "市民課 <queue@city.example.jp>",
            "QUEUE_SERVER_ALERT_MAIL": "kacho@city.example.jp, shimin@city.example.jp",
            "QUEUE_SERVER_LINE_CHANNEL_SECRET": "0123456789abcdef0123456789abcdef",
            "QUEUE_SERVER_LINE_CHANNEL_ACCESS_TOKEN": "long-lived/token+of=the-city",
            "QUEUE_SERVER_LINE_BASIC_ID": "@123abcde",
            "QUEUE_SERVER_LINE_API_BASE": "https://proxy.city.example.jp/line/",
        }
    )
    assert settings == Settings(
        data_dir=Path("/var/lib/queue-server"),
        profile="atsugi",
        host="0.0.0.0",
        port=8443,
        clock="2026-11-24T09:00",
        worker=WorkerKind.GEVENT,
        open_kiosk=True,
        secure_cookies=True,
        log_level="debug",
        session_hours=8,
        idle_minutes=20,
        oidc_issuer="https://id.city.example/realms/city/",
        oidc_client_id="hall",
        oidc_client_secret="hush",
        oidc_claim="employee_number",
        oidc_label="職員認証",
        public_url="https://queue.example.jp",
        make_voice=False,
        push_contact="mailto:it@city.example.jp",
        push_services="fcm.googleapis.com,push.apple.com",
        smtp_host="mail.city.example.jp",
        smtp_port=465,
        smtp_security=MailSecurity.TLS,
        smtp_user="queue",
        smtp_password="whisper",
        mail_from="市民課 <queue@city.example.jp>",
        alert_mail="kacho@city.example.jp,shimin@city.example.jp",
        line_channel_secret="0123456789abcdef0123456789abcdef",
        line_channel_access_token="long-lived/token+of=the-city",
        line_basic_id="@123abcde",
        line_api_base="https://proxy.city.example.jp/line",
    )
    assert "whisper" not in repr(settings)
    assert "0123456789abcdef" not in repr(settings)
    assert "long-lived" not in repr(settings)
    assert Settings.from_environment(settings.to_environment()) == settings


@pytest.mark.parametrize("address", ["queue.example.jp", "ftp://queue.example.jp", "https://", "https://a.jp/?b=c"])
def test_an_address_that_no_phone_opens_is_an_error(address: str) -> None:
    with pytest.raises(SettingsError, match="QUEUE_SERVER_PUBLIC_URL: needs an address"):
        Settings.from_environment(NEEDED | {"QUEUE_SERVER_PUBLIC_URL": address})


@pytest.mark.parametrize("address", ["http://127.0.0.1:8080", "http://localhost/realms/city"])
def test_an_identity_provider_on_this_machine_needs_no_https(address: str) -> None:
    found = NEEDED | {"QUEUE_SERVER_OIDC_ISSUER": address, "QUEUE_SERVER_OIDC_CLIENT_ID": "hall"}
    assert Settings.from_environment(found).oidc_issuer == address


@pytest.mark.parametrize(
    "address", ["id.city.example", "http://id.city.example", "https://", "https://id.example?a=b", "https://[x"]
)
def test_an_identity_provider_that_could_be_overheard_is_an_error(address: str) -> None:
    found = NEEDED | {"QUEUE_SERVER_OIDC_ISSUER": address, "QUEUE_SERVER_OIDC_CLIENT_ID": "hall"}
    with pytest.raises(SettingsError, match="QUEUE_SERVER_OIDC_ISSUER: needs an https address"):
        Settings.from_environment(found)


def test_half_an_identity_provider_is_an_error() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment(NEEDED | {"QUEUE_SERVER_OIDC_ISSUER": "https://id.city.example"})
    assert caught.value.problems == ("QUEUE_SERVER_OIDC_CLIENT_ID: is not set; QUEUE_SERVER_OIDC_ISSUER needs it",)
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment(
            NEEDED | {"QUEUE_SERVER_OIDC_CLIENT_ID": "hall", "QUEUE_SERVER_OIDC_CLIENT_SECRET": "hush"}
        )
    assert caught.value.problems == (
        "QUEUE_SERVER_OIDC_CLIENT_ID: is of no use without QUEUE_SERVER_OIDC_ISSUER",
        "QUEUE_SERVER_OIDC_CLIENT_SECRET: is of no use without QUEUE_SERVER_OIDC_ISSUER",
    )
    assert "hush" not in str(caught.value)


LINE = {
    "QUEUE_SERVER_LINE_CHANNEL_SECRET": "0123456789abcdef0123456789abcdef",
    "QUEUE_SERVER_LINE_CHANNEL_ACCESS_TOKEN": "long-lived/token+of=the-city",
    "QUEUE_SERVER_LINE_BASIC_ID": "@123abcde",
}


def test_line_needs_its_three_settings_and_asks_line_itself() -> None:
    assert Settings.from_environment(NEEDED | LINE).line_api_base == "https://api.line.me"
    for missing in LINE.keys() - {"QUEUE_SERVER_LINE_CHANNEL_SECRET"}:
        with pytest.raises(SettingsError) as caught:
            Settings.from_environment(NEEDED | {name: text for name, text in LINE.items() if name != missing})
        assert caught.value.problems == (f"{missing}: is not set; QUEUE_SERVER_LINE_CHANNEL_SECRET needs it",)
    with pytest.raises(SettingsError, match="LINE_BASIC_ID: is of no use without QUEUE_SERVER_LINE_CHANNEL_SECRET"):
        Settings.from_environment(NEEDED | {"QUEUE_SERVER_LINE_BASIC_ID": "@123abcde"})


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("CHANNEL_SECRET", "0123456789abcdef 123456789abcdef"),
        ("CHANNEL_SECRET", "short"),
        ("CHANNEL_ACCESS_TOKEN", "long-lived-token-of\nthe-city"),
        ("BASIC_ID", "123abcde"),
        ("BASIC_ID", "@a/b"),
        ("API_BASE", "http://api.line.me"),
    ],
)
def test_a_setting_of_line_that_cannot_be_one_is_an_error_that_repeats_no_key(name: str, text: str) -> None:
    with pytest.raises(SettingsError, match=f"QUEUE_SERVER_LINE_{name}: needs ") as caught:
        Settings.from_environment(NEEDED | LINE | {f"QUEUE_SERVER_LINE_{name}": text})
    assert (text in str(caught.value)) == (name in ("BASIC_ID", "API_BASE"))


def test_the_secret_is_in_no_picture_of_the_settings() -> None:
    provider = {"oidc_issuer": "https://id.city.example", "oidc_client_id": "hall", "oidc_client_secret": "hush"}
    settings = Settings(Path("data"), "atsugi", **provider)
    assert "hush" not in repr(settings) + str(settings) + f"{settings}"
    assert Settings.from_environment(settings.to_environment()) == settings, "but the server gets it"


@given(
    st.builds(
        Settings,
        data_dir=st.just(Path("data")),
        profile=st.sampled_from(["atsugi", "./city.toml"]),
        host=st.sampled_from(["127.0.0.1", "::1"]),
        port=st.integers(0, 65_535),
        clock=st.sampled_from([None, "2026-11-24T09:00"]),
        worker=st.sampled_from(WorkerKind),
        open_kiosk=st.booleans(),
        secure_cookies=st.booleans(),
        log_level=st.sampled_from(["debug", "warning"]),
        session_hours=st.integers(1, 168),
        idle_minutes=st.integers(5, 1_440),
    )
)
def test_the_environment_made_from_settings_gives_them_back(settings: Settings) -> None:
    assert Settings.from_environment(settings.to_environment()) == settings


def test_an_empty_variable_counts_as_not_set() -> None:
    settings = Settings.from_environment(NEEDED | {"QUEUE_SERVER_CLOCK": "", "QUEUE_SERVER_PORT": ""})
    assert settings.clock is None
    assert settings.port == 8000


def test_all_mistakes_are_told_at_once_by_the_name_of_the_variable() -> None:
    environ = {
        "QUEUE_SERVER_PROFILE": "atsugi",
        "QUEUE_SERVER_PORT": "80a",
        "QUEUE_SERVER_PROT": "8000",
        "QUEUE_SERVER_OPEN_KIOSK": "maybe",
    }
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment(environ)
    unknown, data, port, kiosk = caught.value.problems
    assert unknown.startswith("QUEUE_SERVER_PROT: unknown variable; there are QUEUE_SERVER_DATA, ")
    assert data == "QUEUE_SERVER_DATA: is not set; needs the folder for the data"
    assert port == "QUEUE_SERVER_PORT: needs a port from 0 to 65535, not '80a'"
    assert kiosk == "QUEUE_SERVER_OPEN_KIOSK: needs 1 or 0, not 'maybe'"
    assert str(caught.value).splitlines() == list(caught.value.problems)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("PORT", "８０８０"),
        ("CLOCK", "9:00"),
        ("CLOCK", "2026-02-30T09:00"),
        ("WORKER", "threads"),
        ("LOG_LEVEL", "loud"),
        ("SESSION_HOURS", "0"),
        ("IDLE_MINUTES", "4"),
        ("IDLE_MINUTES", "1441"),
        ("SECURE_COOKIES", "2"),
    ],
)
def test_a_value_that_does_not_fit_names_its_variable(name: str, text: str) -> None:
    with pytest.raises(SettingsError, match=rf"^QUEUE_SERVER_{name}: needs .+, not '{text}'$"):
        Settings.from_environment(NEEDED | {f"QUEUE_SERVER_{name}": text})


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"PUSH_CONTACT": "it@city.example.jp"}, "PUSH_CONTACT: needs mailto:"),
        ({"PUSH_CONTACT": "http://city.example.jp"}, "PUSH_CONTACT: needs mailto:"),
        ({"PUSH_SERVICES": "push.apple.com"}, "PUSH_SERVICES: is of no use without QUEUE_SERVER_PUSH_CONTACT"),
        ({"PUSH_CONTACT": "https://a.jp", "PUSH_SERVICES": "https://b.jp"}, "PUSH_SERVICES: needs names of hosts"),
        ({"PUSH_CONTACT": "https://a.jp", "PUSH_SERVICES": "a.jp,,b.jp"}, "PUSH_SERVICES: needs names of hosts"),
        ({"SMTP_HOST": "mail.a.jp"}, "MAIL_FROM: is not set; QUEUE_SERVER_SMTP_HOST needs it"),
        ({"MAIL_FROM": "q@a.jp"}, "MAIL_FROM: is of no use without QUEUE_SERVER_SMTP_HOST"),
        ({"ALERT_MAIL": "q@a.jp"}, "ALERT_MAIL: is of no use without QUEUE_SERVER_SMTP_HOST"),
        ({"SMTP_HOST": "m.a.jp", "MAIL_FROM": "q@a.jp", "ALERT_MAIL": "q@a.jp,"}, "ALERT_MAIL: needs mail addresses"),
        ({"SMTP_PORT": "25"}, "SMTP_PORT: is of no use without QUEUE_SERVER_SMTP_HOST"),
        ({"SMTP_HOST": "mail.a.jp", "MAIL_FROM": "nobody"}, "MAIL_FROM: needs an address"),
        ({"SMTP_HOST": "mail.a.jp", "MAIL_FROM": "<q@a.jp"}, "MAIL_FROM: needs an address"),
        ({"SMTP_HOST": "mail.a.jp", "MAIL_FROM": "q@a.jp", "SMTP_USER": "q"}, "are of use only together"),
        ({"SMTP_HOST": "mail.a.jp", "MAIL_FROM": "q@a.jp", "SMTP_SECURITY": "ssl"}, "SMTP_SECURITY: needs starttls"),
        ({"SMTP_HOST": "mail.a.jp", "MAIL_FROM": "q@a.jp", "SMTP_PORT": "0"}, "SMTP_PORT: needs a port from 1"),
    ],
    ids=str,
)
def test_half_a_way_to_tell_holders_is_an_error(given: dict[str, str], problem: str) -> None:
    found = {f"QUEUE_SERVER_{name}": value for name, value in given.items()}
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment(NEEDED | found)
    assert problem in str(caught.value)


# -- secrets in files --------------------------------------------------------------------------------

PROVIDER = {"QUEUE_SERVER_OIDC_ISSUER": "https://id.city.example", "QUEUE_SERVER_OIDC_CLIENT_ID": "hall"}
SECRET, SECRET_FILE = "QUEUE_SERVER_OIDC_CLIENT_SECRET", "QUEUE_SERVER_OIDC_CLIENT_SECRET_FILE"


@pytest.mark.parametrize(
    ("written", "read"), [("hush", "hush"), ("hush\n", "hush"), ("hush\r\n", "hush"), (" h \n", " h ")]
)
def test_a_secret_may_stand_in_a_file(tmp_path: Path, written: str, read: str) -> None:
    (tmp_path / "secret").write_bytes(written.encode())
    settings = Settings.from_environment(NEEDED | PROVIDER | {SECRET_FILE: str(tmp_path / "secret")})
    assert settings.oidc_client_secret == read


def test_a_mail_password_may_stand_in_a_file_as_well(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("whisper\n")
    mail = {
        "SMTP_HOST": "m.a.jp",
        "MAIL_FROM": "q@a.jp",
        "SMTP_USER": "q",
        "SMTP_PASSWORD_FILE": str(tmp_path / "password"),
    }
    found = NEEDED | {f"QUEUE_SERVER_{name}": value for name, value in mail.items()}
    assert Settings.from_environment(found).smtp_password == "whisper"


def test_a_file_that_holds_no_secret_is_an_error_and_nothing_of_it_is_said(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "noise").write_bytes(b"\xff\xfehush")
    (tmp_path / "secret").write_text("hush")
    for wrong, problem in (
        ({SECRET_FILE: str(tmp_path / "missing")}, "cannot be read: No such file"),
        ({SECRET_FILE: str(tmp_path / "empty")}, "is empty"),
        ({SECRET_FILE: str(tmp_path / "noise")}, "cannot be read: it is no text"),
        ({SECRET_FILE: str(tmp_path / "secret"), SECRET: "other"}, "only one of them can be meant"),
    ):
        with pytest.raises(SettingsError) as caught:
            Settings.from_environment(NEEDED | PROVIDER | wrong)
        [said] = caught.value.problems
        assert problem in said
        assert "hush" not in said
        assert "other" not in said


def test_a_secret_from_a_file_is_not_put_into_the_environment_of_the_server(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hush")
    environ = NEEDED | PROVIDER | {SECRET_FILE: str(tmp_path / "secret"), "PATH": "/bin"}
    settings = Settings.from_environment(environ)
    child = child_environment(environ, settings)
    assert "hush" not in child.values()
    assert child["PATH"] == "/bin"
    assert Settings.from_environment(child) == settings
    environ = NEEDED | PROVIDER | {SECRET: "hush"}
    assert child_environment(environ, Settings.from_environment(environ))[SECRET] == "hush", (
        "where it stood there anyway"
    )


# -- proxies -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "networks"),
    [
        ("127.0.0.1", ["127.0.0.1/32"]),
        ("10.0.0.0/8, ::1", ["10.0.0.0/8", "::1/128"]),
        ("none", []),
    ],
)
def test_trusted_proxies_are_addresses_and_networks(text: str, networks: list[str]) -> None:
    settings = Settings.from_environment(NEEDED | {"QUEUE_SERVER_TRUSTED_PROXIES": text})
    assert [str(network) for network in settings.proxy_networks] == networks
    assert Settings.from_environment(settings.to_environment()) == settings


@pytest.mark.parametrize("text", ["everybody", "10.0.0.1/8", "10.0.0.0/33", "127.0.0.1,", "*"])
def test_a_proxy_that_is_no_address_is_an_error(text: str) -> None:
    with pytest.raises(SettingsError, match="QUEUE_SERVER_TRUSTED_PROXIES: needs addresses or networks"):
        Settings.from_environment(NEEDED | {"QUEUE_SERVER_TRUSTED_PROXIES": text})


@pytest.mark.parametrize(("text", "allowed"), [("none", []), ("10.0.0.0/8,::1", ["10.0.0.0/8", "::1"])])
def test_gunicorn_believes_the_same_proxies(monkeypatch: pytest.MonkeyPatch, text: str, allowed: list[str]) -> None:
    for name, value in (NEEDED | {"QUEUE_SERVER_TRUSTED_PROXIES": text}).items():
        monkeypatch.setenv(name, value)
    chosen = runpy.run_path(str(gunicorn_configuration()))
    config = Config()
    config.set("forwarded_allow_ips", chosen["forwarded_allow_ips"])
    assert [str(each) for each in config.forwarded_allow_ips] == allowed
    for name in ("limit_request_line", "limit_request_fields", "limit_request_field_size", "keepalive", "timeout"):
        config.set(name, chosen[name])
