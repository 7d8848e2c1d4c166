"""The benchmark: `python -m bench` measures this tool and its peers on the same synthetic guidelines."""
