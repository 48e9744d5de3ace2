"""`python -m tearsheet`."""

from tearsheet.cli import main

if __name__ == "__main__":
    main()
