EXTRA_DIST += docs/page.png docs/containerlab.md docs/ARCHITECTURE.md docs/RFC-MAP.md docs/attack-report.md docs/export.md
