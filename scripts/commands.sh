# shellcheck shell=bash
#
# The commands of every day: demo, notes, test, install, figures, format.

readonly TEST_LOG=target/dev-test.log
readonly PUBLISHED=:edgevec-parent,:edgevec-core,:edgevec,:edgevec-simd

demo() {
  use_java
  use_maven
  use_node
  build -pl web-demo -am
  local classes
  classes=$(class_path web-demo)
  # In place of this script, so that whoever ends it ends the server.
  exec "$java" -cp "$classes" org.edgevec.demo.DemoServer "$@"
}

# Runs the example where the caller is, so that its paths are the caller's.
notes() {
  use_java
  use_maven
  build -pl examples/notes -am
  local classes
  classes=$(class_path "$PWD/examples/notes")
  cd "$OLDPWD"
  exec "$java" --add-modules jdk.incubator.vector -cp "$classes" org.edgevec.example.notes.NotesCommand "$@"
}

run_tests() {
  local status=0
  no_arguments "$@"
  use_java
  use_maven
  use_node
  use_chromium
  use_firefox
  use_webkit
  mkdir -p target
  run_maven verify 2>&1 | tee "$TEST_LOG" || status=$?
  printf '\n'
  print_totals
  return "$status"
}

# One line for each module: its tests' totals, as Surefire reported them.
print_totals() {
  awk '
    { sub(/\r$/, "") }
    /^\[INFO\] Building / { module = $0; sub(/^\[INFO\] Building /, "", module); sub(/ +\[[0-9]+\/[0-9]+\]$/, "", module) }
    /^\[[A-Z]+\] Tests run: [0-9]+, Failures: [0-9]+, Errors: [0-9]+, Skipped: [0-9]+ *$/ {
      line = $0; sub(/^\[[A-Z]+\] /, "", line); print module ": " line
    }' "$TEST_LOG"
}

install() {
  local what=all
  case ${1:-} in
    java | npm)
      what=$1
      shift
      ;;
    "" | -*) ;;
    *) wrong_usage "\"$1\" is none of java, npm." ;;
  esac
  use_java
  use_maven
  [ "$what" = java ] || use_node
  [ "$what" = npm ] || install_java "$@"
  [ "$what" = java ] || install_npm "$@"
}

# As a release has them, but for the signatures.
install_java() {
  say "building and installing the Java artifacts (without tests)"
  run_maven -q -DskipTests -Dspotless.check.skip=true -Prelease -Dgpg.skip=true -pl "$PUBLISHED" "$@" install
  say "the local Maven repository has org.edgevec:edgevec:$(project_version) and org.edgevec:edgevec-simd:$(project_version)"
}

install_npm() {
  local tarball
  tarball=$PWD/npm/target/edgevec-java-$(project_version).tgz
  build -pl npm -am "$@"
  [ -s "$tarball" ] || fail "The build ended well, and $tarball is not there."
  say "the npm package is packed; in your project: npm install \"$tarball\""
}

figures() {
  no_arguments "$@"
  use_java
  use_maven
  use_node
  use_chromium
  build
  run_main backend-file org.edgevec.file.Figures
  run_main tests-browser org.edgevec.browser.BrowserFigures
}

format() {
  no_arguments "$@"
  use_java
  use_maven
  # With the module that needs a newer JDK, which formatting does not.
  run_maven -q -Dbench.jdk=none spotless:apply
}
