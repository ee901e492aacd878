"""`python -m mi_lint`."""

from mi_lint.cli.entry import main

if __name__ == "__main__":
    main()
