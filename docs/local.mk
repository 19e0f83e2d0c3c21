EXTRA_DIST += docs/ARCHITECTURE.md docs/RFC-MAP.md docs/attack-report.md
