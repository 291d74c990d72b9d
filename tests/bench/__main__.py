"""``make bench``: what the product costs, as ratios side by side in one run. Nothing here passes or fails."""

from tests.bench import college, forms, intake, large, papers, register_write, render


def main() -> None:
    """Print every figure."""
    forms.main()
    render.main()
    papers.main()
    register_write.main()
    college.main()
    large.main()
    intake.main([])


if __name__ == "__main__":
    main()
