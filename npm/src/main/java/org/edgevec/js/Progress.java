package org.edgevec.js;

import org.edgevec.ProgressListener;
import org.teavm.jso.JSFunctor;
import org.teavm.jso.JSObject;

/**
 * A JavaScript function that is told of progress.
 *
 * <p>It does not throw, which would cross the border between the languages in the wrong direction:
 * it returns whether the work goes on. Who asked for the work knows what it was stopped by.
 */
@JSFunctor
interface Progress extends JSObject {

  boolean tell(double done, double total);

  /** The function as what Java expects. */
  static ProgressListener listener(Progress progress) {
    return (done, total) -> {
      if (!progress.tell(done, total)) {
        throw new IllegalStateException("stopped by its listener");
      }
    };
  }
}
