# shellcheck shell=bash
#
# What ./dev says, and how it judges what it is given.

say() { printf '[dev] %s\n' "$*" >&2; }

fail() {
  say "$*"
  exit 1
}

wrong_usage() {
  say "$*"
  usage >&2
  exit 2
}

check_count() {
  [ $# -le 1 ] || wrong_usage "Give one number at most."
  [[ ${1:-1} =~ ^[1-9][0-9]{0,8}$ ]] || wrong_usage "\"$1\" is not a number above 0."
}

no_arguments() {
  [ $# = 0 ] || wrong_usage "This command takes no arguments."
}
