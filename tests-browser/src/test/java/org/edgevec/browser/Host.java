package org.edgevec.browser;

/** Where a database runs: on the page's own thread, or in a worker of it. */
enum Host {
  PAGE("/test.html"),
  WORKER("/test.html?worker");

  final String path;

  Host(String path) {
    this.path = path;
  }
}
