# shellcheck shell=bash
#
# Packages of the system: installed where there is apt and root may be had without a question, and
# otherwise named.

readonly SETUP_LOG=target/dev-setup.log

apt_updated=false

has_apt() { command -v apt-get >/dev/null; }

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  else
    sudo -n "$@"
  fi
}

can_be_root() {
  [ "$(id -u)" = 0 ] || { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }
}

apt() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=600 "$@" \
    </dev/null >>"$SETUP_LOG" 2>&1
}

apt_update_once() {
  if [ "$apt_updated" = false ]; then
    say "apt-get update"
    apt update || say "apt-get update failed; trying with the lists that are there"
    apt_updated=true
  fi
}

# Installs packages, or says which are to be installed by hand.
install_packages() {
  local what=$1
  shift
  has_apt || fail "$what is missing, and there is no apt here to install it; please install it and try again."
  can_be_root || fail "$what is missing; please run: sudo apt-get install -y $*"
  mkdir -p target
  apt_update_once
  say "installing $* (log: $SETUP_LOG)"
  if ! apt install -y --no-install-recommends "$@"; then
    tail -n 20 "$SETUP_LOG" >&2
    fail "apt could not install $*; please install $what by hand and try again."
  fi
}
