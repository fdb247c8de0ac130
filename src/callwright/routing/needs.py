"""What callers ask for and what agents have: skills, levels, languages, queues. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from callwright.routing.policy import Policy

Needs = tuple[tuple[str, int], ...]  # skill and least level, by name


def asked(skills: Mapping[str, int], language: str, policy: Policy) -> Needs:
    """What a caller asks for: the skills of the queue, and their language."""
    tongue = policy.tongue(language) if language and policy.languages else None
    if tongue is None:
        return tuple(sorted(skills.items()) if len(skills) > 1 else skills.items())
    needs = {**skills}
    needs[tongue.skill] = max(tongue.least, needs.get(tongue.skill, 0))
    return tuple(sorted(needs.items()))


def lowered(needs: Needs, waiting_s: float, policy: Policy) -> Needs:
    """What is left of it after so long a wait. Languages stay."""
    step = policy.step_at(waiting_s) if policy.relax else None
    if step is None:
        return needs
    fixed = policy.tongues
    kept = [need for need in needs if need[0] in fixed or not step.any]
    return tuple(
        (skill, least if skill in fixed else min(least, max(1, least - step.lower_by)))
        for skill, least in kept
    )


def able(needs: Needs, skills: Mapping[str, int]) -> bool:
    """Whether each skill is there at its level."""
    return all(skills.get(skill, 0) >= least for skill, least in needs)


def own_trade(needs: Needs, skills: Mapping[str, int], policy: Policy) -> bool:
    """Whether the call is the agent's own trade and not a second one."""
    level = policy.gate.primary_level
    return all(skills.get(skill, 0) >= max(least, level) for skill, least in needs)


def mean_level(needs: Needs, skills: Mapping[str, int]) -> float:
    """How well skills suit needs: the mean level, 1 when nothing is asked for."""
    if not needs:
        return 1.0
    return sum(skills.get(skill, 0) for skill, _ in needs) / len(needs)


def in_queue(queue: str, queues: Sequence[str]) -> bool:
    """Whether an agent of these queues serves this one; an agent without queues serves all."""
    return not queues or queue in queues
