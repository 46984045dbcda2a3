"""`python -m statuswire` is the `statuswire` program."""

from statuswire.cli import main

if __name__ == "__main__":
    main()
