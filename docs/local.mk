EXTRA_DIST += docs/containerlab.md docs/ARCHITECTURE.md docs/RFC-MAP.md docs/attack-report.md
