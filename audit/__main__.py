"""`python -m audit` is the command `audit`."""

from .faces.cli import main

raise SystemExit(main())
