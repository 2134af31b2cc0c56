"""Brings the tables of a database to the state this program knows, by Alembic, all at once or not at all."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, Engine, inspect, text

from geo.errors import StoreError
from geo.store.engine import reading, writing
from geo.text import mark as _

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory

HEAD: Final = "m0003"  # the newest migration; a test compares it with the files
_INSTALLED: Final = "SELECT count(*) FROM pg_extension WHERE extname = 'postgis'"
_AVAILABLE: Final = "SELECT count(*) FROM pg_available_extensions WHERE name = 'postgis'"
_FOLDER: Final = Path(__file__).parent / "migrations"


def current(engine: Engine) -> str:
    """The migration a database is at; empty for one without tables."""
    with reading(engine) as connection:
        return _current(connection)


def _current(connection: Connection) -> str:
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return str(connection.scalar(text("SELECT version_num FROM alembic_version")) or "")


def upgrade(engine: Engine) -> bool:
    """Bring the tables up to date; whether anything was to do. ``StoreError`` for a database of a newer program."""
    found = current(engine)
    if found == HEAD:
        return False
    if found and found not in {script.revision for script in scripts().walk_revisions()}:
        raise StoreError(
            _("这个数据库由更新的版本写成（{found}），本程序只认识到 {known}。"),
            hint=_("请更新本程序。"),
            found=found,
            known=HEAD,
        )
    with writing(engine) as connection:
        if _current(connection) == HEAD:  # another process was first
            return False
        migrate(connection)
    return True


def migrate(connection: Connection) -> None:
    """Run what migrations are missing, inside the caller's transaction."""
    from alembic import command
    from alembic.config import Config

    if connection.dialect.name == "postgresql":
        _need_postgis(connection)
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _need_postgis(connection: Connection) -> None:
    if connection.scalar(text(_INSTALLED)):
        return
    if not connection.scalar(text(_AVAILABLE)):
        raise StoreError(
            _("PostgreSQL 里没有 PostGIS。"),
            hint=_(
                "请在数据库主机上安装（Debian：apt-get install postgresql-15-postgis-3 一类的包）后重试。"
            ),
        )
    connection.execute(text("CREATE EXTENSION postgis"))


@lru_cache(maxsize=1)
def scripts() -> ScriptDirectory:
    """All migrations, as Alembic reads them."""
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    return ScriptDirectory.from_config(config)
