"""What the plan screens say (计划): editions in words with their 待核实 marks, and why a person can or cannot
be covered."""

from typing import TYPE_CHECKING

from tui.i18n import t
from tui.presenters.home import plan_name

if TYPE_CHECKING:
    from benefits.plans.explain import Explanation, RuleVerdict
    from benefits.plans.queries import EditionDetail, PlanRow


def plan_cells(plan: "PlanRow", lang: str) -> tuple[str, ...]:
    """Name, code, edition, from when, what is to be confirmed."""
    if plan.draft:
        edition, since = t("tui.plans.template", lang), ""
    elif plan.edition is None:
        edition, since = t("tui.plans.none_in_force", lang), ""
    else:
        edition, since = plan.edition, str(plan.effective or "")
    unknown = t("tui.plans.unknown", lang, count=plan.unknowns) if plan.unknowns else "-"
    return plan_name(plan.name_zh, plan.name_en, lang), plan.code, edition, since, unknown


def edition_words(detail: "EditionDetail", lang: str) -> str:
    """The whole edition as one page of sentences."""
    lines = [
        t("tui.plans.issuer", lang, issuer=detail.issuer),
        t("tui.plans.edition", lang, edition=detail.edition, digest=detail.digest[:12]),
    ]
    if detail.draft:
        lines.append(t("tui.plans.draft_note", lang))
    for row in detail.editions if len(detail.editions) > 1 else ():
        last = row.last or t("tui.plans.still", lang)
        lines.append(t("tui.plans.span", lang, edition=row.edition, first=row.first, last=last))
    lines += _section("frame", detail.frame, lang)
    lines += _section("rules", detail.rules, lang)
    lines += _section("class", (detail.class_rule,) if detail.class_rule else (), lang)
    lines += _section("benefits", detail.benefits, lang)
    lines += _section("exclusions", detail.exclusions, lang)
    lines += _section("funding", tuple(words for _, words in detail.funding), lang)
    lines += _section("unknowns", detail.unknowns, lang)
    lines += _section("sources", tuple(f"[{key}] {words}" for key, words in detail.sources), lang)
    return "\n".join(lines)


def _section(name: str, sentences: tuple[str, ...], lang: str) -> list[str]:
    """A heading with its sentences; rules keep their heading where there are none, since that too is to be
    known."""
    if not sentences and name != "rules":
        return []
    heading = t(f"tui.plans.section.{name}", lang, count=len(sentences))
    body = [f"  - {sentence}" for sentence in sentences] or [f"  {t('tui.plans.no_rules', lang)}"]
    return ["", heading, *body]


def verdict_words(verdict: bool | None, lang: str) -> str:
    """符合, 不符合 or 资料缺失."""
    return t(f"tui.explain.verdict.{_name(verdict)}", lang)


def _name(verdict: bool | None) -> str:
    return "missing" if verdict is None else "yes" if verdict else "no"


def rule_cells(rule: "RuleVerdict", lang: str) -> tuple[str, ...]:
    """Verdict, rule, value seen."""
    return verdict_words(rule.verdict, lang), rule.sentence, rule.seen


def rule_words(rule: "RuleVerdict", lang: str) -> str:
    """One rule in full."""
    return t(
        "tui.explain.rule",
        lang,
        sentence=rule.sentence,
        seen=rule.seen,
        verdict=verdict_words(rule.verdict, lang),
    )


def rule_tone(verdict: bool | None) -> str:
    """What stands out: everything that is not satisfied."""
    return "" if verdict else "strong"


def explanation_words(found: "Explanation", lang: str) -> str:
    """The result in two lines: who, which edition, which day; may be covered or not, and why."""
    lines = [
        t(
            "tui.explain.head",
            lang,
            name=found.member_name,
            number=found.id_masked or "-",
            edition=found.edition,
            day=found.start,
        ),
        t(f"tui.explain.result.{_name(found.verdict)}", lang),
    ]
    if found.in_class is not None:
        lines.append(t("tui.explain.in_class" if found.in_class else "tui.explain.not_in_class", lang))
    return "\n".join(lines)
