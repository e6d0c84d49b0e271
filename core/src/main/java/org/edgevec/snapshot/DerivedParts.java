package org.edgevec.snapshot;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The kinds of derived parts. */
final class DerivedParts {

  /** All of them, by ascending sections. */
  static final List<DerivedPart> ALL = List.of(new GraphPart());

  private DerivedParts() {}

  /** The kind whose files have such a name, or null. */
  static @Nullable DerivedPart ofFile(String name) {
    for (DerivedPart part : ALL) {
      if (part.kind().number(name) >= 0) {
        return part;
      }
    }
    return null;
  }

  /** The kind that a manifest's section names, or null. */
  static @Nullable DerivedPart ofSection(int tag) {
    for (DerivedPart part : ALL) {
      if (part.section() == tag) {
        return part;
      }
    }
    return null;
  }

  /** The kind of a reference. */
  static DerivedPart of(PartRef ref) {
    for (DerivedPart part : ALL) {
      if (part.kind() == ref.kind()) {
        return part;
      }
    }
    throw new IllegalArgumentException(ref.fileName());
  }
}
