"""Plug-ins: one file in a known folder, or an entry point, is one plug-in."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Generic, TypeVar

from pydantic import BaseModel

T = TypeVar("T")


class NoParams(BaseModel):
    """For plug-ins without settings."""


@dataclass(frozen=True, slots=True)
class Plugin(Generic[T]):
    """A registered plug-in: stable key, settings form, implementation."""

    key: str
    params: type[BaseModel]
    impl: T


class Registry(Generic[T]):
    """All plug-ins of one kind. `package` names both the folder and the entry-point group."""

    def __init__(self, kind: str, package: str) -> None:
        self.kind = kind
        self.package = package
        self._plugins: dict[str, Plugin[T]] = {}

    def register(self, key: str, params: type[BaseModel] = NoParams) -> Callable[[T], T]:
        """Decorate an implementation; a key can be taken once."""

        def wrap(impl: T) -> T:
            if key in self._plugins:
                raise ValueError(f"{self.kind} {key!r} is registered twice")
            self._plugins[key] = Plugin(key, params, impl)
            return impl

        return wrap

    def discover(self) -> None:
        """Import every module of the folder, then third-party entry points."""
        folder = importlib.import_module(self.package)
        for module in pkgutil.iter_modules(folder.__path__, f"{self.package}."):
            importlib.import_module(module.name)
        for entry in entry_points(group=self.package):
            entry.load()

    def __getitem__(self, key: str) -> Plugin[T]:
        return self._plugins[key]

    def __iter__(self) -> Iterator[Plugin[T]]:
        return iter(self._plugins.values())
