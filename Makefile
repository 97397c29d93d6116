.PHONY: test lint pictures css
test:
	@./check
lint:
	@./check lint
pictures:
	@./check pictures

# Compiles styles/ into static/console.css (Node 20 or newer). The result is committed: building and testing Roster need no Node.
# Its first line holds the hash of what it was made from, and a test says when it is stale.
css: node_modules/.package-lock.json
	@npx --no-install tailwindcss -i styles/console.css -o static/console.css --minify
	@hash=$$(LC_ALL=C; export LC_ALL; cat package.json styles/*.css | sha256sum | cut -d' ' -f1); \
	 { printf '/* made by make css from %s */\n' "$$hash"; cat static/console.css; } > static/console.css.new && mv static/console.css.new static/console.css

node_modules/.package-lock.json: package.json
	npm install --no-save --no-audit --no-fund
	@touch $@
