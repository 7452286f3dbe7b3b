"""Percentiles of measured times."""


def percentile(values, share):
    """The smallest value that at least `share` of all are not above."""
    ordered = sorted(values)
    return ordered[max(0, min(len(ordered) - 1, -(-len(ordered) * share // 100) - 1))]


def summary(values):
    return {"p50": percentile(values, 50), "p95": percentile(values, 95), "p99": percentile(values, 99),
            "count": len(values)}


def spread(latency):
    return f"{latency['p50']:.2f} / {latency['p95']:.2f} / {latency['p99']:.2f} ms"
