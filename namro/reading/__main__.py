"""`python -m namro.reading FILE…`: the same as `namro read`."""

from namro.reading.command import main

raise SystemExit(main())
