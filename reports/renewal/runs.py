"""The runs behind a report."""

from benefits.renewal.dataset import RenewalReport


def run_numbers(dataset: RenewalReport) -> list[str]:
    """The numbers of the runs behind the report, each once, in order."""
    return list(dict.fromkeys(plan.run_number for plan in dataset.plans))
