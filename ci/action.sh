#!/usr/bin/env bash
# The steps of the GitHub Action. All inputs are INPUT_* variables and become single arguments, never text of a command.
set -euo pipefail

home="$RUNNER_TEMP/mi-lint"

# The folder of programs in the environment; Windows calls it differently.
programs() {
  if [ -d "$home/Scripts" ]; then echo "$home/Scripts"; else echo "$home/bin"; fi
}

install() {
  python=$(command -v python3 || command -v python)
  "$python" -m venv "$home"
  "$(programs)/python" -m pip install --quiet --disable-pip-version-check "$GITHUB_ACTION_PATH"
}

# Adds the lines of a text to the array `options`; blank lines are left out.
add_lines() {
  while IFS= read -r line; do
    line="${line%$'\r'}"
    if [ -n "${line//[[:space:]]/}" ]; then options+=("$line"); fi
  done <<<"$1"
}

check() {
  reports="$home/reports"
  rm -rf "$reports"
  mkdir -p "$reports"
  options=(--output-format "${INPUT_FORMAT:-github}")
  options+=(--output "sarif=$reports/mi-lint.sarif" --output "json=$reports/mi-lint.json")
  if [ "${INPUT_SUMMARY:-true}" = true ]; then options+=(--output "markdown=$reports/summary.md"); fi
  if [ -n "${INPUT_SINCE:-}" ]; then options+=("--since=$INPUT_SINCE"); fi
  if [ -n "${INPUT_FAIL_ON:-}" ]; then options+=("--fail-on=$INPUT_FAIL_ON"); fi
  add_lines "${INPUT_ARGS:-}"
  options+=(--)
  add_lines "${INPUT_PATHS:-.}"

  code=0
  "$(programs)/mi-lint" check "${options[@]}" || code=$?
  echo "exit-code=$code" >>"$GITHUB_OUTPUT"
  if [ ! -f "$reports/mi-lint.json" ]; then return; fi  # it did not run; the message is in the log
  if [ -f "$reports/summary.md" ]; then cat "$reports/summary.md" >>"$GITHUB_STEP_SUMMARY"; fi
  echo "sarif=$reports/mi-lint.sarif" >>"$GITHUB_OUTPUT"
  "$(programs)/python" - "$reports/mi-lint.json" >>"$GITHUB_OUTPUT" <<'PYTHON'
import json, sys

with open(sys.argv[1], encoding="utf-8") as file:
    summary = json.load(file)["summary"]
for name in ("findings", "safe", "review", "manual"):
    print(f"{name}={summary[name]}")
PYTHON
}

case "${1:-}" in
  install) install ;;
  check) check ;;
  *)
    echo "usage: action.sh install|check" >&2
    exit 2
    ;;
esac
