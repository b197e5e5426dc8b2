# Aliases of ./dev, for those whose fingers type make.
.PHONY: run test check fix bench build
run: ; @./dev run
test: ; @./dev test
check: ; @./dev check
fix: ; @./dev check --fix
bench: ; @./dev bench
build: ; @./dev build
