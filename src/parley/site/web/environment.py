"""What the settings read from the environment: the key, mail, the database's options, sign-in providers.

What lives here: functions of text and paths. What may not: Django's settings themselves.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from parley.errors import ParleyError

__all__ = [
    "SettingsError",
    "database_settings",
    "debug_allowed",
    "hosts_served",
    "mail_settings",
    "oidc_settings",
    "own_address",
    "secret_key",
    "sqlite_options",
    "trusted_hops",
]

_DATABASES = {"postgres", "postgresql", "pgsql", "sqlite"}
LOOPBACK = {"localhost", "127.0.0.1", "[::1]", "testserver"}


class SettingsError(ParleyError):
    """The site cannot start with what the environment says."""


def debug_allowed(text: str, hosts: list[str]) -> bool:
    """Return whether debug pages are wanted; they show secrets, so only on this machine.

    Raises
    ------
    SettingsError
        They are wanted on a site that others can reach.

    Examples
    --------
    >>> debug_allowed("1", ["localhost"]), debug_allowed("", ["example.org"])
    (True, False)
    """
    wanted = text.strip().lower() in {"1", "true", "yes", "on"}
    others = [each for each in hosts if each not in LOOPBACK]
    if wanted and others:
        raise SettingsError(
            f"PARLEY_DEBUG is on, but the site serves {', '.join(others)}: debug pages show secrets. "
            "Take PARLEY_DEBUG away, or serve localhost alone."
        )
    return wanted


def database_settings(address: str) -> dict[str, Any]:
    """Return Django's settings of the database at an address; SQLite and PostgreSQL are served.

    Raises
    ------
    SettingsError
        The address is of another kind or not complete. It is not repeated: it may hold a password.

    Examples
    --------
    >>> database_settings("postgres://me@db.example.org/parley")["NAME"]
    'parley'
    """
    import dj_database_url

    kind = address.partition("://")[0]
    wanted = "DATABASE_URL must look like postgres://user:password@host/name or sqlite:////folder/file"
    if kind not in _DATABASES:
        raise SettingsError(f"{wanted}: it begins with `{kind[:20]}`" if "://" in address else wanted)
    try:
        found: dict[str, Any] = {**dj_database_url.parse(address, conn_max_age=600)}
    except ValueError:
        raise SettingsError(f"{wanted}: its port or host cannot be read") from None
    if not found.get("NAME"):
        raise SettingsError(f"{wanted}: it names no database")
    return found


def trusted_hops(text: str) -> int:
    """Return how many proxies in front are trusted.

    Raises
    ------
    SettingsError
        It is no whole number from 0 to 9.

    Examples
    --------
    >>> trusted_hops("1")
    1
    """
    if not (text.isascii() and text.isdigit() and len(text) == 1):
        raise SettingsError(
            f"PARLEY_TRUSTED_HOPS must say how many proxies stand in front, 0 to 9, not {text[:20]!r}"
        )
    return int(text)


def own_address(text: str) -> str:
    """Return the site's address without a slash at its end.

    Raises
    ------
    SettingsError
        It is no address of a whole host: links in mail, feeds and the check of requests' origins rest on it.

    Examples
    --------
    >>> own_address("https://talks.example.org/")
    'https://talks.example.org'
    """
    address = text.strip().rstrip("/")
    try:
        parts = urlsplit(address)
        whole = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        whole = False
    if not whole or address != f"{parts.scheme}://{parts.netloc}" or "@" in parts.netloc:
        raise SettingsError(
            "PARLEY_URL must be the address of the site alone, such as https://talks.example.org, "
            f"not {text[:80]!r}"
        )
    return address


def hosts_served(text: str) -> list[str]:
    """Return the host names of a list with commas.

    Raises
    ------
    SettingsError
        There is none: every request would be refused.

    Examples
    --------
    >>> hosts_served("example.org, www.example.org")
    ['example.org', 'www.example.org']
    """
    hosts = [each.strip() for each in text.split(",") if each.strip()]
    if not hosts:
        raise SettingsError("PARLEY_HOSTS must name at least one host, such as talks.example.org")
    return hosts


def secret_key(given: str | None, folder: Path) -> str:
    """Return the key for signatures: the one given, or the one kept in the folder, made on first use.

    Raises
    ------
    SettingsError
        The key is shorter than 32 characters or repeats itself: it could be guessed. Or the file holds none.
    """
    file = folder / "secret.key"
    if given is None and not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        try:
            with open(
                os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii"
            ) as out:
                out.write(secrets.token_urlsafe(48))
        except FileExistsError:  # another process was quicker: its key holds
            pass
    try:
        key = (given if given is not None else file.read_text("ascii")).strip()
    except UnicodeDecodeError:
        raise SettingsError(
            f"{file} holds no key: put back the one that was there, or delete the file"
        ) from None
    if len(key) < 32 or len(set(key)) < 10:
        raise SettingsError(
            "the secret key could be guessed: PARLEY_SECRET_KEY needs at least 32 characters of chance, "
            "e.g. from `python3 -c 'import secrets; print(secrets.token_urlsafe(48))'`"
        )
    return key


def sqlite_options() -> dict[str, Any]:
    """Return the options under which SQLite serves many readers and one writer."""
    return {
        "timeout": 10,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=10000;"
        "PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY;",
    }


def mail_settings(address: str, folder: Path) -> dict[str, Any]:
    """Return Django's mail settings for an address, or those that write mail to files in the folder.

    Addresses begin with ``smtp://``, ``smtp+tls://`` or ``smtp+ssl://``.

    Raises
    ------
    SettingsError
        The address is of another kind.

    Examples
    --------
    >>> mail_settings("smtp+tls://me:secret@mail.example.org:587", Path("."))["EMAIL_HOST"]
    'mail.example.org'
    """
    if not address:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": folder / "mail",
        }
    parts = urlsplit(address)
    if parts.scheme not in {"smtp", "smtp+tls", "smtp+ssl"} or not parts.hostname:
        raise SettingsError("EMAIL_URL must look like smtp+tls://user:password@host:587")
    try:
        port = parts.port or 25
    except ValueError:
        raise SettingsError("EMAIL_URL: the port must be a number up to 65535") from None
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtp+ssl",
        "EMAIL_TIMEOUT": 20,
    }


def oidc_settings(text: str) -> dict[str, Any]:
    """Return allauth's settings for one OpenID Connect provider, ``name;issuer;client id;client secret``.

    Raises
    ------
    SettingsError
        A part is missing, or the issuer is not reached by https.
    """
    if not text:
        return {}
    parts = [each.strip() for each in text.split(";")]
    if len(parts) != 4 or not all(parts):
        raise SettingsError("PARLEY_OIDC must be name;issuer address;client id;client secret")
    name, issuer, client, secret = parts
    if urlsplit(issuer).scheme != "https" and urlsplit(issuer).hostname not in {"localhost", "127.0.0.1"}:
        raise SettingsError(f"PARLEY_OIDC: the issuer must be an https address, not {issuer}")
    application = {
        "provider_id": "".join(c for c in name.lower() if c.isalnum()) or "oidc",
        "name": name,
        "client_id": client,
        "secret": secret,
        "settings": {"server_url": issuer, "oauth_pkce_enabled": True, "fetch_userinfo": True},
    }
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [application]}}
