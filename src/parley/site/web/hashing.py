"""Passwords: Argon2id at the cost that OWASP names, at most two at once.

What lives here: the hasher. What may not: policies on passwords (settings).
"""

from __future__ import annotations

from threading import BoundedSemaphore

from django.contrib.auth.hashers import Argon2PasswordHasher

__all__ = ["BoundedArgon2"]

_AT_ONCE = BoundedSemaphore(2)  # hashing is dear on purpose: a flood of sign-ins must not take all cores


class BoundedArgon2(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes, one lane (about 40 ms); two computations at once in a process."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        """Hash a password."""
        with _AT_ONCE:
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        """Compare a password with its hash."""
        with _AT_ONCE:
            return super().verify(password, encoded)
