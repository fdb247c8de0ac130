"""Deployment settings: from `callwright.toml` in the home, overridden by CALLWRIGHT_… variables."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from callwright.kit.errors import CallwrightError

DEFAULT_BASE_PORT = 8700
PORT_STEP = 10  # one installation takes this many ports from its base
Port = Annotated[int, Field(ge=1024, le=65535)]
RTP_FIRST, RTP_WIDTH, RTP_BLOCKS = 20000, 1000, 40  # two ports for each leg


class Ports(BaseModel):
    """All ports of one installation, derived from one base; media has a range of its own."""

    base: int = Field(default=DEFAULT_BASE_PORT, ge=1024, le=65000)
    media: tuple[Port, Port] | None = None  # first and last; None = 1,000 ports by the base

    @field_validator("media")
    @classmethod
    def _is_a_range(cls, media: tuple[int, int] | None) -> tuple[int, int] | None:
        if media and (media[0] % 2 or media[1] <= media[0]):
            raise ValueError("must begin with an even port and end after it")
        return media

    @property
    def web(self) -> int:
        """Console, API, /live and /sip."""
        return self.base

    @property
    def pbx_http(self) -> int:
        """The PBX's ARI and WebSocket port; loopback only."""
        return self.base + 1

    @property
    def ami(self) -> int:
        """The PBX's manager port; loopback only."""
        return self.base + 2

    @property
    def sip(self) -> int:
        """SIP, UDP and TCP."""
        return self.base + 3

    @property
    def database(self) -> int:
        """Names the database's socket file; nothing listens on TCP."""
        return self.base + 4

    @property
    def outside(self) -> int:
        """The demo's line to the outside ends here; loopback only."""
        return self.base + 9

    @property
    def rtp(self) -> tuple[int, int]:
        """First and last media port; every leg takes two, so that 1,000 carry 500 legs."""
        if self.media:
            return self.media
        block = (self.base - DEFAULT_BASE_PORT) // PORT_STEP % RTP_BLOCKS
        first = RTP_FIRST + block * RTP_WIDTH
        return first, first + RTP_WIDTH - 1


class SpeechSettings(BaseModel):
    """Which recogniser, which model."""

    engine: str = "faster-whisper"
    model: str = "whisper-base"
    language: str = "zh"
    threads: int = Field(default=1, ge=1, le=64)
    live: bool = True


class IceServer(BaseModel):
    """A STUN or TURN server, as browsers take it. `urls` like `turn:turn.example.org:3478`."""

    urls: list[str]
    username: str = ""
    credential: str = ""


class TtsSettings(BaseModel):
    """Which voice speaks replies. `model` = a folder below `models`; empty = none."""

    model: str = ""
    speaker: int = Field(default=0, ge=0)
    threads: int = Field(default=1, ge=1, le=64)


class PbxSettings(BaseModel):
    """Which PBX. `asterisk` = path of a system one; empty = the one that `pbx install` fetched.

    `ice_servers` = for agents whose browsers cannot reach the media ports directly.
    """

    asterisk: Path | None = None
    bind: str = "127.0.0.1"
    external_address: str = ""
    ice_servers: list[IceServer] = []
    mirror: str = ""
    suite: str = "forky"


class RingSettings(BaseModel):
    """How many seconds phones ring; how long an agent's rings for a caller is the queue's setting.

    `own` = the agent's own before a call out, `outside` = whoever is called, `consult` = a
    colleague who is asked or gets a call.
    """

    own: int = Field(default=20, ge=5, le=120)
    outside: int = Field(default=45, ge=5, le=180)
    consult: int = Field(default=30, ge=5, le=120)


class CompanySettings(BaseModel):
    """What the pure decisions need to know of the company."""

    zone: str = "Asia/Shanghai"
    region: str = "CN"
    area_code: str = "021"
    language: str = "zh-Hans"


class Settings(BaseSettings):
    """Everything that is set per installation. Paths below `home` are derived from it."""

    model_config = SettingsConfigDict(
        env_prefix="CALLWRIGHT_", env_nested_delimiter="__", extra="forbid"
    )

    home: Path = Path(".callwright")
    database_url: str = ""
    bind: str = "127.0.0.1"
    public_name: str = ""
    site: str = "main"
    ports: Ports = Ports()
    speech: SpeechSettings = SpeechSettings()
    tts: TtsSettings = TtsSettings()
    pbx: PbxSettings = PbxSettings()
    ring: RingSettings = RingSettings()
    company: CompanySettings = CompanySettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment beats the file (which comes in as init values)."""
        return env_settings, init_settings


def load_settings(home: Path | None = None, **overrides: Any) -> Settings:
    """Read the settings; a wrong value is an error that names its field."""
    try:
        given: dict[str, Any] = {"home": home} if home else {}
        found = Settings(**given)
        file = found.home / "callwright.toml"
        values = tomllib.loads(file.read_text("utf-8")) if file.exists() else {}
        settings = Settings(**{**values, **given})
    except tomllib.TOMLDecodeError as error:
        raise CallwrightError("invalid", field="callwright.toml", why=str(error)) from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise CallwrightError("invalid", field=field, why=first["msg"]) from error
    return settings.model_copy(update={"home": settings.home.absolute(), **overrides})
