# shellcheck shell=bash
#
# Benchmarks, and the JDK that they run in.

readonly MIN_BENCH_JAVA=21

bench() {
  local what=${1:-}
  [ $# = 0 ] || shift
  case $what in
    jvm) bench_jvm "$@" ;;
    browser) bench_browser "$@" ;;
    *) wrong_usage "Say what to measure: ./dev bench jvm, or ./dev bench browser" ;;
  esac
}

bench_jvm() {
  local lucene=()
  use_java
  use_maven
  use_bench_java
  if [ "$bench_feature" -ge "$MIN_BENCH_JAVA" ]; then
    build -Dbench.jdk="$bench_java" -pl bench/jvm,bench/lucene -am
    lucene=(--lucene-class-path "$(class_path bench/lucene)")
  else
    build -pl bench/jvm -am
  fi
  "$bench_java/bin/java" -cp "$(class_path bench/jvm)" org.edgevec.bench.jvm.JvmBench \
    ${lucene[@]+"${lucene[@]}"} "$@"
}

bench_browser() {
  use_java
  use_maven
  use_node
  use_chromium
  build -pl bench/browser -am
  run_main bench/browser org.edgevec.bench.browser.BrowserBench "$@"
}

# The JDK that benchmarks run in: Lucene, a peer, needs a newer one than the project.
use_bench_java() {
  bench_java=${EDGEVEC_BENCH_JAVA:-$(newest_java)}
  [ -x "$bench_java/bin/javac" ] ||
    fail "There is no JDK in \"$bench_java\"; let EDGEVEC_BENCH_JAVA name the folder of one."
  bench_feature=$(java_feature "$bench_java")
  say "benchmarks run in JDK $bench_feature ($bench_java)"
  if [ "$bench_feature" -lt "$MIN_BENCH_JAVA" ]; then
    say "Lucene needs a JDK $MIN_BENCH_JAVA or newer: it is left out. Install one (https://adoptium.net)" \
      "and let EDGEVEC_BENCH_JAVA name its folder."
  fi
}

# The newest JDK among those that are named or lie beside the project's.
newest_java() {
  local home feature newest=0 found=
  for home in "${JAVA_HOME:-}" "${JAVA_HOME:+$(dirname "$JAVA_HOME")}"/* \
    "$(/usr/libexec/java_home -v "$MIN_BENCH_JAVA+" 2>/dev/null || true)"; do
    [ -x "$home/bin/javac" ] || continue
    feature=$(java_feature "$home")
    if [ "${feature:-0}" -gt "$newest" ]; then
      newest=$feature
      found=$home
    fi
  done
  printf '%s' "$found"
}
