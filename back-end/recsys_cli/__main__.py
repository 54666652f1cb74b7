"""``python -m recsys_cli`` is ``refrain``."""

from recsys_cli.main import main

main()
