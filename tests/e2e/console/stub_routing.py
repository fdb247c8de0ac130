"""The stub platform's routing: a policy with versions, and simulations that end when told."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from tests.e2e.console import stub_data as data
from tests.e2e.console.stub_work import refusal

PATH = "/api/v1/routing"
POLICY = {
    "tier_value": {"diamond": 3.0, "gold": 2.0, "silver": 1.3},
    "type_value": {"投诉": 1.5},
    "repeat_value": 1.2, "repeat_hours": 24, "open_ticket_value": 1.2, "guarantee_s": 300.0,
    "own_first_s": 60.0, "relax": [], "gate": {"primary_level": 3, "share": 0.1, "after_s": 40.0},
    "sticky_s": 10.0, "team_s": 0.0, "reserve": 1, "languages": {}, "queue_capacity": {},
}  # fmt: skip
WISH = {
    "source": {"kind": "week"}, "draft": POLICY, "seeds": 20,
    "questions": ["comparison", "advice", "staffing"],
    "target": {"share": 0.8, "within_s": 20, "present_share": 1},
}  # fmt: skip


def interval(mean: float, half: float) -> dict[str, Any]:
    return {"mean": mean, "low": mean - half, "high": mean + half, "days": 20}


def row(
    place: str, before: float, change: float, half: float, verdict: str | None
) -> dict[str, Any]:
    """`place` = measure, group and key, separated by blanks."""
    measure, group, key = (*place.split(), "")[:3]
    return {
        "measure": measure, "group": group, "key": key, "running": interval(before, 1.0),
        "draft": interval(before + change, 1.0), "difference": interval(change, half),
        "verdict": verdict,
    }  # fmt: skip


ROWS = [
    row("mean_wait_s all", 31.2, 0.1, 0.4, "none"),
    row("p90_wait_s all", 88.0, 1.9, 1.0, "worse"),
    row("service_level_20 all", 0.71, 0.002, 0.01, "none"),
    row("occupancy all", 0.82, 0.0, 0.0, None),
    row("mean_wait_s tier diamond", 24.0, -9.5, 2.1, "better"),
    row("mean_wait_s tier none", 33.0, 2.4, 1.1, "worse"),
    row("mean_wait_s queue after_sales", 40.1, -0.2, 0.9, "none"),
]


def effect(agent: str, queue: str, change: float, half: float, helps: bool) -> dict[str, Any]:
    return {
        "lesson": {"agent": agent, "queue": queue, "skills": {"售后": 4}},
        "mean_wait_s": interval(change, half), "match": interval(0.02, 0.01), "helps": helps,
    }  # fmt: skip


def half_hour(number: int) -> dict[str, Any]:
    calls = 8.0 + number % 5
    needed = 3 + number % 4
    return {
        "start": 32_400 + number * 1800, "calls": calls, "handling_s": 265.0, "on_duty": 4.2,
        "pooled": {"agents": needed, "scheduled": needed + 1, "service": {"level": 0.83}},
        "separate": needed + 3, "queues": [], "level_now": 0.74,
    }  # fmt: skip


RESULT = {
    "source": {
        "calls": 1204, "agents": 15, "left_out": 12, "stretches": [],
        "holes": {"talk_unknown": 3, "wraps_cut": 0, "stretches_cut": 1, "still_waiting": 0},
        "patience": {"abandoned": 84, "censored": 1120},
    },
    "fit": {
        "mean_wait_s": {"recorded": 30.4, "simulated": 31.0},
        "service_level_20": {"recorded": 0.72, "simulated": 0.71},
        "abandoned": {"recorded": 0.07, "simulated": 0.065},
    },
    "comparison": {"seeds": 20, "rows": ROWS},
    "advice": {
        "effects": [effect("a1", "after_sales", -4.1, 1.2, True),
                    effect("a2", "after_sales", -0.3, 0.8, False)],
        "possible": 22, "tried": 12, "days": 20, "helps": True,
    },
    "staffing": {"target": WISH["target"], "half_hours": [half_hour(n) for n in range(18)]},
}  # fmt: skip


class Routing:
    """Policy and simulations during one test; `hold` keeps simulations running."""

    def __init__(self) -> None:
        self.versions = [self._version(0, POLICY, "", "")]
        self.runs: list[dict[str, Any]] = []
        self.hold = False
        self.wishes: list[dict[str, Any]] = []
        self.error: dict[str, Any] | None = None

    @staticmethod
    def _version(number: int, body: Any, author: str, reason: str) -> dict[str, Any]:
        return {"version": number, "body": body, "author": author, "reason": reason,
                "at": data.NOW if number else None}  # fmt: skip

    def publish(self, body: Any, reason: str) -> dict[str, Any]:
        self.versions.insert(0, self._version(len(self.versions), body, "boss", reason))
        return self.versions[0]

    def version(self, number: int) -> dict[str, Any]:
        return next(one for one in self.versions if one["version"] == number)

    def run(self, wish: dict[str, Any], state: str) -> dict[str, Any]:
        made = {
            "id": f"run{len(self.runs)}", "state": state, "author": "boss",
            "requested_at": data.NOW, "finished_at": None, "wish": wish, "running_version": 0,
            "stage": "comparison", "progress": 0.4, "error": None, "running": POLICY,
            "result": None, "people": {},
        }  # fmt: skip
        self.runs.insert(0, made)
        return made

    def finish(self, one: dict[str, Any]) -> None:
        people = {"a1": {"login": "li", "name": "李倩"}, "a2": {"login": "lin", "name": "林晓"}}
        one.update(state="done", progress=1.0, result=RESULT, people=people)

    def one(self, key: str) -> dict[str, Any] | None:
        """A run of the test, or one that is always in the state that its name says."""
        found = next((run for run in self.runs if run["id"] == key), None)
        if found is None and key in ("done", "running", "failed"):
            found = {**self.run(WISH, key), "id": key}
            del self.runs[0]
            if key == "done":
                self.finish(found)
            if key == "failed":
                found["error"] = {"code": "simulation_died", "params": {}}
        return found


def mount_routing(app: FastAPI, routing: Routing) -> None:
    """The policy's and the simulator's routes."""
    _policy_routes(app, routing)

    @app.get(f"{PATH}/simulations")
    async def listed() -> Any:
        return {"items": routing.runs}

    @app.post(f"{PATH}/simulations", status_code=202)
    async def start(body: dict[str, Any]) -> Any:
        routing.wishes.append(body)
        if any(run["state"] == "running" for run in routing.runs):
            return refusal(409, "wrong_state", what="simulation")
        return routing.run(body, "running")

    @app.get(f"{PATH}/simulations/{{key}}")
    async def shown(key: str) -> Any:
        found = routing.one(key)
        if found in routing.runs and found["state"] == "running" and not routing.hold:
            routing.finish(found)
        return found or refusal(404, "not_found", what="simulation")

    @app.post(f"{PATH}/simulations/{{key}}/cancel")
    async def cancel(key: str) -> Any:
        found = routing.one(key)
        if found is None:
            return refusal(404, "not_found", what="simulation")
        found["state"] = "cancelled"
        return found


def _policy_routes(app: FastAPI, routing: Routing) -> None:
    @app.get(f"{PATH}/policy")
    async def policy(version: int | None = None) -> Any:
        found = routing.versions[0] if version is None else routing.version(version)
        return {"version": found["version"], "body": found["body"]}

    @app.get(f"{PATH}/policy/versions")
    async def versions() -> Any:
        return [{name: one[name] for name in ("version", "author", "at")}
                for one in routing.versions if one["version"]]  # fmt: skip

    @app.put(f"{PATH}/policy")
    async def publish(body: dict[str, Any], reason: str, seen: int) -> Any:
        if seen != routing.versions[0]["version"]:
            return refusal(409, "wrong_state", what="policy")
        return {"version": routing.publish(body, reason)["version"]}

    @app.post(f"{PATH}/policy/rollback")
    async def back(body: dict[str, Any], reason: str, seen: int) -> Any:
        if seen != routing.versions[0]["version"]:
            return refusal(409, "wrong_state", what="policy")
        return {
            "version": routing.publish(routing.version(body["version"])["body"], reason)["version"]
        }
