"""Medians, spreads, ratios and tables in Markdown."""
import statistics


def spread(values, form):
    """`median [min, max]`."""
    values = list(values)
    return f"{statistics.median(values):{form}} [{min(values):{form}}, {max(values):{form}}]"


def ratios(runs, other):
    """CPU seconds of each run over those of the other engine's run of the same round."""
    return [a["cpuSeconds"] / b["cpuSeconds"] for a, b in zip(runs, other)]


def table(head, rows):
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    form = lambda row: "| " + " | ".join(cell.ljust(w) if i == 0 else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths))) + " |"
    rule = "| " + " | ".join("-" * w if i == 0 else "-" * (w - 1) + ":" for i, w in enumerate(widths)) + " |"
    return "\n".join([form(head), rule, *map(form, rows)])
