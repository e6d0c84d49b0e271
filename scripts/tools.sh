# shellcheck shell=bash
#
# The tools that a build needs. Each use_… finds one that is new enough, or installs it, or says what
# to do; what it found is then in a variable, and on the screen.

readonly MIN_JAVA=17
readonly MIN_MAVEN=3.8
readonly MIN_NODE=18

# Whether version $1 is at least $2.
at_least() {
  [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}

first_found() {
  local candidate
  for candidate in "$@"; do
    if [ -n "$candidate" ] && command -v "$candidate" 2>/dev/null; then
      return 0
    fi
  done
  return 1
}

# --- JDK

use_java() {
  local javac=${JAVA_HOME:+$JAVA_HOME/bin/}javac version
  version=$("$javac" -version 2>&1 | sed -n 's/^javac \([0-9.]*\).*/\1/p') || version=
  if [ -z "$version" ]; then
    fail "There is no working $javac. Please install a JDK $MIN_JAVA or newer (Debian and Ubuntu:" \
      "sudo apt-get install openjdk-17-jdk-headless; others: https://adoptium.net) or let JAVA_HOME point to one."
  fi
  at_least "$version" "$MIN_JAVA" ||
    fail "$javac is version $version, and this needs a JDK $MIN_JAVA or newer; let JAVA_HOME point to one."
  if [ -z "${JAVA_HOME:-}" ] && [ "$(uname)" = Linux ]; then
    # So that Maven takes this one, even if apt brings another along with it.
    JAVA_HOME=$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")
    export JAVA_HOME
  fi
  java=${JAVA_HOME:+$JAVA_HOME/bin/}java
  say "JDK $version"
}

java_feature() {
  "$1/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p'
}

# --- Maven

maven_version() {
  "$1" --version 2>/dev/null </dev/null | tr -d '\033' |
    sed -n 's/^\(\[[0-9]*m\)*Apache Maven \([0-9.]*\).*/\2/p'
}

maven_is_new_enough() {
  local version
  version=$(maven_version "$1") && [ -n "$version" ] && at_least "$version" "$MIN_MAVEN"
}

apt_has_new_maven() {
  local candidate
  has_apt && can_be_root || return 1
  mkdir -p target
  apt_update_once
  candidate=$(apt-cache policy maven | sed -n 's/^ *Candidate: \([0-9.]*\).*/\1/p')
  [ -n "$candidate" ] && at_least "$candidate" "$MIN_MAVEN"
}

use_maven() {
  if command -v mvn >/dev/null && maven_is_new_enough mvn; then
    maven=mvn
  elif apt_has_new_maven; then
    install_packages "Maven" maven
    maven=mvn
  else
    say "no Maven $MIN_MAVEN here; ./mvnw downloads one"
    maven=./mvnw
  fi
  maven_is_new_enough "$maven" ||
    fail "Maven $MIN_MAVEN or newer is missing, and ./mvnw could not download it; please install Maven."
  say "Maven $(maven_version "$maven")"
}

# --- Node.js

use_node() {
  local missing=() version
  command -v node >/dev/null || missing+=(nodejs)
  command -v npm >/dev/null || missing+=(npm)
  if [ ${#missing[@]} -gt 0 ]; then
    install_packages "Node.js $MIN_NODE with npm" "${missing[@]}"
  fi
  version=$(node --version)
  at_least "${version#v}" "$MIN_NODE" ||
    fail "Node.js is $version, and this needs $MIN_NODE or newer (https://nodejs.org)."
  say "Node.js ${version#v}, npm $(npm --version)"
}

# --- browsers

find_chromium() {
  first_found "${EDGEVEC_CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable \
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" \
    /Applications/Chromium.app/Contents/MacOS/Chromium
}

find_firefox() {
  first_found "${EDGEVEC_FIREFOX:-}" firefox-esr firefox /Applications/Firefox.app/Contents/MacOS/firefox
}

use_chromium() {
  if ! EDGEVEC_CHROMIUM=$(find_chromium); then
    # Without a font Chromium does not start.
    install_packages "Chromium or Chrome (or EDGEVEC_CHROMIUM=/path/to/it)" chromium fonts-liberation
    EDGEVEC_CHROMIUM=$(find_chromium) || fail "Chromium was installed and cannot be found; set EDGEVEC_CHROMIUM."
  fi
  export EDGEVEC_CHROMIUM PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1
  say "$(browser_version "$EDGEVEC_CHROMIUM") ($EDGEVEC_CHROMIUM)"
}

use_firefox() {
  if ! EDGEVEC_FIREFOX=$(find_firefox); then
    install_packages "Firefox (or EDGEVEC_FIREFOX=/path/to/it)" firefox-esr
    EDGEVEC_FIREFOX=$(find_firefox) || fail "Firefox was installed and cannot be found; set EDGEVEC_FIREFOX."
  fi
  export EDGEVEC_FIREFOX
  say "$(browser_version "$EDGEVEC_FIREFOX") ($EDGEVEC_FIREFOX)"
}

# Safari's engine. Not everywhere can it be had: its tests are skipped there.
use_webkit() {
  local missing=()
  command -v WebKitWebDriver >/dev/null || missing+=(webkit2gtk-driver)
  command -v Xvfb >/dev/null || missing+=(xvfb)
  if [ ${#missing[@]} -gt 0 ]; then
    if ! has_apt || ! can_be_root; then
      say "no WebKitGTK with its WebDriver, or no Xvfb (${missing[*]}): its tests are skipped"
      return
    fi
    install_packages "WebKitGTK" "${missing[@]}"
  fi
  say "WebKitGTK ($(command -v WebKitWebDriver))"
}

browser_version() {
  "$1" --version 2>/dev/null </dev/null | head -n 1 || echo "a browser of unknown version"
}

# --- a file system to lose

# Only root can use it, and a message of the program that wants it says so.
use_ext4() {
  if [ "$(id -u)" = 0 ] && has_apt && ! command -v mkfs.ext4 >/dev/null; then
    install_packages "mkfs.ext4" e2fsprogs
  fi
}
