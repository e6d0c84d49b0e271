# shellcheck shell=bash
#
# Building, and running what was built.

run_maven() {
  "$maven" -B -ntp -Dstyle.color=never "$@" </dev/null
}

build() {
  say "building (without tests)"
  run_maven -q -DskipTests -Dspotless.check.skip=true "$@" package
}

# The class path of a module that was built, its test classes included.
class_path() {
  printf '%s' "$1/target/test-classes:$1/target/classes:$(cat "$1/target/classpath.txt")"
}

# Runs a main class of a module.
run_main() {
  local classes
  classes=$(class_path "$1")
  shift
  "$java" -cp "$classes" "$@"
}

project_version() {
  sed -n 's/^  <version>\(.*\)<\/version>$/\1/p' pom.xml
}
